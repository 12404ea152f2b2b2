"""What a policy may say: every key of design section 6 checked, with the step and the field named in a refusal.

Pure: `policy_of` turns plain data (see `policy_text`) into a `Policy`. A key that comes with a later issue is refused
by name, never ignored.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from spartito.access.profiles import WORKING
from spartito.actions.rules import NEXT_STEP, RETRY
from spartito.strategies.conditions_text import condition_of
from spartito.strategies.education_text import education_of
from spartito.strategies.facts import OF_ITEMS
from spartito.strategies.fields import amount, code_in, known_keys, names_in, one_of, several, whole, yes_no
from spartito.strategies.further import check_together, further_keys, further_step_keys, templates_in
from spartito.strategies.outcomes_text import check_targets, outcomes_of
from spartito.strategies.periodic_text import WRITTEN, check_codes, periodics_of
from spartito.strategies.policy import PaymentTypeRule, Policy, StepRule
from spartito.strategies.policy_text import StrategyRefused

CHANNELS = (*WRITTEN, "phone")
ACTIONS = ("order_block", "propose_legal", "task", "notify")
ROLES = {"collector", *WORKING}
COPIES = ("salesperson", "collector")
INCLUDES = ("late_interest", "recovery_fee")
MOST_STEPS = 60

TOP_KEYS = {
    "strategy", "name", "default", "priority", "applies_to", "minimum_overdue", "minimum_item", "contact_limit",
    "days_between_steps", "catch_up", "task_patience", "on_broken_promise", "bank_lag", "absorb_lower", "steps",
    "payment_types", "quiet", "on_return", "after_hold", "release", "periodic", "education",
}  # fmt: skip
STEP_KEYS = {
    "code", "name", "days", "channel", "action", "template", "assign_to", "copy_to", "fallback", "include", "must",
    "min_days", "pay_by", "conditions", "level", "kind", "outcomes", "absorbs", "repeat_every", "approval", "consult",
    "to", "notify",
}  # fmt: skip
PAYMENT_KEYS = {"start_after", "shift_days", "dunnable", "steps", "on_return", "templates"}


def policy_of(plain: Mapping[str, Any], *, facts: Mapping[str, str]) -> Policy:
    """The policy that plain data describes; `facts` maps the names conditions may use to their type.

    Raises StrategyRefused with the step and field named.
    """
    known_keys(plain, TOP_KEYS, where="")
    code = code_in(plain.get("strategy"), "strategy")
    name_it, name_en = names_in(plain.get("name"), code, "name")
    limit = _contact_limit(plain.get("contact_limit"))
    steps = _steps(plain.get("steps"), facts)
    on_return = _steps(plain["on_return"], facts, "on_return") if "on_return" in plain else ()
    payment_rules = _payment_rules(plain.get("payment_types"), facts)
    every = [*steps, *on_return, *(step for rule in payment_rules for step in (*rule.steps, *rule.on_return))]
    check_together(every, payment_rules)
    periodics = periodics_of(plain.get("periodic"), facts=facts)
    check_codes(periodics, every)
    return Policy(
        code=code,
        name_it=name_it,
        name_en=name_en,
        steps=steps,
        priority=whole(plain, "priority", 100, low=0, high=1_000_000),
        applies_to=condition_of(plain.get("applies_to"), facts=facts, where="applies_to", not_here=OF_ITEMS),
        is_default=yes_no(plain, "default", None),
        minimum_overdue=amount(plain, "minimum_overdue"),
        minimum_item=amount(plain, "minimum_item"),
        contact_max=limit[0],
        contact_days=limit[1],
        days_between_steps=whole(plain, "days_between_steps", 7, low=0, high=365),
        catch_up=one_of(plain, "catch_up", ("one_by_one", "jump_to_latest"), "one_by_one"),
        task_patience=whole(plain, "task_patience", 10, low=0, high=365),
        on_broken_promise=_broken_promise(plain, [step.code for step in steps]),
        bank_lag=whole(plain, "bank_lag", 0, low=0, high=30),
        absorb_lower=whole(plain, "absorb_lower", 0, low=0, high=365),
        payment_rules=payment_rules,
        further=further_keys(plain, every) | _education(plain, facts),
        on_return=on_return,
        periodics=periodics,
    )


def _education(plain: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    found = education_of(plain.get("education"), facts=facts)
    return {"education": found} if found else {}


def _steps(plain: Any, facts: Mapping[str, str], where: str = "steps") -> tuple[StepRule, ...]:
    if not isinstance(plain, list) or not plain:
        raise StrategyRefused("%(where)s: at least one step is needed", where=where)
    if len(plain) > MOST_STEPS:
        raise StrategyRefused("%(where)s: more than %(most)s", where=where, most=MOST_STEPS)
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
    for step in steps[:-1]:
        if "repeat_every" in step.params:
            raise StrategyRefused("step %(code)s: repeat_every: only of the last step", code=step.code)
    check_targets(steps)
    return steps


def _step(plain: Any, number: int, facts: Mapping[str, str]) -> StepRule:
    if not isinstance(plain, dict):
        raise StrategyRefused(
            "step %(number)s: must be a mapping such as {code: first, days: 5, channel: email}", number=number
        )
    code = _code(plain.get("code"), f"step {number}: code")
    where = f"step {code}: "
    known_keys(plain, STEP_KEYS, where=where)
    if "days" not in plain:
        raise StrategyRefused("%(where)sdays: missing", where=where)
    channel = one_of(plain, "channel", CHANNELS, "", where)
    action = one_of(plain, "action", ACTIONS, "", where)
    if bool(channel) == bool(action):
        raise StrategyRefused("%(where)schannel: a step has either a channel or an action", where=where)
    return StepRule(
        code=code,
        days=whole(plain, "days", 0, low=-365, high=3650, where=where),
        channel=channel,
        action=action,
        template=_template(plain, channel, code, where),
        assign_to=one_of(plain, "assign_to", sorted(ROLES), "", where),
        fallback=several(plain, "fallback", WRITTEN, where) if channel in WRITTEN else _not_here(plain, "fallback", where),
        must=bool(yes_no(plain, "must", False, where)),
        min_days=whole(plain, "min_days", None, low=0, high=3650, where=where),
        conditions=condition_of(plain.get("conditions"), facts=facts, where=f"{where}conditions"),
        params=_params(plain, channel, action, where),
    )  # fmt: skip


def _code(given: Any, where: str) -> str:
    """A step's code, which none of the words that outcomes use for what comes next may be."""
    if given in (NEXT_STEP, RETRY):
        raise StrategyRefused("%(where)s: %(given)s has a meaning of its own in outcomes", where=where, given=given)
    return code_in(given, where)


