"""Keys of a policy that few use (design section 6, rule 15), checked: what `version.further` keeps of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from spartito.actions.rules import HOLDS
from spartito.strategies.fields import code_in, known_keys, one_of, several, whole, yes_no
from spartito.strategies.policy import PaymentTypeRule, StepRule
from spartito.strategies.policy_text import StrategyRefused

NO_LEAP_YEAR = 2001
RELEASES = ("at_once", "next_working_day")
# Whom a contact may be addressed to (domain 11.9): `customer` is what stands on the customer itself, `pec` the registered
# domicile. Our own people get copies instead.
ADDRESSEES = (
    "customer", "owner", "accounting", "finance", "invoices", "purchasing", "pec", "disputes", "lawyer", "liquidator",
    "guarantor", "site",
)  # fmt: skip
ROLES_ASKED = ("salesperson", "collector", "area_manager", "sales_manager", "credit_manager", "customer_care")


def further_keys(plain: Mapping[str, Any], steps: Sequence[StepRule]) -> dict[str, Any]:
    """Those of the keys that are given. Raises StrategyRefused."""
    found = {
        "quiet": _quiet(plain.get("quiet"), [step.code for step in steps]),
        "after_hold": _after_hold(plain.get("after_hold")),
        "release": "next_working_day" if one_of(plain, "release", RELEASES, "at_once") == "next_working_day" else "",
    }
    return {key: value for key, value in found.items() if value}


def further_step_keys(plain: Mapping[str, Any], *, channel: str, action: str, where: str) -> dict[str, Any]:
    """Those of a step, for its `params`. Raises StrategyRefused."""
    found = {
        "pay_by": _pay_by(plain, channel, where),
        "absorbs": _absorbs(plain, channel, where),
        "repeat_every": _repeat_every(plain, action, where),
        "approval": _approval(plain, channel, action, where),
        "consult": _consult(plain.get("consult"), channel, f"{where}consult: "),
        "to": _to(plain, channel, where),
    }
    return {key: value for key, value in found.items() if value is not None}


def _to(plain: Mapping[str, Any], channel: str, where: str) -> list[str] | None:
    """The roles it is addressed to, in order: the first with an address of the channel gets it."""
    if "to" not in plain:
        return None
    if not channel:
        raise StrategyRefused("%(where)sto: only of a contact", where=where)
    roles = several(plain, "to", ADDRESSEES, where)
    if not roles:
        raise StrategyRefused("%(where)sto: names nobody", where=where)
    for role in roles:
        if roles.count(role) > 1:
            raise StrategyRefused("%(where)sto: %(role)s is named twice", where=where, role=role)
    return list(roles)


def _pay_by(plain: Mapping[str, Any], channel: str, where: str) -> int | None:
    """Days from the contact to the date it prints."""
    if "pay_by" in plain and not channel:
        raise StrategyRefused("%(where)spay_by: only of a contact", where=where)
    found: int | None = whole(plain, "pay_by", None, low=1, high=365, where=where)
    return found


def _absorbs(plain: Mapping[str, Any], channel: str, where: str) -> bool | None:
    if "absorbs" in plain and channel != "phone":
        raise StrategyRefused("%(where)sabsorbs: only of channel phone", where=where)
    return None if yes_no(plain, "absorbs", True, where) else False


def _repeat_every(plain: Mapping[str, Any], action: str, where: str) -> int | None:
    """Days between two times of the last step."""
    if plain.get("repeat_every") is None:
        return None
    if action in ("order_block", "propose_legal"):
        raise StrategyRefused("%(where)srepeat_every: not of action %(action)s", where=where, action=action)
    if isinstance(plain.get("days"), int) and plain["days"] < 0:
        raise StrategyRefused("%(where)srepeat_every: only after the due date", where=where)
    return int(whole(plain, "repeat_every", None, low=1, high=365, where=where))


def _approval(plain: Mapping[str, Any], channel: str, action: str, where: str) -> str | None:
    if plain.get("approval") is None:
        return None
    if not channel and action != "propose_legal":
        raise StrategyRefused("%(where)sapproval: only of a contact or of action propose_legal", where=where)
    return one_of(plain, "approval", ("required",), "", where)


def templates_in(plain: Any, where: str) -> dict[str, str]:
    """What a payment type says instead of a step's template, by step."""
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)smust be a mapping such as {first: first_riba}", where=where)
    return {str(step): code_in(template, f"{where}{step}") for step, template in plain.items()}


