"""The work as a page shows it: lines with names, the choices of its filters."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.access.models import OrgUnit, User
from spartito.actions.models import Task
from spartito.portfolio.models import Customer, Salesperson
from spartito.strategies.models import Version
from spartito.web import labels
from spartito.worklist import direction
from spartito.worklist.direction import Line, Work
from spartito.worklist.models import Target

BY: dict[str, str | Promise] = {
    "person": _("person"),
    "area": _("area"),
    "salesperson": _("salesperson"),
    "customer": _("customer"),
}
CRITERIA: dict[str, tuple[str | Promise, str | Promise]] = {
    "amount": (_("overdue amount"), _("grows with the amount: 1,000 gives a quarter of it, 100,000 nearly three")),
    "age": (_("age of the oldest due date"), _("all of it from 90 days on")),
    "carried": (_("carried over"), _("all of it after five working days")),
    "waiting": (_("waiting for more than a week"), _("so much more for every working day, without an end")),
    "promise": (_("promise not kept"), _("in the last 90 days, and still owed")),
    "rating": (_("rating"), _("nothing for A, all of it for E")),
    "returned": (_("returned unpaid by the bank"), _("a Ri.Ba. or direct debit that is still open")),
    "step": (_("what comes next"), _("all of it before legal action, half before a formal notice")),
    "limit": (_("use of the credit limit"), _("from 80 % of the limit, all of it at 120 %")),
    "value": (_("value of the customer"), _("invoices of a year: 100,000 gives half of it")),
}
MEASURES: dict[str, str | Promise] = {
    Target.Measure.CONTACTS: _("contacts"),
    Target.Measure.PROMISES: _("promises"),
    Target.Measure.CASH: _("cash on overdue documents"),
}
PERIODS: dict[str, str | Promise] = {
    Target.Period.DAY: _("a day"),
    Target.Period.WEEK: _("a week"),
    Target.Period.MONTH: _("a month"),
}


@dataclass
class Named:
    """A line and who or what it is of."""

    line: Line
    name: str
    code: str = ""


def work_of(user: User, as_of: date, *, by: str) -> tuple[Work, list[Named]]:
    """The work of the day with the names of its lines."""
    patience = dict(Version.objects.exclude(status="draft").values_list("pk", "task_patience"))
    whole = direction.work(user, as_of, by=by, patience=patience)
    keys = [line.key for line in whole.lines if line.key is not None]
    names = _names(by, keys)
    return whole, [Named(line, *names.get(line.key or 0, ("", ""))) for line in whole.lines]


def _names(by: str, keys: list[int]) -> dict[int, tuple[str, str]]:
    if by == "person":
        return {row.pk: (str(row), row.username) for row in User.objects.filter(pk__in=keys)}
    model: Any = {"area": OrgUnit, "salesperson": Salesperson, "customer": Customer}[by]
    return {row.pk: (row.name or row.code, row.code) for row in model.objects.filter(pk__in=keys)}


def tasks_of(user: User, as_of: date, values: dict[str, str]) -> QuerySet[Task]:
    """Tasks to do today of all people, as the filters in the address ask."""
    rows = direction.tasks_to_do(user, as_of)
    if words := values.get("q"):
        rows = rows.filter(Q(customer__name__icontains=words) | Q(customer__code__iexact=words))
    if person := values.get("person"):
        rows = (
            rows.filter(assignment__user__isnull=True)
            if person == "nobody"
            else rows.filter(assignment__user=_number(person))
        )
    for key in ("area", "salesperson", "customer"):
        if value := values.get(key):
            path = "customer" if key == "customer" else f"customer__{key}"
            rows = (
                rows.filter(**{f"{path}__isnull": True}) if value == "none" else rows.filter(**{path: _number(value)})
            )
    if kind := values.get("kind"):
        rows = rows.filter(kind=kind)
    if values.get("carried"):
        rows = rows.filter(direction.carried_over(as_of))
    return rows.select_related("assignment__user", "customer__position", "planned_action")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def people_choices(as_of: date) -> list[tuple[str, str | Promise]]:
    return [(str(row.pk), str(row)) for row in direction.people_who_may_take(as_of)]


def kind_choices() -> list[tuple[str, str | Promise]]:
    return list(labels.TASKS.items())


def area_choices() -> list[tuple[str, str | Promise]]:
    rows = OrgUnit.objects.filter(kind=OrgUnit.Kind.AREA, retired_on__isnull=True).order_by("name", "code")
    return [(str(row.pk), str(row)) for row in rows[:500]]


def salesperson_choices() -> list[tuple[str, str | Promise]]:
    rows = Salesperson.objects.filter(retired_on__isnull=True).order_by("name", "code")
    return [(str(row.pk), str(row)) for row in rows[:500]]
