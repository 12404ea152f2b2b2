"""The rows of the customers list: visible ones, narrowed by what the person asks, with totals and choices."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.access.models import OrgUnit, User
from spartito.portfolio.models import CreditClass, Creditor, Customer, Salesperson
from spartito.portfolio.queries import find_customers
from spartito.portfolio.visibility import sees_everything, visible_to
from spartito.strategies.models import Enrolment, Strategy

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
# No more is joined: to plan a join of ten tables takes longer than to read fifty rows of each.
JOINED, READ_BESIDE = ("position", "credit_class", "salesperson"), ("collector", "creditor")


@dataclass(frozen=True)
class Totals:
    """Sums over the whole list, in the tenant's currency."""

    customers: int
    late: int
    overdue: Decimal
    balance: Decimal


def customers_for(*, user: User, as_of: date, values: dict[str, str], in_order: bool = False) -> QuerySet[Customer]:
    """The visible customers that match every filter value; retired ones only when asked for."""
    words, retired = values.get("q", ""), bool(values.get("retired"))
    rows = find_customers(user=user, as_of=as_of, words=words, with_retired=retired, in_order=in_order)
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


def with_all_a_row_shows(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """The rows with what stands beside each: position, class, people, and the name of the strategy followed."""
    followed = Enrolment.objects.filter(account=OuterRef("account")).values(f"strategy__{_name_column()}")
    rows = rows.select_related(*JOINED).prefetch_related(*READ_BESIDE)
    return rows.annotate(strategy_name=Subquery(followed))


def totals_of(rows: QuerySet[Customer]) -> Totals:
    found = rows.order_by().aggregate(
        customers=Count("pk"),
        late=Count("pk", filter=Q(position__overdue__gt=0)),
        overdue=Sum("position__overdue"),
        balance=Sum("position__balance"),
    )
    zero = Decimal(0)
    return Totals(found["customers"], found["late"], found["overdue"] or zero, found["balance"] or zero)


def choices(*, user: User, as_of: date) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: only what the person's own customers have."""
    mine = _of_mine(user, as_of)
    label = _name_column()
    found = {
        "class": _pairs(CreditClass.objects.filter(pk__in=mine["credit_class"]), label),
        "salesperson": _pairs(Salesperson.objects.filter(pk__in=mine["salesperson"]), "name"),
        "area": _pairs(OrgUnit.objects.filter(pk__in=mine["area"]), "name"),
        "collector": _users(User.objects.filter(pk__in=mine["collector"])),
        "creditor": _pairs(Creditor.objects.filter(pk__in=mine["creditor"]), "name"),
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


OFFERED = ("credit_class", "salesperson", "area", "collector", "creditor")


def _of_mine(user: User, as_of: date) -> dict[str, Any]:
    """Ids that the person's customers carry: of all customers an index tells them, of some they are read once."""
    mine = visible_to(user, as_of).order_by()
    if sees_everything(user, as_of):
        return {column: mine.values(column) for column in OFFERED}
    combined = zip(*mine.values_list(*(f"{column}_id" for column in OFFERED)).distinct(), strict=True)
    found = dict(zip(OFFERED, (set(ids) - {None} for ids in combined), strict=False))
    return {column: found.get(column, ()) for column in OFFERED}


def _name_column() -> str:
    return "name_it" if (get_language() or "it").startswith("it") else "name_en"


def _pairs(rows: QuerySet, label: str) -> list[tuple[str, str]]:
    return [(code, name or code) for code, name in rows.order_by(label, "code").values_list("code", label)]


def _users(rows: QuerySet[User]) -> list[tuple[str, str]]:
    found = rows.order_by("full_name", "username").values_list("username", "full_name")
    return [(username, full_name or username) for username, full_name in found]
