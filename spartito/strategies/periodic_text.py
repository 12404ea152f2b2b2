"""`periodic` of a policy: texts sent once a period, checked, with the entry and the field named in a refusal."""

from collections.abc import Mapping, Sequence
from typing import Any

from spartito.strategies.conditions_text import condition_of
from spartito.strategies.facts import OF_ITEMS
from spartito.strategies.fields import code_in, known_keys, names_in, one_of, several, whole
from spartito.strategies.periods import MONTHS_OF
from spartito.strategies.policy import PeriodicRule, StepRule
from spartito.strategies.policy_text import StrategyRefused

WRITTEN = ("email", "pec", "letter", "registered_letter", "fax", "sms")
LISTS = ("open", "delays", "nothing")
COPIES = ("salesperson", "collector")
KEYS = {
    "code", "name", "every", "month", "day", "within", "channel", "fallback", "template", "copy_to", "lists", "when",
}  # fmt: skip
MOST = 20


def periodics_of(plain: Any, *, facts: Mapping[str, str]) -> tuple[PeriodicRule, ...]:
    """The entries of `periodic`. Raises StrategyRefused."""
    if plain is None:
        return ()
    if not isinstance(plain, list):
        raise StrategyRefused("periodic: must be a list such as [{code: statement, every: month, channel: email}]")
    if len(plain) > MOST:
        raise StrategyRefused("periodic: more than %(most)s", most=MOST)
    return tuple(_periodic(each, number, facts) for number, each in enumerate(plain, start=1))


def check_codes(periodics: Sequence[PeriodicRule], steps: Sequence[StepRule]) -> None:
    """A code means one thing in the whole text. Raises StrategyRefused."""
    used = {step.code for step in steps}
    for rule in periodics:
        if rule.code in used:
            raise StrategyRefused("periodic %(code)s: code: used twice in the text", code=rule.code)
        used.add(rule.code)


def _periodic(plain: Any, number: int, facts: Mapping[str, str]) -> PeriodicRule:
    if not isinstance(plain, dict):
        raise StrategyRefused(
            "periodic %(number)s: must be a mapping such as {code: statement, every: month, channel: email}",
            number=number,
        )
    code = code_in(plain.get("code"), f"periodic {number}: code")
    where = f"periodic {code}: "
    known_keys(plain, KEYS, where=where)
    every = one_of(plain, "every", tuple(MONTHS_OF), "", where)
    channel = one_of(plain, "channel", WRITTEN, "", where)
    for key, given in (("every", every), ("channel", channel)):
        if not given:
            raise StrategyRefused("%(where)s%(key)s: missing", where=where, key=key)
    return PeriodicRule(
        code=code,
        every=every,
        month=_month(plain, every, where),
        day=whole(plain, "day", 1, low=1, high=28, where=where),
        within=whole(plain, "within", 14, low=0, high=60, where=where),
        channel=channel,
        fallback=several(plain, "fallback", WRITTEN, where),
        template=code_in(plain.get("template", code), f"{where}template"),
        lists=one_of(plain, "lists", LISTS, "open", where),
        conditions=condition_of(plain.get("when"), facts=facts, where=f"{where}when", not_here=OF_ITEMS),
        params=_params(plain, where),
    )


def _month(plain: Mapping[str, Any], every: str, where: str) -> int:
    """Which month of the period; every month has only one."""
    if every == "month" and "month" in plain:
        raise StrategyRefused("%(where)smonth: only of a quarter or a year", where=where)
    found: int = whole(plain, "month", 1, low=1, high=MONTHS_OF[every], where=where)
    return found


def _params(plain: Mapping[str, Any], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "name" in plain:
        found["name_it"], found["name_en"] = names_in(plain["name"], "", f"{where}name")
    copies = several(plain, "copy_to", COPIES, where)
    return found | ({"copy_to": list(copies)} if copies else {})
