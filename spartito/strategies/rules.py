"""What a policy may say: every key of design section 6 checked, with the step and the field named in a refusal.

Pure: `policy_of` turns plain data (see `policy_text`) into a `Policy`; `condition_of` normalises conditions. A key
that comes with a later issue is refused by name, never ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from spartito.access.profiles import PROFILES
from spartito.strategies.policy_text import StrategyRefused

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}\Z")
CHANNELS = ("email", "pec", "letter", "registered_letter", "fax", "sms", "phone")
ACTIONS = ("order_block", "propose_legal", "task", "notify")
ROLES = {"collector", *PROFILES}
COPIES = ("salesperson", "collector")
INCLUDES = ("late_interest", "recovery_fee")
OUTCOMES = ("DONE", "POST")
MOST_STEPS = 60

TOP_KEYS = {
    "strategy", "name", "default", "priority", "applies_to", "minimum_overdue", "minimum_item", "contact_limit",
    "days_between_steps", "catch_up", "task_patience", "on_broken_promise", "bank_lag", "absorb_lower", "steps",
    "payment_types",
}  # fmt: skip
STEP_KEYS = {
    "code", "name", "days", "channel", "action", "template", "assign_to", "copy_to", "fallback", "include", "must",
    "min_days", "pay_by", "conditions", "level", "kind", "outcomes",
}  # fmt: skip
PAYMENT_KEYS = {"start_after", "shift_days", "dunnable"}
LATER = {
    "quiet", "periodic", "campaigns", "on_return", "after_hold", "release", "consult", "approval", "absorbs",
    "must_arrive", "repeat_every", "to", "notify", "steps", "templates", "currency",
}  # fmt: skip
BY_TYPE = {
    "amount": {">=", ">", "<=", "<", "=", "!="},
    "number": {">=", ">", "<=", "<", "=", "!="},
    "text": {"in", "not in"},
    "yes_no": {"="},
}


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step; `conditions` in the form of `condition_of`, `params` the keys that the carrying out reads."""

    code: str
    days: int
    channel: str = ""
    action: str = ""
    template: str = ""
    assign_to: str = ""
    fallback: tuple[str, ...] = ()
    must: bool = False
    min_days: int | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentTypeRule:
    payment_type: str
    start_after: str = ""
    shift_days: int = 0
    is_dunnable: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. Amounts in the tenant's currency; `is_default` None = not said."""

    code: str
    name_it: str
    name_en: str
    steps: tuple[StepRule, ...]
    priority: int = 100
    applies_to: Mapping[str, Any] = field(default_factory=dict)
    is_default: bool | None = None
    minimum_overdue: Decimal = Decimal(0)
    minimum_item: Decimal = Decimal(0)
    contact_max: int | None = None
    contact_days: int | None = None
    days_between_steps: int = 7
    catch_up: str = "one_by_one"
    task_patience: int = 10
    on_broken_promise: str = "next_step"
    bank_lag: int = 0
    absorb_lower: int = 0
    payment_rules: tuple[PaymentTypeRule, ...] = ()


def policy_of(plain: Mapping[str, Any], *, facts: Mapping[str, str]) -> Policy:
    """The policy that plain data describes; `facts` maps the names conditions may use to their type.

    Raises StrategyRefused with the step and field named.
    """
    _known_keys(plain, TOP_KEYS, where="")
    code = _code(plain.get("strategy"), "strategy")
    name_it, name_en = _names(plain.get("name"), code, "name")
    limit = _contact_limit(plain.get("contact_limit"))
    return Policy(
        code=code,
        name_it=name_it,
        name_en=name_en,
        steps=_steps(plain.get("steps"), facts),
        priority=_whole(plain, "priority", 100, low=0, high=1_000_000),
        applies_to=condition_of(plain.get("applies_to"), facts=facts, where="applies_to"),
        is_default=_yes_no(plain, "default", None),
        minimum_overdue=_amount(plain, "minimum_overdue"),
        minimum_item=_amount(plain, "minimum_item"),
        contact_max=limit[0],
        contact_days=limit[1],
        days_between_steps=_whole(plain, "days_between_steps", 7, low=0, high=365),
        catch_up=_one_of(plain, "catch_up", ("one_by_one", "jump_to_latest"), "one_by_one"),
        task_patience=_whole(plain, "task_patience", 10, low=0, high=365),
        on_broken_promise=_broken_promise(plain),
        bank_lag=_whole(plain, "bank_lag", 0, low=0, high=30),
        absorb_lower=_whole(plain, "absorb_lower", 0, low=0, high=365),
        payment_rules=_payment_rules(plain.get("payment_types")),
    )


