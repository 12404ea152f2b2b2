"""What changes from one policy to another, key by key: for the page that compares two versions."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from spartito.strategies.policy import Policy

NOT_COMPARED = {"code", "steps", "payment_rules", "periodics"}


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
    payment_types = _parts("payment_type", "payment_type", before.payment_rules, after.payment_rules)
    periodics = _parts("periodic", "code", before.periodics, after.periodics)
    return [*own, *payment_types, *_parts("step", "code", before.steps, after.steps), *periodics]


def _parts(part: str, name: str, before: Any, after: Any) -> Iterator[Difference]:
    old = {getattr(each, name): asdict(each) for each in before}
    new = {getattr(each, name): asdict(each) for each in after}
    for code, values in new.items():
        if code not in old:
            yield Difference("added", part, code, after=values)
        else:
            yield from _keys(part, code, old[code], values, {name})
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
    """The further keys of a step (`params`) stand beside its own."""
    return {key: value for key, value in values.items() if key != "params"} | dict(values.get("params") or {})
