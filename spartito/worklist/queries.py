"""Reads of people's days. Each takes the user who looks; customers that user may not see are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Min, Q, QuerySet, Sum, Window
from django.db.models.functions import Least, RowNumber
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.access.permissions import may, profiles_of
from spartito.actions.models import ActionItem, Attempt, Task
from spartito.platform import money
from spartito.platform.errors import Refused
from spartito.portfolio.models import Customer, Position
from spartito.portfolio.queries import codes_on_the_command_line
from spartito.portfolio.visibility import of_visible
from spartito.worklist.models import Capacity, Effort
from spartito.worklist.rules import (
    DEFAULT_CAPACITY,
    DEFAULT_EFFORTS,
    OTHER_EFFORT,
    PROFILES_OF_ROLES,
    Reason,
    reasons_of,
    split_of_day,
)
from spartito.worklist.why import Listed, Owed, why

SHOWN = 120
DOCUMENTS_SHOWN = 5
STILL_ASKED = Least("open_amount", "item__open_amount")


@dataclass
class DayTask:
    """A task in somebody's day. `due` is the planned date; `why` one sentence in the reader's language."""

    task: Task
    priority: int
    reasons: list[Reason]
    carried_over: bool
    stands_in_for: int | None
    why: str = ""
    documents: list[Listed] = field(default_factory=list)
    more_documents: int = 0
    attempts: int = 0


@dataclass
class CustomerDay:
    """One row of the score: a customer and everything to do on it today. Amounts in the tenant's currency."""

    customer: Customer
    tasks: list[DayTask]
    overdue: Decimal
    oldest_due_date: date | None
    if_time_allows: bool = False

    @property
    def priority(self) -> int:
        return max(each.priority for each in self.tasks)

    @property
    def carried_over(self) -> bool:
        return any(each.carried_over for each in self.tasks)


@dataclass
class Day:
    """A person's day. `total` counts the tasks; `rows` holds the first of them, most urgent customer first.

    `capacity`: minutes left of the day after what was worked.
    """

    user: User
    date: date
    rows: list[CustomerDay]
    total: int
    capacity: int


def tasks_of(user: User, as_of: date) -> QuerySet[Task]:
    """The tasks to do on `as_of`, most urgent first; for a day in the past, those that stood open that evening.

    A credit manager also has the tasks that nobody could take.
    """
    holder = Q(assignment__user=user)
    if any(profile.code == "credit_manager" for profile in profiles_of(user, as_of)):
        holder |= Q(assignment__user__isnull=True)
    open_then = Q(status=Task.Status.OPEN) | Q(closed_on__gt=as_of)
    may_begin = Q(not_before__isnull=True) | Q(not_before__lte=as_of)
    tasks = of_visible(Task.objects.filter(holder, open_then, may_begin, due_on__lte=as_of), user=user, as_of=as_of)
    return tasks.select_related("assignment", "customer", "planned_action", "about").order_by(
        "-assignment__priority", "due_on", "id"
    )


class NoSuchTask(Refused):
    """There is no such task, or its customer is out of sight: both are told alike."""


class NotOwnTask(Refused):
    """The task is seen, but it is for somebody else to work."""


def task_to_work(user: User, as_of: date, task: int) -> Task:
    """A task, for whoever may say how it went. Raises NoSuchTask and NotOwnTask (design, section 8).

    One's own are those that one has or that a substitute has meanwhile; with `tasks.cover` also those of the roles
    that one's profiles hold, with `tasks.every` all.
    """
    seen = of_visible(Task.objects.filter(pk=task), user=user, as_of=as_of)
    found = seen.select_related("assignment__user", "customer", "planned_action").first()
    if found is None:
        raise NoSuchTask(_("there is no task %(task)s") % {"task": task})
    if not _works(user, as_of, found):
        held = getattr(found, "assignment", None)
        whose = {"task": task, "person": held.user if held and held.user else _("nobody yet")}
        raise NotOwnTask(_("task %(task)s is not yours to work: %(person)s has it") % whose)
    return found


