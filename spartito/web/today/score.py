"""What one person has to do today, with all that a row of the score shows: the rule, and the last contact in words.

The list itself is `worklist.queries.day`; every read takes the user who looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from spartito.access.models import User
from spartito.actions.models import Attempt, Message, PlannedAction
from spartito.strategies.models import Step
from spartito.worklist import queries
from spartito.worklist.queries import CustomerDay, Day, DayTask


@dataclass
class Row:
    """A row of the score; `steps` are the rules behind its tasks, in their order (None where a person asked).

    `is_told`: with all that is seen when it is open; the others fetch it then.
    """

    day: CustomerDay
    steps: list[Step | None]
    last_attempt: Attempt | None = None
    last_message: Message | None = None
    is_told: bool = True

    @property
    def kinds(self) -> list[tuple[DayTask, int]]:
        """What there is to do, each kind once (what steps call their own, by step), with how many there are of it."""
        found: dict[tuple[str, str, str], tuple[DayTask, int]] = {}
        for each in self.day.tasks:
            key = (each.task.kind, each.task.subject, each.task.step_code if each.task.kind == "internal" else "")
            first, before = found.get(key, (each, 0))
            found[key] = (first, before + 1)
        return list(found.values())

    @property
    def lines(self) -> list[tuple[DayTask, Step | None]]:
        return list(zip(self.day.tasks, self.steps, strict=True))


@dataclass
class Summary:
    """The day in four numbers, amounts in the tenant's currency."""

    to_do: int
    carried: int
    overdue: Decimal
    done: int


def day_of(user: User, as_of: date, *, only_carried: bool = False) -> tuple[Day, list[Row]]:
    """The person's day and its rows, the first one told: it is the one that is open."""
    day = queries.day(user, as_of, only_carried=only_carried, told=1)
    return day, [*dress(day.rows[:1]), *(Row(row, [None] * len(row.tasks), is_told=False) for row in day.rows[1:])]


def row_of(user: User, as_of: date, customer: int) -> Row | None:
    """The row of one customer, None when nothing is left to do on it."""
    found = queries.row_of(user, as_of, customer)
    return dress([found])[0] if found else None


def dress(rows: Sequence[CustomerDay]) -> list[Row]:
    """Adds rules and last contacts: as many queries for three hundred rows as for one."""
    ids = [row.customer.pk for row in rows]
    rules, attempts, messages = _rules(rows), _last_attempts(ids), _last_messages(ids)
    return [
        Row(
            row,
            [_rule(rules, each) for each in row.tasks],
            attempts.get(row.customer.pk),
            messages.get(row.customer.pk),
        )
        for row in rows
    ]


def _rules(rows: Sequence[CustomerDay]) -> dict[tuple[int | None, str], Step]:
    actions = [action for row in rows for each in row.tasks if (action := _action_of(each))]
    steps = Step.objects.filter(version__in={action.version_id for action in actions} - {None})
    return {(step.version_id, step.code): step for step in steps.select_related("version__strategy")}


def _action_of(task: DayTask) -> PlannedAction | None:
    return task.task.planned_action or task.task.about


def _rule(rules: dict[tuple[int | None, str], Step], task: DayTask) -> Step | None:
    action = _action_of(task)
    return rules.get((action.version_id, action.step_code)) if action else None


def _last_attempts(ids: list[int]) -> dict[int, Attempt]:
    rows = Attempt.objects.filter(customer__in=ids, undone_on__isnull=True).exclude(outcome="POST")
    rows = rows.select_related("outcome", "user").order_by("customer", "-made_on", "-id").distinct("customer")
    return {each.customer_id: each for each in rows}


def _last_messages(ids: list[int]) -> dict[int, Message]:
    rows = Message.objects.filter(account__in=ids, sent_on__isnull=False)
    return {each.account_id: each for each in rows.order_by("account", "-sent_on", "-id").distinct("account")}


def summary_of(user: User, as_of: date, day: Day | None = None) -> Summary:
    """How the person's day stands; `day`, when it was read already, is not read again."""
    day = day or queries.day(user, as_of, told=0)
    carried = sum(row.carried_over for row in day.rows)
    worked = Attempt.objects.filter(user=user, made_on=as_of, undone_on__isnull=True)
    done = worked.aggregate(n=Count("customer", distinct=True))["n"]
    return Summary(len(day.rows), carried, sum((row.overdue for row in day.rows), Decimal(0)), done)