def _steps(plain: Any, facts: Mapping[str, str]) -> tuple[StepRule, ...]:
    if not isinstance(plain, list) or not plain:
        raise StrategyRefused("steps: at least one step is needed")
    if len(plain) > MOST_STEPS:
        raise StrategyRefused("steps: more than %(most)s", most=MOST_STEPS)
    steps = tuple(_step(each, number, facts) for number, each in enumerate(plain, start=1))
    for before, after in pairwise(steps):
        if after.days < before.days:
            raise StrategyRefused(
                "step %(code)s: days: %(days)s comes after %(before_days)s of step %(before_code)s",
                code=after.code,
                days=after.days,
                before_days=before.days,
                before_code=before.code,
            )
    codes = [step.code for step in steps]
    for code in codes:
        if codes.count(code) > 1:
            raise StrategyRefused("step %(code)s: code: used by %(times)s steps", code=code, times=codes.count(code))
    return steps


def _step(plain: Any, number: int, facts: Mapping[str, str]) -> StepRule:
    if not isinstance(plain, dict):
        raise StrategyRefused(
            "step %(number)s: must be a mapping such as {code: first, days: 5, channel: email}", number=number
        )
    code = _code(plain.get("code"), f"step {number}: code")
    where = f"step {code}: "
    _known_keys(plain, STEP_KEYS, where=where)
    if "days" not in plain:
        raise StrategyRefused("%(where)sdays: missing", where=where)
    channel = _one_of(plain, "channel", CHANNELS, "", where)
    action = _one_of(plain, "action", ACTIONS, "", where)
    if bool(channel) == bool(action):
        raise StrategyRefused("%(where)schannel: a step has either a channel or an action", where=where)
    _outcomes(plain.get("outcomes"), where)
    return StepRule(
        code=code,
        days=_whole(plain, "days", 0, low=-365, high=3650, where=where),
        channel=channel,
        action=action,
        template=_template(plain, channel, code, where),
        assign_to=_one_of(plain, "assign_to", sorted(ROLES), "", where),
        fallback=_several(plain, "fallback", [c for c in CHANNELS if c != "phone"], where) if channel else _not_here(plain, "fallback", where),
        must=bool(_yes_no(plain, "must", False, where)),
        min_days=_whole(plain, "min_days", None, low=0, high=3650, where=where),
        conditions=condition_of(plain.get("conditions"), facts=facts, where=f"{where}conditions"),
        params=_params(plain, channel, action, where),
    )  # fmt: skip


def _params(plain: Mapping[str, Any], channel: str, action: str, where: str) -> dict[str, Any]:
    """What the rooms that carry the step out read: kept as given, checked here."""
    is_written = bool(channel) and channel != "phone"
    found: dict[str, Any] = {}
    if "name" in plain:
        found["name_it"], found["name_en"] = _names(plain["name"], "", f"{where}name")
    if action == "order_block":
        found["level"] = _whole(plain, "level", None, low=1, high=5, where=where)
        if found["level"] is None:
            raise StrategyRefused("%(where)slevel: an order block needs a level from 1 to 5", where=where)
    elif "level" in plain:
        raise StrategyRefused("%(where)slevel: only of action order_block", where=where)
    if "kind" in plain:
        if action != "task":
            raise StrategyRefused("%(where)skind: only of action task", where=where)
        found["kind"] = _one_of(
            plain, "kind", ("internal", "find_contact", "review", "payment_check"), "internal", where
        )
    for key, allowed in (("copy_to", COPIES), ("include", INCLUDES)):
        if is_written:
            values = _several(plain, key, allowed, where)
            if values:
                found[key] = list(values)
        else:
            _not_here(plain, key, where)
    if "pay_by" in plain:
        if not channel:
            raise StrategyRefused("%(where)spay_by: only of a contact", where=where)
        found["pay_by"] = _whole(plain, "pay_by", None, low=1, high=365, where=where)
    return found


