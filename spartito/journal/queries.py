"""Reads of history. A customer's entries are read through a visible customer: callers check that first."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from spartito.journal.models import Entry


def entries_of(*, customers: Iterable[int], nouns: Iterable[str] = (), until: date | None = None) -> QuerySet[Entry]:
    """Entries of these customers, the latest first; `nouns` keeps verbs that start with one (`hold`, `message` …).

    Internal: the callers have made sure that the customers are visible.
    """
    rows = Entry.objects.filter(customer_id__in=list(customers)).order_by("-at", "-id")
    wanted = Q()
    for noun in nouns:
        wanted |= Q(verb__startswith=f"{noun}.")
    rows = rows.filter(wanted)
    return rows.filter(business_date__lte=until) if until else rows


def entries_of_house(*, nouns: Iterable[str]) -> QuerySet[Entry]:
    """Entries that concern no customer: imports, strategies, users, runs."""
    wanted = Q()
    for noun in nouns:
        wanted |= Q(verb__startswith=f"{noun}.")
    return Entry.objects.filter(wanted, customer_id__isnull=True).order_by("-at", "-id")
