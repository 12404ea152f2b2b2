"""Changes to a policy's text that leave the rest as it was written: comments, order, spelling.

Pure: text in, text out. Whether the result is a policy is for `operations.check_policy` to say.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from spartito.strategies.policy_text import StrategyRefused, read_policy_text

WIDEST = 10_000  # a step stays on its line


def with_values(source: str, *, values: Mapping[str, Any]) -> str:
    """The text with these keys of the policy itself; None takes a key away. Raises StrategyRefused."""
    return _changed(source, lambda policy: _set(policy, values))


def with_step(source: str, *, code: str, values: Mapping[str, Any]) -> str:
    """The text with these keys of one step; None takes a key away, new `days` move it. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        steps, step = _step(policy, code)
        _set(step, values)
        _in_order_of_days(steps)

    return _changed(source, change)


def with_new_step(source: str, *, values: Mapping[str, Any], track: str = "") -> str:
    """The text with one step more, where its days put it in its track (see `Step.track`). Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        step = CommentedMap()
        _set(step, values)
        step.fa.set_flow_style()
        payment_type, _star, returned = track.partition("*")
        owner = _rule(policy, payment_type) if payment_type else policy
        steps = owner.setdefault("on_return" if returned else "steps", CommentedSeq())
        steps.append(step)
        _in_order_of_days(steps)

    return _changed(source, change)


def without_step(source: str, *, code: str) -> str:
    """The text without this step; a way beside the main one goes with its last step. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        steps, step = _step(policy, code)
        steps.remove(step)
        for owner, key in list(_tracks(policy)):
            if not owner[key] and (owner is not policy or key != "steps"):
                del owner[key]

    return _changed(source, change)


def with_step_moved(source: str, *, code: str, days: int, before: str = "") -> str:
    """The text with the step on another day; among steps of that day it stands before `before`, else last.

    Raises StrategyRefused.
    """

    def change(policy: CommentedMap) -> None:
        steps, step = _step(policy, code)
        steps.remove(step)
        step["days"] = days
        steps.insert(_place(policy, steps, before), step)
        _in_order_of_days(steps)

    return _changed(source, change)


def with_payment_type(source: str, *, code: str, values: Mapping[str, Any]) -> str:
    """The text with these keys of one payment type; None takes a key away, one without keys goes. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        rule = _rule(policy, code)
        _set(rule, values)
        if not rule:
            del policy["payment_types"][code]
        if not policy["payment_types"]:
            del policy["payment_types"]

    return _changed(source, change)


def with_text(source: str, *, code: str, values: Mapping[str, Any]) -> str:
    """The text with these keys of one entry of `periodic`; None takes a key away. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        _set(_text(policy, code), values)

    return _changed(source, change)


def with_new_text(source: str, *, values: Mapping[str, Any]) -> str:
    """The text with one entry of `periodic` more, the last. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        entry = CommentedMap()
        _set(entry, values)
        entry.fa.set_flow_style()
        policy.setdefault("periodic", CommentedSeq()).append(entry)

    return _changed(source, change)


def without_text(source: str, *, code: str) -> str:
    """The text without this entry of `periodic`. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        policy["periodic"].remove(_text(policy, code))
        if not policy["periodic"]:
            del policy["periodic"]

    return _changed(source, change)


def step_as_written(source: str, *, code: str) -> dict[str, Any]:
    """One step as the text writes it. Raises StrategyRefused."""
    return dict(_step(read_policy_text(source), code)[1])


def _changed(source: str, change: Callable[[CommentedMap], None]) -> str:
    read_policy_text(source)  # refuses what must not reach a reader that follows aliases
    editor = YAML()
    editor.width, editor.preserve_quotes = WIDEST, True
    editor.indent(mapping=2, sequence=4, offset=2)
    policy = editor.load(source)
    change(policy)
    target = io.StringIO()
    editor.dump(policy, target)
    return target.getvalue()


def _set(mapping: CommentedMap, values: Mapping[str, Any]) -> None:
    for key, given in values.items():
        value = _writable(given)
        if value is None:
            mapping.pop(key, None)
        elif key not in mapping or mapping[key] != value:
            mapping[key] = value


def _writable(value: Any) -> Any:
    """A value as the text can hold it: exact numbers with decimals as they are written."""
    if isinstance(value, Mapping):
        return {key: _writable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def _tracks(policy: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Where lists of steps stand in a text: (what they belong to, key)."""
    for owner in (policy, *(policy.get("payment_types") or {}).values()):
        yield from ((owner, key) for key in ("steps", "on_return") if key in owner)


def _step(policy: Mapping[str, Any], code: str) -> tuple[Any, Any]:
    """The list that a step stands in, and the step: a code means one step, wherever it is written."""
    for owner, key in _tracks(policy):
        for step in owner[key]:
            if step.get("code") == code:
                return owner[key], step
    raise StrategyRefused(_("no step is called %(code)s") % {"code": code})


def _text(policy: CommentedMap, code: str) -> Any:
    for entry in policy.get("periodic") or ():
        if entry.get("code") == code:
            return entry
    raise StrategyRefused(_("no text of the calendar is called %(code)s") % {"code": code})


def _place(policy: CommentedMap, steps: Any, before: str) -> int:
    if not before:
        return len(steps)
    others, target = _step(policy, before)
    if others is not steps:
        raise StrategyRefused(_("step %(code)s belongs to another way: a step stays on its own") % {"code": before})
    return int(steps.index(target))


def _rule(policy: CommentedMap, payment_type: str) -> CommentedMap:
    rules = policy.setdefault("payment_types", CommentedMap())
    if payment_type not in rules:
        rules[payment_type] = CommentedMap()
        rules[payment_type].fa.set_flow_style()
    return rules[payment_type]  # type: ignore[no-any-return]


def _in_order_of_days(steps: Any) -> None:
    """Steps stand by days; those of one day keep their order."""
    ordered = sorted(steps, key=lambda step: step["days"])
    if [id(step) for step in ordered] != [id(step) for step in steps]:
        for place, step in enumerate(ordered):
            steps[place] = step
