"""The due-date ledger: what falls on which day. Due dates, promises, planned contacts; each for the user who looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, Greatest, RowNumber

from spartito.access.models import User
from spartito.actions.models import Task
from spartito.portfolio.models import Hold, Item
from spartito.portfolio.visibility import of_visible

KINDS = ("contact", "promise", "due")
DEBITS = (Item.DocumentType.INVOICE, Item.DocumentType.DEBIT_NOTE)
CHIPS = 4
ROWS = 200


@dataclass
class DayOfLedger:
    """One day: contacts planned (the first of them by name), promises and due dates. Amounts in the tenant's currency."""

    day: date
    contacts: int = 0
    chips: list[Task] = field(default_factory=list)
    promises: int = 0
    promised: Decimal = Decimal(0)
    documents: int = 0
    due: Decimal = Decimal(0)

    @property
    def more(self) -> int:
        return self.contacts - len(self.chips)


@dataclass
class Ledger:
    """Days from the first to the last, each with what falls on it."""

    days: dict[date, DayOfLedger]

    @property
    def total(self) -> DayOfLedger:
        found = DayOfLedger(min(self.days))
        for each in self.days.values():
            for name in ("contacts", "promises", "promised", "documents", "due"):
                setattr(found, name, getattr(found, name) + getattr(each, name))
        return found


def contacts(user: User, as_of: date, filters: Mapping[str, str] | None = None) -> QuerySet[Any]:
    """Open tasks with the day each stands on (`day`): planned or postponed to, today when that is past."""
    rows: QuerySet[Any] = Task.objects.filter(status=Task.Status.OPEN)
    rows = rows.annotate(day=Greatest(Coalesce(F("not_before"), F("due_on")), as_of))
    rows = _narrowed(of_visible(rows, user=user, as_of=as_of), filters)
    if person := (filters or {}).get("person"):
        rows = (
            rows.filter(assignment__user__isnull=True) if person == "nobody" else rows.filter(assignment__user=person)
        )
    if kind := (filters or {}).get("task_kind"):
        rows = rows.filter(kind=kind)
    return rows.select_related("customer", "planned_action", "assignment__user")


def promises(user: User, as_of: date, filters: Mapping[str, str] | None = None) -> QuerySet[Any]:
    """Promises not yet past, by the day they are to be kept."""
    rows = Hold.objects.filter(kind=Hold.Kind.PROMISE, released_on__isnull=True, ends_on__gte=as_of)
    return _narrowed(of_visible(rows, user=user, as_of=as_of), filters).select_related("customer", "item")


def due_dates(user: User, as_of: date, filters: Mapping[str, str] | None = None) -> QuerySet[Any]:
    """Open debits by their due date."""
    rows = Item.objects.filter(closed_on__isnull=True, document_type__in=DEBITS, open_amount__gt=0)
    return _narrowed(of_visible(rows, user=user, as_of=as_of), filters).select_related("customer")


def _narrowed(rows: QuerySet[Any], filters: Mapping[str, str] | None) -> QuerySet[Any]:
    given = {key: value for key, value in (filters or {}).items() if value}
    if words := given.get("q"):
        rows = rows.filter(Q(customer__name__icontains=words) | Q(customer__code__iexact=words))
    for key in ("area", "salesperson", "collector"):
        if key in given:
            rows = rows.filter(**{f"customer__{key}": given[key]})
    return rows


def ledger(
    user: User, as_of: date, *, start: date, end: date, currency: str, filters: Mapping[str, str] | None = None
) -> Ledger:
    """What falls on each day from `start` to `end`; `filters`: kind, person, task_kind, area, salesperson, q."""
    days = {day: DayOfLedger(day) for day in (start + timedelta(days=n) for n in range((end - start).days + 1))}
    wanted = (filters or {}).get("kind") or ""
    if wanted in ("", "contact"):
        _place_contacts(days, contacts(user, as_of, filters).filter(day__range=(start, end)))
    if wanted in ("", "promise"):
        rows = promises(user, as_of, filters).filter(ends_on__range=(start, end)).values("ends_on")
        for row in rows.annotate(n=Count("id"), sum=Sum("amount")).order_by():
            days[row["ends_on"]].promises, days[row["ends_on"]].promised = row["n"], row["sum"] or Decimal(0)
    if wanted in ("", "due"):
        rows = due_dates(user, as_of, filters).filter(due_date__range=(start, end)).values("due_date")
        sums = rows.annotate(n=Count("id"), sum=Sum("open_amount", filter=Q(currency=currency))).order_by()
        for row in sums:
            days[row["due_date"]].documents, days[row["due_date"]].due = row["n"], row["sum"] or Decimal(0)
    return Ledger(days)


def _place_contacts(days: dict[date, DayOfLedger], rows: QuerySet[Any]) -> None:
    for row in rows.order_by().values("day").annotate(n=Count("id")):
        days[row["day"]].contacts = row["n"]
    place = Window(RowNumber(), partition_by=F("day"), order_by=[F("assignment__priority").desc(), F("id").asc()])
    for task in rows.annotate(place=place).filter(place__lte=CHIPS).order_by("day", "place"):
        days[task.day].chips.append(task)


@dataclass
class DayListed:
    """One day of the list, row by row; `more`: how many rows are not shown."""

    day: date
    contacts: list[Task] = field(default_factory=list)
    promises: list[Hold] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def listed(
    user: User, as_of: date, *, start: date, end: date, filters: Mapping[str, str] | None = None
) -> tuple[list[DayListed], bool]:
    """The rows of each day that has any, and whether there are more than are shown of a kind."""
    wanted, is_more = (filters or {}).get("kind") or "", False
    days: dict[date, DayListed] = {}

    def take(rows: QuerySet[Any], by: str, name: str) -> None:
        nonlocal is_more
        found = list(rows.filter(**{f"{by}__range": (start, end)}).order_by(by, "id")[: ROWS + 1])
        is_more = is_more or len(found) > ROWS
        for row in found[:ROWS]:
            getattr(days.setdefault(getattr(row, by), DayListed(getattr(row, by))), name).append(row)

    if wanted in ("", "contact"):
        take(contacts(user, as_of, filters), "day", "contacts")
    if wanted in ("", "promise"):
        take(promises(user, as_of, filters), "ends_on", "promises")
    if wanted in ("", "due"):
        take(due_dates(user, as_of, filters), "due_date", "items")
    return [days[day] for day in sorted(days)], is_more
