"""Work already given that no longer fits a person's day, shared out again among colleagues who have room.

Each person keeps what comes first by priority; of the rest, what has waited longest is moved first, so that nothing old
starves, and only into free minutes, so that nobody's own day is pushed back. Whole customers move, never half of one.
What a person was given by hand, or has in place of somebody away, stays where it is; so do customers that are a
person's by name, unless they are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from spartito.access.models import Assignment as Held
from spartito.access.models import User
from spartito.access.visibility import in_force
from spartito.actions.models import Task
from spartito.portfolio.models import Customer
from spartito.portfolio.visibility import of_visible
from spartito.worklist.direction import Change, Line, people_who_may_take, tasks_to_do, work
from spartito.worklist.queries import efforts_of_kinds
from spartito.worklist.rules import OTHER_EFFORT, PROFILES_OF_ROLES

STAYS = ("by_hand", "substitute", "levelled")
MOST = 2_000  # tasks looked at beyond the days of all people


@dataclass
class Load:
    """What one person has of one customer today."""

    customer: Customer
    holder: User
    tasks: list[Task] = field(default_factory=list)
    minutes: int = 0
    to: User | None = None

    @property
    def since(self) -> date:
        return min(task.due_on for task in self.tasks)

    @property
    def role(self) -> str:
        return self.tasks[0].assign_to

    @property
    def is_named(self) -> bool:
        """Whether the customer is this person's by name."""
        return any(task.assignment.because == "named" for task in self.tasks)

    @property
    def may_move(self) -> bool:
        """All of it is of one role, and none was given by hand or to a substitute."""
        one_role = len({task.assign_to for task in self.tasks}) == 1
        return one_role and not any(task.assignment.by_hand or task.assignment.because in STAYS for task in self.tasks)


@dataclass
class Proposal:
    """Who would take what (`moves`, the longest waiting first), what each day would be, how many customers stay beyond.

    `named`: how many of those that stay are somebody's by name and were not asked for.
    """

    moves: list[Load]
    changes: list[Change]
    beyond: int
    named: int = 0


def proposal(user: User, as_of: date, *, with_named: bool = False) -> Proposal:
    """How the work beyond people's days could be shared out again, of customers that `user` sees. Changes nothing.

    `with_named`: also customers that are a person's by name.
    """
    lines = {line.key: line for line in work(user, as_of).lines if line.key is not None}
    over = [key for key, line in lines.items() if line.beyond]
    loads = sorted(_beyond(user, as_of, over, lines), key=lambda load: (load.since, load.customer.pk))
    people = {person.pk: person for person in people_who_may_take(as_of)}
    free = {key: line.capacity - line.minutes for key, line in lines.items() if line.capacity and key in people}
    seen = {key: _seen_by(people[key], loads, as_of) for key, minutes in free.items() if minutes > 0 and loads}
    roles = _roles(as_of)
    for load in loads:
        able = [
            key for key, customers in seen.items()
            if load.may_move and (with_named or not load.is_named) and free[key] >= load.minutes and load.customer.pk in customers and key in roles.get(load.role, ())
        ]  # fmt: skip
        if able:
            taker = max(able, key=lambda key: (free[key], -key))
            load.to, free[taker] = people[taker], free[taker] - load.minutes
    moves = [load for load in loads if load.to]
    named = 0 if with_named else sum(load.is_named and load.may_move for load in loads)
    return Proposal(moves, _changes(moves, lines), len(loads) - len(moves), named)


def _beyond(user: User, as_of: date, people: Sequence[int], lines: dict[int, Line]) -> list[Load]:
    """What exceeds the days of these people: in the order of their score, all that comes after the day is full."""
    efforts, used = efforts_of_kinds(), dict.fromkeys(people, 0)
    found: dict[tuple[int, int], Load] = {}
    tasks = (
        tasks_to_do(user, as_of)
        .filter(assignment__user__in=people)
        .select_related("assignment__user", "customer", "planned_action")
    )
    for task in tasks.order_by("-assignment__priority", "due_on", "id"):
        holder = task.assignment.user
        assert holder is not None  # they were asked for
        load = found.setdefault((holder.pk, task.customer_id), Load(task.customer, holder))
        load.tasks.append(task)
        load.minutes += efforts.get(task.kind, OTHER_EFFORT)
    beyond = []
    for (person, _customer), load in found.items():
        first, capacity = not used[person], lines[person].capacity or 0
        used[person] += load.minutes
        if used[person] > capacity and not first:
            beyond.append(load)
    return beyond[:MOST]


def _seen_by(person: User, loads: Sequence[Load], as_of: date) -> set[int]:
    tasks = [task.pk for load in loads for task in load.tasks]
    seen = of_visible(Task.objects.filter(pk__in=tasks), user=person, as_of=as_of)
    return set(seen.values_list("customer", flat=True))


def _roles(as_of: date) -> dict[str, set[int]]:
    """Who holds a profile of each role on the day."""
    held: dict[str, set[int]] = {}
    for person, profile in Held.objects.filter(in_force(as_of)).values_list("user", "profile"):
        held.setdefault(profile, set()).add(person)
    return {role: set().union(*(held.get(code, set()) for code in codes)) for role, codes in PROFILES_OF_ROLES.items()}


def _changes(moves: Sequence[Load], lines: dict[int, Line]) -> list[Change]:
    people: dict[int, User] = {}
    moved: dict[int, int] = {}
    for load in moves:
        for person, minutes in ((load.holder, -load.minutes), (load.to, load.minutes)):
            assert person is not None
            people[person.pk] = person
            moved[person.pk] = moved.get(person.pk, 0) + minutes
    return [
        Change(people[key], lines[key].minutes, lines[key].minutes + minutes, lines[key].capacity or 0)
        for key, minutes in sorted(moved.items(), key=lambda pair: pair[1])
    ]