def _not_here(plain: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    if key in plain:
        raise StrategyRefused("%(where)s%(key)s: only of a written contact", where=where, key=key)
    return ()


def _template(plain: Mapping[str, Any], channel: str, code: str, where: str) -> str:
    """The template's code; a written contact without one uses the template called like the step."""
    given = plain.get("template")
    if channel in ("", "phone"):
        return "" if given is None else _code(given, f"{where}template")
    return _code(code if given is None else given, f"{where}template")


def _outcomes(plain: Any, where: str) -> None:
    """Done and postponed need nothing said; what a strategy may say of other outcomes comes later."""
    if plain is None:
        return
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)soutcomes: must be a mapping by outcome code", where=where)
    for code, consequence in plain.items():
        if code not in OUTCOMES:
            raise StrategyRefused(
                "%(where)soutcomes: %(code)s is not supported yet (only %(known)s)",
                where=where,
                code=code,
                known=", ".join(OUTCOMES),
            )
        if consequence:
            raise StrategyRefused(
                "%(where)soutcomes: %(code)s: %(key)s is not supported yet",
                where=where,
                code=code,
                key=_first_key(consequence),
            )


def _first_key(consequence: Any) -> str:
    return str(next(iter(consequence))) if isinstance(consequence, dict) else repr(consequence)


def _contact_limit(plain: Any) -> tuple[int | None, int | None]:
    if plain is None:
        return None, None
    if not isinstance(plain, dict):
        raise StrategyRefused("contact_limit: must be {max: 2, days: 7}")
    _known_keys(plain, {"max", "days"}, where="contact_limit: ")
    for key in ("max", "days"):
        if key not in plain:
            raise StrategyRefused("contact_limit: %(key)s: missing", key=key)
    return (
        _whole(plain, "max", None, low=1, high=100, where="contact_limit: "),
        _whole(plain, "days", None, low=1, high=365, where="contact_limit: "),
    )


def _broken_promise(plain: Mapping[str, Any]) -> str:
    given = plain.get("on_broken_promise", "next_step")
    if given != "next_step":
        raise StrategyRefused("on_broken_promise: %(given)r is not supported yet (only next_step)", given=given)
    return "next_step"


def _payment_rules(plain: Any) -> tuple[PaymentTypeRule, ...]:
    if plain is None:
        return ()
    if not isinstance(plain, dict):
        raise StrategyRefused("payment_types: must be a mapping by payment type")
    return tuple(_payment_rule(str(code), rule) for code, rule in plain.items())


def _payment_rule(code: str, plain: Any) -> PaymentTypeRule:
    where = f"payment_types: {code}: "
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)smust be a mapping such as {start_after: returned}", where=where)
    _known_keys(plain, PAYMENT_KEYS, where=where)
    return PaymentTypeRule(
        payment_type=code,
        start_after=_one_of(plain, "start_after", ("returned",), "", where),
        shift_days=_whole(plain, "shift_days", 0, low=-365, high=365, where=where),
        is_dunnable=bool(_yes_no(plain, "dunnable", True, where)),
    )


# --- conditions ------------------------------------------------------------------------------------------


def condition_of(plain: Any, *, facts: Mapping[str, str], where: str) -> dict[str, Any]:
    """Normal form: {} (always), {all: […]}, {any: […]}, {not: …} or a leaf {fact, operator, value}.

    Written as {overdue: {">=": 1000}}, {rating: [A, B]}, {is_consumer: yes}, {any: [{…}, {…}]}, {not: {…}}.
    """
    if plain is None or plain == {}:
        return {}
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)s: must be a mapping of facts", where=where)
    parts: list[dict[str, Any]] = []
    for key, value in plain.items():
        if key in ("all", "any"):
            if not isinstance(value, list) or not value:
                raise StrategyRefused("%(where)s: %(key)s: must be a list of conditions", where=where, key=key)
            parts.append({key: [condition_of(each, facts=facts, where=where) for each in value]})
        elif key == "not":
            parts.append({"not": condition_of(value, facts=facts, where=where)})
        else:
            parts.extend(_leaves(key, value, facts, where))
    return parts[0] if len(parts) == 1 else {"all": parts}


def _leaves(fact: Any, value: Any, facts: Mapping[str, str], where: str) -> list[dict[str, Any]]:
    if fact not in facts:
        raise StrategyRefused(
            "%(where)s: %(fact)s: not a known fact (known: %(known)s)",
            where=where,
            fact=fact,
            known=", ".join(sorted(facts)),
        )
    kind, where = facts[fact], f"{where}: {fact}"
    if isinstance(value, dict):
        if not value:
            raise StrategyRefused("%(where)s: nothing is asked of it", where=where)
        return [_leaf(fact, str(operator), each, kind, where) for operator, each in value.items()]
    return [_leaf(fact, "in" if kind == "text" else "=", value, kind, where)]