def _works(user: User, as_of: date, task: Task) -> bool:
    held = getattr(task, "assignment", None)
    if held and user.pk in (held.user_id, held.reasons.get("for")):
        return True
    if may(user, "tasks.every", as_of):
        return True
    role = PROFILES_OF_ROLES.get(task.assign_to, ())
    return any("tasks.cover" in held.permissions and held.code in role for held in profiles_of(user, as_of))


def day(user: User, as_of: date, *, limit: int = SHOWN, only_carried: bool = False, told: int | None = None) -> Day:
    """The score of `user` on `as_of`: one row a customer; what exceeds the minutes left is marked *if time allows*.

    `told`: how many customers, from the first, get their `why` and documents (None: all); a list shows the rest
    when a row is opened (`row_of`).
    """
    wanted = tasks_of(user, as_of)
    if only_carried:
        wanted = wanted.filter(Q(due_on__lt=as_of), Q(not_before__isnull=True) | Q(not_before__lt=as_of))
    tasks = list(wanted[: limit + 1])
    total = len(tasks) if len(tasks) <= limit else wanted.count()
    rows, efforts = _rows(tasks[:limit], as_of, told), efforts_of_kinds()
    capacity = capacity_of(user) - minutes_worked(user, as_of, efforts)
    fitting = split_of_day([_minutes(row, efforts) for row in rows], capacity=capacity)
    for row in rows[fitting:]:
        row.if_time_allows = True
    return Day(user=user, date=as_of, rows=rows, total=total, capacity=capacity)


def row_of(user: User, as_of: date, customer: int) -> CustomerDay | None:
    """The row of one customer in the day of `user`; None when nothing is left to do on it."""
    rows = _rows(list(tasks_of(user, as_of).filter(customer=customer)), as_of)
    return rows[0] if rows else None


def _rows(tasks: Sequence[Task], as_of: date, told: int | None = None) -> list[CustomerDay]:
    by_customer: dict[int, list[DayTask]] = {}
    customers = list(dict.fromkeys(task.customer_id for task in tasks))
    for each in _explained(tasks, set(customers[:told]), as_of):
        by_customer.setdefault(each.task.customer_id, []).append(each)
    positions = positions_of(list(by_customer), as_of)
    return [
        CustomerDay(
            customer=several[0].task.customer,
            tasks=several,
            overdue=positions.get(customer, (money.ZERO, None))[0],
            oldest_due_date=positions.get(customer, (money.ZERO, None))[1],
        )
        for customer, several in by_customer.items()
    ]


def capacity_of(user: User) -> int:
    """Minutes a day that `user` has for tasks."""
    own = Capacity.objects.filter(user=user).values_list("minutes_a_day", flat=True).first()
    return own or DEFAULT_CAPACITY


def efforts_of_kinds() -> dict[str, int]:
    """Minutes that a task of each kind takes. Internal."""
    return DEFAULT_EFFORTS | dict(Effort.objects.values_list("kind", "minutes"))


def _minutes(row: CustomerDay, efforts: dict[str, int]) -> int:
    return sum(efforts.get(each.task.kind, OTHER_EFFORT) for each in row.tasks)


def minutes_worked(user: User, as_of: date, efforts: dict[str, int]) -> int:
    """Minutes that the tasks `user` worked on `as_of` count for; a postponed one counts for none."""
    worked = Attempt.objects.filter(user=user, made_on=as_of, undone_on__isnull=True, task__isnull=False)
    kinds = worked.exclude(outcome="POST").values_list("task__kind").annotate(times=Count("task", distinct=True))
    return sum(efforts.get(kind, OTHER_EFFORT) * times for kind, times in kinds)


def _explained(tasks: Sequence[Task], customers: set[int], as_of: date) -> list[DayTask]:
    """The tasks in their order; those of `customers` with their documents and why."""
    placed = [_placed(task, as_of) for task in tasks]
    wanted = [each for each in placed if each.task.customer_id in customers]
    actions = [action for each in wanted if (action := action_of(each.task))]
    documents, sums = (_documents_of(actions, as_of), _sums_of(actions)) if actions else ({}, {})
    tried = _times_tried([each.task.pk for each in wanted]) if wanted else {}
    for each in wanted:
        action = action_of(each.task) or 0
        owed = sums.get(action, Owed())
        each.documents, each.attempts = documents.get(action, []), tried.get(each.task.pk, 0)
        each.more_documents = owed.listed - len(each.documents)
        each.why = why(each.task, each.documents, owed, each.attempts, as_of)
    return placed


