"""What changes from one policy to another, key by key: for the page that compares two versions."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from spartito.strategies.policy import PaymentTypeRule, Policy, StepRule

NOT_COMPARED = {"code", "steps", "on_return", "payment_rules", "periodics"}  # one by one instead


@dataclass(frozen=True, slots=True)
class Difference:
    """`part` is "", "step", "payment_type" or "periodic"; `code` names the step, type or text; `key` is empty where all of it is meant."""

    kind: Literal["added", "removed", "changed"]
    part: str
    code: str
    key: str = ""
    before: Any = None
    after: Any = None


def differences(before: Policy, after: Policy) -> list[Difference]:
    """The policy's own keys first, then payment types, steps in the order of the newer text, periodic texts."""
    own = _keys("", "", asdict(before), asdict(after), NOT_COMPARED)
    rules = [[each for each in policy.payment_rules if _says_something(each)] for policy in (before, after)]
    payment_types = _parts("payment_type", "payment_type", *rules)
    periodics = _parts("periodic", "code", before.periodics, after.periodics)
    return [*own, *payment_types, *_parts("step", "code", _steps(before), _steps(after)), *periodics]


def _steps(policy: Policy) -> list[StepRule]:
    """Those of every way: a code means one step in the whole text."""
    return [step for steps in policy.tracks().values() for step in steps]


def _says_something(rule: PaymentTypeRule) -> bool:
    """Whether a payment type says more than steps, which are compared as steps."""
    return replace(rule, steps=(), on_return=()) != PaymentTypeRule(rule.payment_type)


def _parts(part: str, name: str, before: Any, after: Any) -> Iterator[Difference]:
    old = {getattr(each, name): asdict(each) for each in before}
    new = {getattr(each, name): asdict(each) for each in after}
    for code, values in new.items():
        if code not in old:
            yield Difference("added", part, code, after=values)
        else:
            yield from _keys(part, code, old[code], values, {name, "steps", "on_return"})
    for code, values in old.items():
        if code not in new:
            yield Difference("removed", part, code, before=values)


def _keys(
    part: str, code: str, before: Mapping[str, Any], after: Mapping[str, Any], left_out: set[str]
) -> Iterator[Difference]:
    for key, value in _flat(after).items():
        if key not in left_out and (old := _flat(before).get(key)) != value:
            yield Difference("changed", part, code, key, old, value)
    for key, value in _flat(before).items():
        if key not in left_out and key not in _flat(after):
            yield Difference("changed", part, code, key, value, None)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """The further keys of a step (`params`) and of the policy stand beside its own."""
    further = {"params", "further"}
    own = {key: value for key, value in values.items() if key not in further}
    return own | {key: value for each in further for key, value in (values.get(each) or {}).items()}
