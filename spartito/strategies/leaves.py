"""The comparisons behind a decision, one by one: what each asks, what the fact is now, whether it holds.

Read through the same compiled SQL that decides (`conditions.Compiled`): an explanation cannot disagree with the engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from spartito.platform.connection import connection
from spartito.platform.sql import text_of
from spartito.strategies.conditions import EVERY_ITEM, Compiled, asks_for_items
from spartito.strategies.models import Enrolment, Step

TO_COME = Path(__file__).parent / "reads" / "asking_steps_to_come.sql"


@dataclass(frozen=True, slots=True)
class Node:
    """A comparison (`fact` given: `asked` as in the condition's normal form, `value` what the fact is on the day), or a
    group of `parts` by `kind`: all, any, not.
    """

    holds: bool
    kind: str = ""
    parts: tuple["Node", ...] = ()
    fact: str = ""
    operator: str = ""
    asked: Any = None
    value: Any = None

    def against(self, *, wanted: bool = True) -> Iterator[tuple["Node", bool]]:
        """What stands against it as (comparison, whether it would have to hold); of an `any` all that would do."""
        if self.holds is wanted:
            return
        if not self.kind:
            yield self, wanted
        for part in self.parts:
            yield from part.against(wanted=wanted is not (self.kind == "not"))

    def plain(self) -> dict[str, Any]:
        """As data: {fact, operator, asked, value, holds}, or {all | any | not: […], holds}."""
        if self.kind:
            return {self.kind: [part.plain() for part in self.parts], "holds": self.holds}
        names = ("fact", "operator", "asked", "value", "holds")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a step asks (None: what its strategy asks of whom it is for), and what comes of it now."""

    step: Step | None
    asked: Node

    @property
    def holds(self) -> bool:
        return self.asked.holds

    def plain(self) -> dict[str, Any]:
        """As data for scripts: {step, holds, asks, missing}."""
        missing = [node.plain() | {"must_hold": wanted} for node, wanted in self.asked.against()]
        step = self.step.code if self.step else None
        return {"step": step, "holds": self.holds, "asks": self.asked.plain(), "missing": missing}


@dataclass(frozen=True, slots=True)
class Asking:
    """The conditions of an account's policy: those asked of the account, and by item those of the steps it has to come to."""

    of_account: list[Condition] = field(default_factory=list)
    of_items: dict[int, list[Condition]] = field(default_factory=dict)


def conditions_of(*, account: int, members: Sequence[int], as_of: date) -> Asking:
    """For whom the version is that an account follows (`step` None), and what its steps ask, in order.

    `members`: the customers written to at this account. Internal: doors check who asks.
    """
    followed = Enrolment.objects.filter(account=account).select_related("version").first()
    if followed is None or followed.version is None:
        return Asking()
    version = followed.version
    steps = list(version.steps.exclude(conditions={}).order_by("position"))
    of_items = [step for step in steps if asks_for_items(step.conditions)]
    asked: list[tuple[Step | None, Mapping[str, Any]]] = [(None, version.applies_to)] if version.applies_to else []
    asked += [(step, step.conditions) for step in steps if step not in of_items]
    found = _read([condition for _step, condition in asked], as_of, [account])
    nodes = next(iter(found.values()), [])
    told = [Condition(step, node) for (step, _condition), node in zip(asked, nodes, strict=False)]
    return Asking(told, _of_items(of_items, members, as_of))


def _of_items(steps: Sequence[Step], members: Sequence[int], as_of: date) -> dict[int, list[Condition]]:
    found = _read([step.conditions for step in steps], as_of, members)
    told: dict[int, list[Condition]] = {}
    places = {step.pk: place for place, step in enumerate(steps)}
    for item, step in _to_come(members, as_of) if found else ():
        if step in places and item in found:
            place = places[step]
            told.setdefault(item, []).append(Condition(steps[place], found[item][place]))
    return told


def _to_come(members: Sequence[int], as_of: date) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(text_of(TO_COME), {"customers": list(members), "as_of": as_of})
        return list(cursor.fetchall())


def _read(conditions: Sequence[Mapping[str, Any]], as_of: date, customers: Sequence[int]) -> dict[int, list[Node]]:
    """The conditions of each row, by item (0: of the account): one statement for all of them."""
    if not conditions:
        return {}
    compiled = Compiled()
    columns = [column for condition in conditions for column in _columns(condition, compiled)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.rows()}) select coalesce(facts.item_id, 0), {', '.join(columns)} from facts",
            EVERY_ITEM | compiled.params | {"as_of": as_of, "customers": list(customers)},
        )
        rows = cursor.fetchall()
    found = {}
    for item, *row in rows:
        values = iter(row)
        found[item] = [_node(condition, values) for condition in conditions]
    return found


def _columns(condition: Mapping[str, Any], compiled: Compiled) -> Iterator[str]:
    """Whether a part holds, and of a comparison what the fact is: outermost first, as `_node` reads them."""
    yield compiled.sql_of(condition)
    if "fact" in condition:
        yield f"facts.{condition['fact']}"
    for part in _parts(condition):
        yield from _columns(part, compiled)


def _node(condition: Mapping[str, Any], values: Iterator[Any]) -> Node:
    holds = bool(next(values))
    if "fact" in condition:
        fact, operator, asked = condition["fact"], condition["operator"], condition["value"]
        return Node(holds, fact=fact, operator=operator, asked=asked, value=next(values))
    kind = next((key for key in ("all", "any", "not") if key in condition), "all")
    return Node(holds, kind=kind, parts=tuple(_node(part, values) for part in _parts(condition)))


def _parts(condition: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if "not" in condition:
        return [condition["not"]]
    return condition.get("all") or condition.get("any") or []
