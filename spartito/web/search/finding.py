"""Finding customers and documents from a few typed letters. Every row goes through `visible_to`."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from spartito.access.models import User
from spartito.portfolio.models import Customer, Item
from spartito.portfolio.visibility import visible_to

MOST = 12


@dataclass
class Found:
    """Up to MOST customers and MOST documents."""

    customers: list[Customer] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def find(words: str, *, user: User, as_of: date, with_items: bool) -> Found:
    """Customers by the beginning of their code, VAT number or tax code, by any part of their name, by e-mail or
    phone; documents by the beginning of their number. Exact codes come first, then by overdue."""
    seen = visible_to(user, as_of)
    customers = _customers(seen, words)
    items = list(_items(seen, words)) if with_items else []
    return Found(customers=customers, items=items)


def _customers(seen: QuerySet[Customer], words: str) -> list[Customer]:
    rows = seen.select_related("position", "creditor")
    exact = list(rows.filter(Q(code__iexact=words) | Q(vat_number=words.removeprefix("IT")))[:MOST])
    if len(exact) >= MOST:
        return exact
    by_name = Q()
    for word in words.split():
        by_name &= Q(name__icontains=word)
    digits = "".join(sign for sign in words if sign.isdigit())
    any_of = by_name | Q(code__istartswith=words) | Q(vat_number__startswith=words) | Q(tax_code__istartswith=words)
    if "@" in words:
        any_of |= Q(email__icontains=words) | Q(contacts__email__icontains=words)
    if len(digits) >= 6:  # noqa: PLR2004
        any_of |= Q(phone__contains=digits[-7:])
    others = rows.filter(any_of).exclude(pk__in=[c.pk for c in exact]).order_by("-position__overdue", "name").distinct()
    return exact + list(others[: MOST - len(exact)])


def _items(seen: QuerySet[Customer], words: str) -> QuerySet[Item]:
    rows = Item.objects.filter(document_number__istartswith=words, customer__in=seen.values("pk"))
    return rows.select_related("customer").order_by("closed_on", "-due_date")[:MOST]