def _leaf(fact: str, operator: str, value: Any, kind: str, where: str) -> dict[str, Any]:
    if kind == "text" and operator in ("=", "!="):
        operator = "in" if operator == "=" else "not in"
    if operator not in BY_TYPE[kind]:
        raise StrategyRefused(
            "%(where)s: %(operator)r cannot be asked of it (can be: %(known)s)",
            where=where,
            operator=operator,
            known=", ".join(sorted(BY_TYPE[kind])),
        )
    if kind in ("amount", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise StrategyRefused("%(where)s: %(value)r is not a number", where=where, value=value)
        return {"fact": fact, "operator": operator, "value": f"{Decimal(value):f}"}
    if kind == "yes_no":
        if not isinstance(value, bool):
            raise StrategyRefused("%(where)s: %(value)r is neither true nor false", where=where, value=value)
        return {"fact": fact, "operator": operator, "value": value}
    values = value if isinstance(value, list) else [value]
    if not values or any(isinstance(v, (dict, list, bool)) or v is None for v in values):
        raise StrategyRefused("%(where)s: must be a list of codes", where=where)
    return {"fact": fact, "operator": operator, "value": [str(v) for v in values]}


# --- fields ----------------------------------------------------------------------------------------------


def _known_keys(plain: Mapping[Any, Any], known: set[str], *, where: str) -> None:
    for key in plain:
        if key in known:
            continue
        if key in LATER:
            raise StrategyRefused("%(where)s%(key)s: not supported yet", where=where, key=key)
        raise StrategyRefused("%(where)s%(key)s: not a known key", where=where, key=key)


def _code(given: Any, where: str) -> str:
    if not isinstance(given, str) or not CODE.match(given):
        raise StrategyRefused(
            "%(where)s: %(given)r is not a code (a letter, then letters, digits, _ or -, 60 at most)",
            where=where,
            given=given,
        )
    return given


def _names(given: Any, code: str, where: str) -> tuple[str, str]:
    if given is None:
        return code, code
    if isinstance(given, str) and given.strip():
        return given[:120], given[:120]
    if (
        isinstance(given, dict)
        and given
        and set(given) <= {"it", "en"}
        and all(isinstance(v, str) and v for v in given.values())
    ):
        it, en = given.get("it", ""), given.get("en", "")
        return (it or en)[:120], (en or it)[:120]
    raise StrategyRefused("%(where)s: must be text, or {it: …, en: …}", where=where)


def _whole(plain: Mapping[str, Any], key: str, missing: Any, *, low: int, high: int, where: str = "") -> Any:
    given = plain.get(key)
    if given is None:
        return missing
    if isinstance(given, bool) or not isinstance(given, int):
        raise StrategyRefused("%(where)s%(key)s: %(given)r is not a whole number", where=where, key=key, given=given)
    if not low <= given <= high:
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)s is not between %(low)s and %(high)s",
            where=where,
            key=key,
            given=given,
            low=low,
            high=high,
        )
    return given


def _amount(plain: Mapping[str, Any], key: str) -> Decimal:
    given = plain.get(key)
    if given is None:
        return Decimal(0)
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        raise StrategyRefused("%(key)s: %(given)r is not an amount", key=key, given=given)
    amount = Decimal(given)
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12 or amount != amount.quantize(Decimal("0.01")):
        raise StrategyRefused(
            "%(key)s: %(given)s is not an amount with at most two decimals, 0 or more", key=key, given=given
        )
    return amount


def _yes_no(plain: Mapping[str, Any], key: str, missing: bool | None, where: str = "") -> bool | None:
    given = plain.get(key)
    if given is not None and not isinstance(given, bool):
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)r is neither true nor false", where=where, key=key, given=given
        )
    return missing if given is None else given


def _one_of(plain: Mapping[str, Any], key: str, allowed: Any, missing: str, where: str = "") -> str:
    given = plain.get(key)
    if given is None:
        return missing
    if given not in allowed:
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)r is not one of %(known)s",
            where=where,
            key=key,
            given=given,
            known=", ".join(allowed),
        )
    return str(given)


def _several(plain: Mapping[str, Any], key: str, allowed: Any, where: str) -> tuple[str, ...]:
    given = plain.get(key)
    if given is None:
        return ()
    for each in given if isinstance(given, list) else [given]:
        if each not in allowed:
            raise StrategyRefused(
                "%(where)s%(key)s: %(each)r is not one of %(known)s",
                where=where,
                key=key,
                each=each,
                known=", ".join(allowed),
            )
    return tuple(given if isinstance(given, list) else [given])
