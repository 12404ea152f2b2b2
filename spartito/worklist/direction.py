"""The work of all people, for whoever directs it: how much each has, how the day goes, what a move would change.

Every read takes the user who looks: tasks and contacts of customers that user may not see are not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from spartito.access.models import Assignment as Held
from spartito.access.models import User
from spartito.access.profiles import PROFILES, WORKING
from spartito.access.visibility import in_force
from spartito.actions.models import ActionItem, Attempt, Task
from spartito.portfolio.visibility import of_visible
from spartito.reference.queries import next_working_day
from spartito.worklist.models import Absence, Capacity, Monitoring
from spartito.worklist.planning import contacts
from spartito.worklist.queries import efforts_of_kinds
from spartito.worklist.rules import DEFAULT_CAPACITY, OTHER_EFFORT

# What the work can be looked at by, and where it stands on a task and on an attempt.
GROUPS = {
    "person": ("assignment__user", "user"),
    "area": ("customer__area", "customer__area"),
    "salesperson": ("customer__salesperson", "customer__salesperson"),
    "customer": ("customer", "customer"),
}
SHOWN = 200


@dataclass
class Line:
    """One person, area, salesperson or customer (`key` None: nobody, or none). Minutes as `Effort` says.

    `waiting_steps`: documents whose next step waits for one of these tasks (design 6, rule 7).
    `done` and `promises` are of the day and None where they may not be shown of single persons.
    """

    key: int | None
    tasks: int = 0
    customers: int = 0
    minutes: int = 0
    carried_over: int = 0
    waiting_steps: int = 0
    done: int | None = 0
    promises: int | None = 0
    capacity: int | None = None
    away: bool = False

    @property
    def beyond(self) -> int:
        """Minutes that exceed the day."""
        return max(0, self.minutes - self.capacity) if self.capacity is not None else 0

    @property
    def share(self) -> int:
        """Per cent of the day that the tasks fill."""
        return round(100 * self.minutes / self.capacity) if self.capacity else 0


@dataclass
class Work:
    """The day of everybody: `lines`, the fullest first, and all of them together."""

    by: str
    lines: list[Line] = field(default_factory=list)
    total: Line = field(default_factory=lambda: Line(None))
    more: int = 0


def tasks_to_do(user: User, as_of: date) -> QuerySet[Task]:
    """Open tasks of all people that may be worked on `as_of`, of customers that `user` sees."""
    may_begin = Q(not_before__isnull=True) | Q(not_before__lte=as_of)
    rows = Task.objects.filter(may_begin, status=Task.Status.OPEN, due_on__lte=as_of)
    return of_visible(rows, user=user, as_of=as_of)


def carried_over(as_of: date) -> Q:
    """A task planned, or last postponed, for a day before."""
    return Q(due_on__lt=as_of) & (Q(not_before__isnull=True) | Q(not_before__lt=as_of))


def minutes_of(kind: str = "kind") -> Sum:
    """The sum of what tasks take."""
    cases = [When(**{kind: code}, then=Value(minutes)) for code, minutes in efforts_of_kinds().items()]
    return Sum(Case(*cases, default=Value(OTHER_EFFORT), output_field=IntegerField()))


def shows_single_persons() -> bool:
    """Whether the tenant may show what single persons did (L. 300/1970, art. 4). Internal."""
    return Monitoring.objects.filter(single_persons=True).exists()


def work(user: User, as_of: date, *, by: str = "person", patience: Mapping[int, int] | None = None) -> Work:
    """How much there is to do and what was done on `as_of`, by person, area, salesperson or customer.

    `patience`: days that the next step waits for an undone task, by version of a strategy.
    """
    of_task, of_attempt = GROUPS[by]
    lines = _to_do(user, as_of, of_task)
    _add_done(lines, user, as_of, of_attempt)
    _add_waiting(lines, user, as_of, of_task, patience or {})
    total = _together(lines.values())
    if by == "person":
        _add_days(lines, as_of)
        total.capacity = sum(line.capacity or 0 for line in lines.values() if line.key is not None)
        if not shows_single_persons():
            for line in lines.values():
                line.done = line.promises = None
    ordered = sorted(lines.values(), key=lambda line: (line.key is not None, -line.minutes, line.key or 0))
    return Work(by, ordered[:SHOWN], total, max(0, len(ordered) - SHOWN))


def _to_do(user: User, as_of: date, group: str) -> dict[int | None, Line]:
    rows = (
        tasks_to_do(user, as_of)
        .values(group)
        .annotate(
            tasks=Count("id"),
            customers=Count("customer", distinct=True),
            minutes=minutes_of(),
            carried=Count("id", filter=carried_over(as_of)),
        )
        .order_by()
    )
    return {
        row[group]: Line(row[group], row["tasks"], row["customers"], row["minutes"], row["carried"]) for row in rows
    }


def _add_done(lines: dict[int | None, Line], user: User, as_of: date, group: str) -> None:
    worked = Attempt.objects.filter(made_on=as_of, undone_on__isnull=True).exclude(outcome="POST")
    rows = (
        of_visible(worked, user=user, as_of=as_of)
        .values(group)
        .annotate(done=Count("customer", distinct=True), promises=Count("id", filter=Q(outcome="PDP")))
        .order_by()
    )
    for row in rows:
        line = lines.setdefault(row[group], Line(row[group]))
        line.done, line.promises = row["done"], row["promises"]


def _add_waiting(
    lines: dict[int | None, Line], user: User, as_of: date, group: str, patience: Mapping[int, int]
) -> None:
    """Documents that moved with a task still open and within its strategy's patience."""
    if not patience:
        return
    within = Q()
    for version, days in patience.items():
        within |= Q(planned_action__version_id=version, due_on__gt=as_of - timedelta(days=days))
    holding = of_visible(Task.objects.filter(within, status=Task.Status.OPEN), user=user, as_of=as_of)
    path = f"planned_action__task__{group}"
    rows = (
        ActionItem.objects.filter(role=ActionItem.Role.MOVED, planned_action__task__in=holding)
        .values(path)
        .annotate(items=Count("item", distinct=True))
        .order_by()
    )
    for row in rows:
        lines.setdefault(row[path], Line(row[path])).waiting_steps = row["items"]


