"""Finding customers: by code, by words, in a list. Only visible ones are found."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.platform import money
from spartito.platform.errors import Refused
from spartito.portfolio.models import Customer, Item
from spartito.portfolio.queries.ageing import ageing
from spartito.portfolio.visibility import visible_in_order, visible_to

RELATED = ("creditor", "credit_class", "salesperson", "area", "division", "sector", "collector", "position")


class UnknownCustomer(Refused):
    """No customer has this code (or none that the user may see), or two creditors use it."""


def _rows(user: User | None, as_of: date) -> QuerySet[Customer]:
    """`user` None is the house itself."""
    return Customer.objects.all() if user is None else visible_to(user, as_of)


def customer_by_code(*, user: User | None, as_of: date, code: str) -> Customer:
    """The visible customer called CODE or CREDITOR/CODE. Raises UnknownCustomer."""
    creditor, slash, rest = code.partition("/")
    exact = Q(code=code) | (Q(creditor__code=creditor, code=rest) if slash else Q(pk__in=[]))
    found = list(_rows(user, as_of).filter(exact).select_related(*RELATED)[:2])
    if not found:
        raise UnknownCustomer(_("no customer is called %(code)s") % {"code": code})
    if len(found) > 1:
        names = _(" or ").join(f"{customer.creditor.code}/{customer.code}" for customer in found)
        raise UnknownCustomer(
            _("two creditors have a customer %(code)s: say %(names)s") % {"code": code, "names": names}
        )
    return found[0]


def codes_on_the_command_line(customers: Iterable[Customer]) -> dict[int, str]:
    """By id, what `customer_by_code` understands: CODE, or CREDITOR/CODE where two creditors use it. Internal."""
    chosen = list(customers)
    codes = {each.code for each in chosen}
    twice = set(
        Customer.objects.filter(code__in=codes)
        .values_list("code", flat=True)
        .annotate(creditors=Count("creditor", distinct=True))
        .filter(creditors__gt=1)
        .order_by()
    )
    owners = dict(Customer.objects.filter(code__in=twice).values_list("pk", "creditor__code"))
    return {each.pk: f"{owners[each.pk]}/{each.code}" if each.code in twice else each.code for each in chosen}


def worst_first(*, user: User | None, as_of: date) -> list[tuple[Customer, Decimal]]:
    """Visible customers, each with what was overdue on `as_of` (tenant's currency), the most overdue first."""
    told = ageing(user=user, as_of=as_of, by="customer")["rows"]
    overdue: dict[int, Decimal] = {row["id"]: row["overdue"] for row in told}
    rows = [(customer, overdue.get(customer.pk, money.ZERO)) for customer in _rows(user, as_of).order_by("code")]
    return sorted(rows, key=lambda row: -row[1])


def find_customers(
    *,
    user: User | None,
    as_of: date,
    words: str = "",
    filters: dict[str, Any] | None = None,
    with_retired: bool = False,
    in_order: bool = False,
) -> QuerySet[Customer]:
    """The customers list: words in the name, code, VAT number, tax code or a document's number; any ORM filters.

    `in_order`: only the first rows of an order will be read.
    """
    rows = visible_in_order(user, as_of) if in_order and user else _rows(user, as_of)
    if not with_retired:
        rows = rows.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=as_of))
    if words.strip():
        rows = rows.filter(_matches(words.strip()))
    return rows.filter(**(filters or {}))


def _matches(words: str) -> Q:
    """Every word in the name; or the whole, by index, as the start of a code or as a number of document or law."""
    in_name = Q()
    for word in words.split():
        in_name &= Q(name__icontains=word)
    number = words.replace(" ", "").upper()
    numbers = {number, number.removeprefix("IT")}
    by_document = Item.objects.filter(document_number__in={words, words.upper()}).values("customer")
    by_code = Q(code__in={words, words.upper()}) | Q(code__startswith=words) | Q(code__startswith=words.upper())
    return in_name | by_code | Q(vat_number__in=numbers) | Q(tax_code__in=numbers) | Q(pk__in=by_document)


def search(*, user: User, as_of: date, words: str, limit: int = 12) -> list[Customer]:
    """What the search box finds: exact code first, then names that start so, then the rest by what is overdue."""
    words = words.strip()
    if len(words) < 2:
        return []
    place = Case(
        When(code__iexact=words, then=Value(0)),
        When(name__istartswith=words, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = find_customers(user=user, as_of=as_of, words=words, with_retired=True).annotate(place=place)
    rows = rows.select_related("creditor", "position")
    return list(rows.order_by("place", F("position__overdue").desc(nulls_last=True), Lower("name"))[:limit])
