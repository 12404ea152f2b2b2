"""The comparisons behind a decision, one by one: what each asks, what the fact is now, whether it holds.

Read through the same compiled SQL that decides (`conditions.Compiled`): an explanation cannot disagree with the engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spartito.platform.connection import connection
from spartito.strategies.conditions import Compiled, asks_for_items
from spartito.strategies.models import Enrolment, Step


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of a condition: `asked` as in the condition's normal form, `value` what the fact is on the day."""

    fact: str
    operator: str
    asked: Any
    value: Any
    holds: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """What a step asks (None: what its strategy asks of whom it is for), leaf by leaf, and whether the whole holds."""

    step: Step | None
    condition: Mapping[str, Any]
    leaves: tuple[Leaf, ...]
    holds: bool


def conditions_of(*, account: int, as_of: date) -> list[Condition]:
    """For whom the version is that an account follows (`step` None), and each of its steps with a condition, in order.

    Without the steps that ask something of each document: they hold for some and not for others. Internal: doors check
    who asks.
    """
    followed = Enrolment.objects.filter(account=account).select_related("version").first()
    if followed is None or followed.version is None:
        return []
    version = followed.version
    asking = version.steps.exclude(conditions={}).order_by("position")
    steps = [step for step in asking if not asks_for_items(step.conditions)]
    asked: list[tuple[Step | None, Mapping[str, Any]]] = [(None, version.applies_to)] if version.applies_to else []
    asked += [(step, step.conditions) for step in steps]
    read = _read(account, [condition for _step, condition in asked], as_of)
    return [Condition(step, condition, *found) for (step, condition), found in zip(asked, read, strict=True)]


def _read(account: int, conditions: Sequence[Mapping[str, Any]], as_of: date) -> list[tuple[tuple[Leaf, ...], bool]]:
    """The leaves of each condition and whether the whole holds: one statement for all of them."""
    if not conditions:
        return []
    compiled, columns = Compiled(), []
    leaves = [list(_leaves_in(condition)) for condition in conditions]
    for condition, asked in zip(conditions, leaves, strict=True):
        columns.append(compiled.sql_of(condition))
        for leaf in asked:
            columns += [compiled.sql_of(leaf), f"facts.{leaf['fact']}"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.accounts()}) select {', '.join(columns)} from facts",
            compiled.params | {"as_of": as_of, "customers": [account]},
        )
        values = iter(cursor.fetchone() or [None] * len(columns))
    found = []
    for asked in leaves:
        whole = bool(next(values))
        told = [
            Leaf(leaf["fact"], leaf["operator"], leaf["value"], holds=bool(next(values)), value=next(values))
            for leaf in asked
        ]
        found.append((tuple(told), whole))
    return found


def _leaves_in(condition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "fact" in condition:
        yield condition
    for part in [*condition.get("all", ()), *condition.get("any", ())]:
        yield from _leaves_in(part)
    if "not" in condition:
        yield from _leaves_in(condition["not"])