def check_together(steps: Sequence[StepRule], payment_rules: Sequence[PaymentTypeRule]) -> None:
    """A code means one step, wherever it is written; templates are those of written steps. Raises StrategyRefused."""
    codes = [step.code for step in steps]
    for code in codes:
        if codes.count(code) > 1:
            raise StrategyRefused("step %(code)s: code: used by %(times)s steps", code=code, times=codes.count(code))
    written = {step.code for step in steps if step.channel not in ("", "phone")}
    for rule in payment_rules:
        for step in rule.templates:
            if step not in written:
                raise StrategyRefused(
                    "payment_types: %(code)s: templates: %(step)s is not a written step",
                    code=rule.payment_type,
                    step=step,
                )


def _consult(plain: Any, channel: str, where: str) -> dict[str, Any] | None:
    """Whose word a contact waits for, how many working days, what silence means, and the longest it may be put off."""
    if plain is None:
        return None
    if not channel:
        raise StrategyRefused("%(where)sonly of a contact", where=where)
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)smust be a mapping such as {who: salesperson, working_days: 2}", where=where)
    known_keys(plain, {"who", "working_days", "silence", "max_delay"}, where=where)
    return {
        "who": one_of(plain, "who", ROLES_ASKED, "salesperson", where),
        "working_days": whole(plain, "working_days", 2, low=1, high=20, where=where),
        "silence": one_of(plain, "silence", ("proceed", "wait"), "proceed", where),
        "max_delay": whole(plain, "max_delay", 7, low=1, high=60, where=where),
    }


def _after_hold(plain: Any) -> dict[str, int]:
    """Days that the next step waits after a hold of a kind."""
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise StrategyRefused("after_hold: must be a mapping such as {dispute: 10}")
    known_keys(plain, set(HOLDS), where="after_hold: ")
    return {kind: whole(plain, kind, 0, low=0, high=365, where="after_hold: ") for kind in plain}


def _quiet(plain: Any, codes: Sequence[str]) -> list[dict[str, str]]:
    """Periods of every year, as months and days; `max_step` '' lets no contact pass."""
    if plain is None:
        return []
    if not isinstance(plain, list):
        raise StrategyRefused("quiet: must be a list such as [{from: 08-08, to: 08-25, max_step: first}]")
    return [_quiet_period(each, f"quiet: period {number}: ", codes) for number, each in enumerate(plain, start=1)]


def _quiet_period(plain: Any, where: str, codes: Sequence[str]) -> dict[str, str]:
    if not isinstance(plain, dict):
        raise StrategyRefused(
            "%(where)smust be a mapping such as {from: 08-08, to: 08-25, max_step: first}", where=where
        )
    known_keys(plain, {"from", "to", "max_step"}, where=where)
    top = plain.get("max_step", "")
    if top not in ("", *codes):
        raise StrategyRefused("%(where)smax_step: %(given)r is not one of its steps", where=where, given=top)
    return {"from": _month_and_day(plain, "from", where), "to": _month_and_day(plain, "to", where), "max_step": top}


def _month_and_day(plain: Mapping[str, Any], key: str, where: str) -> str:
    given = plain.get(key)
    try:
        month, day = str(given).split("-")
        return f"{date(NO_LEAP_YEAR, int(month), int(day)):%m-%d}"
    except ValueError as wrong:
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)r is not a day of every year, such as 08-25", where=where, key=key, given=given
        ) from wrong
