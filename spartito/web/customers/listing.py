"""The rows of the customers list: visible ones, narrowed by what the person asks, with totals and choices."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.access.models import OrgUnit, User
from spartito.portfolio.models import CreditClass, Creditor, Customer, Salesperson
from spartito.portfolio.queries import find_customers
from spartito.portfolio.visibility import visible_to
from spartito.strategies.models import Strategy

KEYS = (
    "q", "overdue", "class", "salesperson", "area", "division", "sector", "collector", "creditor", "strategy",
    "bucket", "hold", "retired",
)  # fmt: skip
NONE = "-"  # stands for "without one" in a filter
FIELDS = {
    "class": "credit_class__code",
    "salesperson": "salesperson__code",
    "area": "area__code",
    "division": "division__code",
    "sector": "sector__code",
    "collector": "collector__username",
    "creditor": "creditor__code",
    "strategy": "account__enrolment__strategy__code",
}
RELATED = ("position", "credit_class", "salesperson", "area", "collector", "creditor", "account__enrolment__strategy")


@dataclass(frozen=True)
class Totals:
    """Sums over the whole list, in the tenant's currency."""

    customers: int
    late: int
    reckoned: int  # those with a position: all but customers that no run has seen yet
    overdue: Decimal
    balance: Decimal


def customers_for(*, user: User, as_of: date, values: dict[str, str]) -> QuerySet[Customer]:
    """The visible customers that match every filter value; retired ones only when asked for."""
    rows = find_customers(user=user, as_of=as_of, words=values.get("q", ""), with_retired=bool(values.get("retired")))
    rows = rows.select_related(*RELATED)
    for key, column in FIELDS.items():
        value = values.get(key, "")
        if value == NONE:
            rows = rows.filter(**{column.rsplit("__", 1)[0] + "__isnull": True})
        elif value:
            rows = rows.filter(**{column: value})
    return _narrowed(rows, values, as_of)


def _narrowed(rows: QuerySet[Customer], values: dict[str, str], as_of: date) -> QuerySet[Customer]:
    if values.get("overdue") == "yes":
        rows = rows.filter(position__overdue__gt=0)
    elif values.get("overdue", "").isdecimal():
        rows = rows.filter(position__overdue__gte=int(values["overdue"]))
    elif values.get("overdue") == "no":
        rows = rows.filter(Q(position__overdue=0) | Q(position__isnull=True))
    if values.get("bucket", "").isdecimal():
        rows = rows.filter(**{f"position__buckets__{int(values['bucket'])}__gt": 0})
    if values.get("hold"):
        rows = rows.filter(position__on_hold__gt=0)
    return rows.filter(retired_on__lte=as_of) if values.get("retired") else rows


def totals_of(rows: QuerySet[Customer]) -> Totals:
    found = rows.order_by().aggregate(
        customers=Count("pk"),
        late=Count("pk", filter=Q(position__overdue__gt=0)),
        reckoned=Count("position"),
        overdue=Sum("position__overdue"),
        balance=Sum("position__balance"),
    )
    zero = Decimal(0)
    return Totals(
        found["customers"], found["late"], found["reckoned"], found["overdue"] or zero, found["balance"] or zero
    )


def choices(*, user: User, as_of: date) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: only what the person's own customers have."""
    mine = visible_to(user, as_of).order_by()
    label = "name_it" if (get_language() or "it").startswith("it") else "name_en"
    found = {
        "class": _pairs(CreditClass.objects.filter(pk__in=mine.values("credit_class")), label),
        "salesperson": _pairs(Salesperson.objects.filter(pk__in=mine.values("salesperson")), "name"),
        "area": _pairs(OrgUnit.objects.filter(pk__in=mine.values("area")), "name"),
        "collector": _users(User.objects.filter(pk__in=mine.values("collector"))),
        "creditor": _pairs(Creditor.objects.filter(pk__in=mine.values("creditor")), "name"),
        "strategy": _pairs(Strategy.objects.filter(live_version__isnull=False), label),
    }
    for key in ("class", "salesperson", "area", "collector", "strategy"):
        found[key].append((NONE, _("none")))
    found["overdue"] = [
        ("yes", _("Overdue")),
        ("1000", _("Overdue from 1,000")),
        ("10000", _("Overdue from 10,000")),
        ("no", _("Nothing overdue")),
    ]
    return found


def _pairs(rows: QuerySet, label: str) -> list[tuple[str, str]]:
    return [(code, name or code) for code, name in rows.order_by(label, "code").values_list("code", label)]


def _users(rows: QuerySet[User]) -> list[tuple[str, str]]:
    found = rows.order_by("full_name", "username").values_list("username", "full_name")
    return [(username, full_name or username) for username, full_name in found]
