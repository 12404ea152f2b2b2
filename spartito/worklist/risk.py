"""The customers most at risk, as a salesperson's page lists them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max

from spartito.access.models import User
from spartito.actions.models import Attempt, Message, Task
from spartito.portfolio.models import Customer, Position
from spartito.portfolio.visibility import visible_in_order


@dataclass
class Risky:
    """A customer of a salesperson who is late, and what was done about it. Amounts in the tenant's currency."""

    customer: Customer
    overdue: Decimal
    balance: Decimal
    oldest_due_date: date | None
    days: int
    last_contact: date | None
    next_tasks: int


def riskiest(user: User, as_of: date, *, limit: int = 20) -> list[Risky]:
    """The positions most at risk among the customers `user` sees: by overdue amount times its age."""
    late = visible_in_order(user, as_of).filter(position__overdue__gt=0, position__oldest_due_date__isnull=False)
    worst = late.select_related("position").order_by("-position__overdue", "pk")[: limit * 5]
    rows = [each.position for each in worst]
    rows.sort(key=lambda row: (-row.overdue * (_days_late(row, as_of) + 30), row.customer_id))
    rows = rows[:limit]
    ids = [row.customer_id for row in rows]
    contacts = _last_contacts(ids, as_of)
    waiting = dict(
        Task.objects.filter(customer__in=ids, status=Task.Status.OPEN).values_list("customer").annotate(n=Count("id"))
    )
    return [
        Risky(
            customer=row.customer,
            overdue=row.overdue,
            balance=row.balance,
            oldest_due_date=row.oldest_due_date,
            days=_days_late(row, as_of),
            last_contact=contacts.get(row.customer_id),
            next_tasks=waiting.get(row.customer_id, 0),
        )
        for row in rows
    ]


def _days_late(row: Position, as_of: date) -> int:
    return (as_of - row.oldest_due_date).days if row.oldest_due_date else 0


def _last_contacts(accounts: list[int], as_of: date) -> dict[int, date]:
    """The last day each account was reached or written to, before `as_of` or on it."""
    calls = (
        Attempt.objects.filter(customer__in=accounts, undone_on__isnull=True, made_on__lte=as_of)
        .values_list("customer")
        .annotate(last=Max("made_on"))
    )
    letters = (
        Message.objects.filter(account__in=accounts, sent_on__lte=as_of)
        .values_list("account")
        .annotate(last=Max("sent_on"))
    )
    found: dict[int, date] = dict(calls)
    for account, last in letters:
        found[account] = max(last, found.get(account, last))
    return found