def _params(plain: Mapping[str, Any], channel: str, action: str, where: str) -> dict[str, Any]:
    """What the rooms that carry the step out read: kept as given, checked here."""
    is_written = channel in WRITTEN
    found: dict[str, Any] = {}
    if "name" in plain:
        found["name_it"], found["name_en"] = names_in(plain["name"], "", f"{where}name")
    if action == "order_block":
        found["level"] = whole(plain, "level", None, low=1, high=5, where=where)
        if found["level"] is None:
            raise StrategyRefused("%(where)slevel: an order block needs a level from 1 to 5", where=where)
    elif "level" in plain:
        raise StrategyRefused("%(where)slevel: only of action order_block", where=where)
    if "kind" in plain:
        if action != "task":
            raise StrategyRefused("%(where)skind: only of action task", where=where)
        found["kind"] = one_of(
            plain, "kind", ("internal", "find_contact", "review", "payment_check"), "internal", where
        )
    for key, allowed in (("copy_to", COPIES), ("include", INCLUDES)):
        if is_written:
            values = several(plain, key, allowed, where)
            if values:
                found[key] = list(values)
        else:
            _not_here(plain, key, where)
    if "notify" in plain:
        found["notify"] = _notified(plain, action, where)
    if "outcomes" in plain:
        found["outcomes"] = _outcomes(plain["outcomes"], is_written or action == "order_block", where)
    return found | further_step_keys(plain, channel=channel, action=action, where=where)


