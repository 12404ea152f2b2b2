"""Changes to a policy's text that leave the rest as it was written: comments, order, spelling.

Pure: text in, text out. Whether the result is a policy is for `operations.check_policy` to say.
"""

import io
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from spartito.strategies.policy_text import StrategyRefused, read_policy_text

WIDEST = 10_000  # a step stays on its line


def with_values(source: str, *, values: Mapping[str, Any]) -> str:
    """The text with these keys of the policy itself; None takes a key away. Raises StrategyRefused."""
    return _changed(source, lambda policy: _set(policy, values))


def with_step(source: str, *, code: str, values: Mapping[str, Any]) -> str:
    """The text with these keys of one step; None takes a key away, new `days` move it. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        _set(_step(policy, code), values)
        _in_order_of_days(policy)

    return _changed(source, change)


def with_new_step(source: str, *, values: Mapping[str, Any]) -> str:
    """The text with one step more, where its days put it. Raises StrategyRefused."""

    def change(policy: CommentedMap) -> None:
        step = CommentedMap()
        _set(step, values)
        step.fa.set_flow_style()
        policy.setdefault("steps", []).append(step)
        _in_order_of_days(policy)

    return _changed(source, change)


def without_step(source: str, *, code: str) -> str:
    """The text without this step. Raises StrategyRefused."""
    return _changed(source, lambda policy: policy["steps"].remove(_step(policy, code)))


def with_step_moved(source: str, *, code: str, days: int, before: str = "") -> str:
    """The text with the step on another day; among steps of that day it stands before `before`, else last.

    Raises StrategyRefused.
    """

    def change(policy: CommentedMap) -> None:
        steps, step = policy["steps"], _step(policy, code)
        steps.remove(step)
        step["days"] = days
        place = steps.index(_step(policy, before)) if before else len(steps)
        steps.insert(place, step)
        _in_order_of_days(policy)

    return _changed(source, change)


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
    for key, value in values.items():
        if value is None:
            mapping.pop(key, None)
        elif key not in mapping or mapping[key] != value:
            mapping[key] = value


def _step(policy: CommentedMap, code: str) -> CommentedMap:
    for step in policy.get("steps") or []:
        if step.get("code") == code:
            return step  # type: ignore[no-any-return]
    raise StrategyRefused(_("no step is called %(code)s") % {"code": code})


def _in_order_of_days(policy: CommentedMap) -> None:
    """Steps stand by days; those of one day keep their order."""
    steps = policy["steps"]
    ordered = sorted(steps, key=lambda step: step["days"])
    if [id(step) for step in ordered] != [id(step) for step in steps]:
        for place, step in enumerate(ordered):
            steps[place] = step
