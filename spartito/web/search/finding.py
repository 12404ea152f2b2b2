"""Finding customers and documents from a few typed letters. Every row goes through `visible_to`."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from spartito.access.models import User
from spartito.portfolio.models import Contact, Customer, Item
from spartito.portfolio.queries.customers import search
from spartito.portfolio.visibility import items_in_scope, visible_to

MOST = 12
SHORTEST_NUMBER = 6


@dataclass
class Found:
    """Up to MOST customers and MOST documents."""

    customers: list[Customer] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def find(words: str, *, user: User, as_of: date, with_items: bool) -> Found:
    """Customers as `portfolio` finds them, by e-mail or telephone too; documents by the beginning of their number."""
    customers = search(user=user, as_of=as_of, words=words, limit=MOST) or _by_contact(words, user=user, as_of=as_of)
    return Found(customers=customers, items=list(_items(words, user=user, as_of=as_of)) if with_items else [])


def _by_contact(words: str, *, user: User, as_of: date) -> list[Customer]:
    """Who calls or writes: the last digits of a number, or an address, of the customer or of a contact."""
    seen = visible_to(user, as_of).select_related("position", "creditor")
    digits = "".join(sign for sign in words if sign.isdigit())
    if "@" in words:
        ids = Contact.objects.filter(email__iexact=words, customer__isnull=False).values("customer")
        return list((seen.filter(email__iexact=words) | seen.filter(pk__in=ids)).order_by("name")[:MOST])
    if len(digits) < SHORTEST_NUMBER:
        return []
    spaced = "[^0-9]*".join(digits[-9:])
    ids = Contact.objects.filter(phone__regex=spaced).values("customer")
    mobiles = Contact.objects.filter(mobile__regex=spaced).values("customer")
    found = seen.filter(phone__regex=spaced) | seen.filter(pk__in=ids) | seen.filter(pk__in=mobiles)
    return list(found.order_by("name")[:MOST])


def _items(words: str, *, user: User, as_of: date) -> QuerySet[Item]:
    rows = items_in_scope(user, as_of).filter(document_number__startswith=words)
    return rows.select_related("customer").order_by("closed_on", "-due_date")[:MOST]