def _notified(plain: Mapping[str, Any], action: str, where: str) -> list[str]:
    """The roles that get a notice each; without them it is one, for who the step is assigned to."""
    if action != "notify":
        raise StrategyRefused("%(where)snotify: only of action notify, or of an outcome", where=where)
    if "assign_to" in plain:
        raise StrategyRefused("%(where)snotify: does not go with assign_to: it says who is told", where=where)
    roles = several(plain, "notify", sorted(ROLES), where)
    if not roles:
        raise StrategyRefused("%(where)snotify: names nobody", where=where)
    return list(dict.fromkeys(roles))


def _outcomes(plain: Any, is_nobodys_task: bool, where: str) -> dict[str, dict[str, Any]]:
    if is_nobodys_task:
        raise StrategyRefused("%(where)soutcomes: only of a step that makes a task", where=where)
    return outcomes_of(plain, roles=sorted(ROLES), where=where)


def _not_here(plain: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    if key in plain:
        raise StrategyRefused("%(where)s%(key)s: only of a written contact", where=where, key=key)
    return ()


def _template(plain: Mapping[str, Any], channel: str, code: str, where: str) -> str:
    """The template's code; a written contact without one uses the template called like the step."""
    given = plain.get("template")
    if channel in ("", "phone"):
        return "" if given is None else code_in(given, f"{where}template")
    return code_in(code if given is None else given, f"{where}template")


def _contact_limit(plain: Any) -> tuple[int | None, int | None]:
    if plain is None:
        return None, None
    if not isinstance(plain, dict):
        raise StrategyRefused("contact_limit: must be {max: 2, days: 7}")
    known_keys(plain, {"max", "days"}, where="contact_limit: ")
    for key in ("max", "days"):
        if key not in plain:
            raise StrategyRefused("contact_limit: %(key)s: missing", key=key)
    return (
        whole(plain, "max", None, low=1, high=100, where="contact_limit: "),
        whole(plain, "days", None, low=1, high=365, where="contact_limit: "),
    )


def _broken_promise(plain: Mapping[str, Any], codes: Sequence[str]) -> str:
    given = plain.get("on_broken_promise", NEXT_STEP)
    if given != NEXT_STEP and given not in codes:
        raise StrategyRefused("on_broken_promise: %(given)r is neither next_step nor one of its steps", given=given)
    return str(given)


def _payment_rules(plain: Any, facts: Mapping[str, str]) -> tuple[PaymentTypeRule, ...]:
    if plain is None:
        return ()
    if not isinstance(plain, dict):
        raise StrategyRefused("payment_types: must be a mapping by payment type")
    return tuple(_payment_rule(str(code), rule, facts) for code, rule in plain.items())


def _payment_rule(code: str, plain: Any, facts: Mapping[str, str]) -> PaymentTypeRule:
    where = f"payment_types: {code}: "
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)smust be a mapping such as {start_after: returned}", where=where)
    known_keys(plain, PAYMENT_KEYS, where=where)
    return PaymentTypeRule(
        payment_type=code,
        start_after=one_of(plain, "start_after", ("returned",), "", where),
        shift_days=whole(plain, "shift_days", 0, low=-365, high=365, where=where),
        is_dunnable=bool(yes_no(plain, "dunnable", True, where)),
        steps=_steps(plain["steps"], facts, f"{where}steps") if "steps" in plain else (),
        on_return=_steps(plain["on_return"], facts, f"{where}on_return") if "on_return" in plain else (),
        templates=templates_in(plain.get("templates"), f"{where}templates: "),
    )