def action_of(task: Task) -> int | None:
    """The action that made a task, or that it tells of or asks about."""
    return task.planned_action_id or task.about_id


def _placed(task: Task, as_of: date) -> DayTask:
    stored = task.assignment.reasons
    return DayTask(
        task=task,
        priority=task.assignment.priority,
        reasons=reasons_of(stored),
        carried_over=max(task.due_on, task.not_before or task.due_on) < as_of,
        stands_in_for=stored.get("for"),
    )


def _times_tried(tasks: list[int]) -> dict[int, int]:
    rows = Attempt.objects.filter(task__in=tasks, undone_on__isnull=True).values_list("task")
    return dict(rows.annotate(times=Count("id")))


def _documents_of(actions: list[int], as_of: date) -> dict[int, list[Listed]]:
    """The first documents of each planned action: the items that moved before the others, in their listed order."""
    place = Window(
        RowNumber(),
        partition_by=F("planned_action"),
        order_by=[F("role").desc(), F("listed_as").asc(), F("id").asc()],
    )
    first = _still_open(actions).annotate(place=place).filter(place__lte=DOCUMENTS_SHOWN)
    rows = (
        ActionItem.objects.filter(pk__in=first.values("pk"))
        .annotate(asked=STILL_ASKED)
        .order_by("planned_action", "-role", "listed_as", "id")
        .values_list("planned_action", "item__document_number", "item__due_date", "asked", "item__currency", "role")
    )
    found: dict[int, list[Listed]] = {}
    for action, number, due, amount, currency, role in rows:
        moved = role == ActionItem.Role.MOVED
        found.setdefault(action, []).append(Listed(number, due, (as_of - due).days, amount, currency, moved))
    return found


def _still_open(actions: list[int]) -> QuerySet[ActionItem]:
    """What actions listed and nobody has paid since."""
    return ActionItem.objects.filter(planned_action__in=actions, item__closed_on__isnull=True)


def _sums_of(actions: list[int]) -> dict[int, Owed]:
    """What the items that moved with each planned action add up to, and how many documents it lists in all."""
    rows = (
        _still_open(actions)
        .values_list("planned_action", "role", "item__currency")
        .annotate(amount=Sum(STILL_ASKED), count=Count("id"), oldest=Min("item__due_date"))
        .order_by()
    )
    found: dict[int, Owed] = {}
    for action, role, currency, amount, count, oldest in rows:
        owed = found.setdefault(action, Owed())
        owed.listed += count
        if role == ActionItem.Role.MOVED:
            owed.moved += count
            owed.amounts[currency] = amount
            owed.oldest = min(oldest, owed.oldest or oldest)
    return found


def positions_of(accounts: list[int], as_of: date) -> dict[int, tuple[Decimal, date | None]]:
    """Overdue and oldest due date of whole accounts, in the tenant's currency."""
    rows = (
        Position.objects.filter(customer__account__in=accounts)
        .values_list("customer__account")
        .annotate(overdue=Sum("overdue"), oldest=Min("oldest_due_date"))
    )
    return {account: (overdue, oldest) for account, overdue, oldest in rows}


def worklist_json(user: User, as_of: date) -> dict[str, object]:
    """The day as scripts read it (design 7): every task, most urgent first."""
    whole = day(user, as_of, limit=100_000)
    codes = codes_on_the_command_line(row.customer for row in whole.rows)
    tasks = [
        {
            "id": each.task.pk,
            "customer": codes[row.customer.pk],
            "kind": each.task.kind,
            "step": each.task.step_code,
            "due": each.task.due_on,
            "carried_over": each.carried_over,
            "priority": each.priority,
            "overdue": money.plain(row.overdue),
            "why": each.why,
        }
        for row in whole.rows
        for each in row.tasks
    ]
    return {"user": user.username, "date": as_of, "tasks": tasks}