def _add_days(lines: dict[int | None, Line], as_of: date) -> None:
    """Minutes a day of each person, none while away; people who have nothing to do stand in the list, too."""
    away = set(Absence.objects.filter(starts_on__lte=as_of, ends_on__gte=as_of).values_list("user", flat=True))
    own = dict(Capacity.objects.values_list("user", "minutes_a_day"))
    for person in people_who_work(as_of):
        lines.setdefault(person.pk, Line(person.pk))
    for key, line in lines.items():
        if key is not None:
            line.away = key in away
            line.capacity = 0 if line.away else own.get(key, DEFAULT_CAPACITY)


def _together(lines: Any) -> Line:
    total = Line(None)
    for line in lines:
        for name in ("tasks", "customers", "minutes", "carried_over", "waiting_steps"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
        total.done = (total.done or 0) + (line.done or 0)
        total.promises = (total.promises or 0) + (line.promises or 0)
    return total


def people_who_work(as_of: date) -> QuerySet[User]:
    """Active people of credit management who work tasks on `as_of`. Internal."""
    collecting = [code for code, held in PROFILES.items() if held.lens == "credit"]
    holders = Held.objects.filter(in_force(as_of), profile__in=collecting).values("user")
    return User.objects.filter(is_active=True, pk__in=holders).order_by("full_name", "username")


def people_who_may_take(as_of: date) -> QuerySet[User]:
    """Active people whose profile works tasks, for a choice of whom to give one to. Internal."""
    holders = Held.objects.filter(in_force(as_of), profile__in=WORKING).values("user")
    return User.objects.filter(is_active=True, pk__in=holders).order_by("full_name", "username")


def customers_worked_by(person: User) -> list[int]:
    """Customers with a task that stands with this person now. Internal."""
    held = Task.objects.filter(status=Task.Status.OPEN, assignment__user=person)
    return list(held.values_list("customer", flat=True).distinct())


def customers_lent_by(person: User) -> list[int]:
    """Customers with a task that others have while this person is away. Internal."""
    lent = Task.objects.filter(status=Task.Status.OPEN, assignment__reasons__for=person.pk)
    return list(lent.values_list("customer", flat=True).distinct())


@dataclass
class Change:
    """What a move makes of one person's day (`person` None: nobody's tasks)."""

    person: User | None
    before: int
    after: int
    capacity: int


@dataclass
class Effect:
    """What giving tasks to a person would do: those that can be given, those of customers out of that person's sight."""

    tasks: list[Task]
    hidden: list[Task]
    changes: list[Change]


def effect_of_giving(user: User, as_of: date, *, tasks: Sequence[int], to: User) -> Effect:
    """The days of everybody concerned before and after `tasks` (visible to `user`) would be `to`'s."""
    chosen = list(
        of_visible(Task.objects.filter(pk__in=tasks, status=Task.Status.OPEN), user=user, as_of=as_of)
        .select_related("customer", "assignment__user", "planned_action")
        .order_by("-assignment__priority", "id")
    )
    seen = set(
        of_visible(Task.objects.filter(pk__in=[task.pk for task in chosen]), user=to, as_of=as_of).values_list(
            "pk", flat=True
        )
    )
    given = [task for task in chosen if task.pk in seen]
    return Effect(given, [task for task in chosen if task.pk not in seen], _changes(user, as_of, given, to))


def effect_of_planning(user: User, as_of: date, *, tasks: Sequence[int], on: date) -> tuple[date, Effect]:
    """The working day that `tasks` would stand on, and what each person concerned has on that day before and after."""
    day = next_working_day(on)
    chosen = list(contacts(user, as_of).filter(pk__in=tasks).order_by("-assignment__priority", "id"))
    holders = {task.assignment.user_id for task in chosen if hasattr(task, "assignment")}
    planned = contacts(user, as_of).filter(day=day, assignment__user__in=holders).values("assignment__user")
    now = {row["assignment__user"]: row["minutes"] for row in planned.annotate(minutes=minutes_of()).order_by()}
    efforts, own = efforts_of_kinds(), dict(Capacity.objects.values_list("user", "minutes_a_day"))
    coming: dict[User | None, int] = {}
    for task in chosen:
        holder = task.assignment.user if hasattr(task, "assignment") else None
        minutes = 0 if task.day == day else efforts.get(task.kind, OTHER_EFFORT)
        coming[holder] = coming.get(holder, 0) + minutes
    changes = []
    for holder, minutes in coming.items():
        key = holder.pk if holder else 0
        before = now.get(key, 0)
        changes.append(Change(holder, before, before + minutes, own.get(key, DEFAULT_CAPACITY)))
    return day, Effect(chosen, [], changes)


def _changes(user: User, as_of: date, tasks: Sequence[Task], to: User) -> list[Change]:
    now = {line.key: line for line in work(user, as_of).lines}
    efforts, people = efforts_of_kinds(), {to.pk: to}
    moved: dict[int | None, int] = {}
    for task in tasks:
        holder = task.assignment.user if hasattr(task, "assignment") else None
        key = holder.pk if holder else None
        if key != to.pk:
            minutes = efforts.get(task.kind, OTHER_EFFORT)
            moved[key] = moved.get(key, 0) - minutes
            moved[to.pk] = moved.get(to.pk, 0) + minutes
            if holder:
                people[holder.pk] = holder
    changes = []
    for key, minutes in sorted(moved.items(), key=lambda pair: pair[1]):
        line = now.get(key) or Line(key, capacity=DEFAULT_CAPACITY)
        changes.append(Change(people.get(key or 0), line.minutes, line.minutes + minutes, line.capacity or 0))
    return changes
