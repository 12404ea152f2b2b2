"""What the engine will plan on the days to come, beside what is planned already: worked out when it is asked for."""

from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.access.models import User
from spartito.portfolio.models import Customer
from spartito.portfolio.visibility import visible_to
from spartito.strategies.foretold import Foretold, foretold
from spartito.web import doors
from spartito.web.duedates.asked import day_of, month_of, values_of

MOST = 60  # accounts looked ahead for: those that owe most
KEPT = 120  # seconds


@needs("ledger.view", "explain.view")
@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """The next step of each account in a month (`month`) or on a `day`, as the engine would plan it if nothing changed."""
    as_of, values = request.business_date, values_of(request)  # type: ignore[attr-defined]
    only = day_of(request.GET.get("day", ""))
    first = month_of(request.GET.get("month", ""), as_of)
    last = (only or first) + relativedelta(day=31)
    start, until = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    found, is_more = _foretold(request.user, as_of, until, values)  # type: ignore[arg-type]
    shown = [each for each in found if (each.day == only if only else each.day >= start)]
    context: dict[str, Any] = {"steps": shown, "by_day": _by_day(shown), "only": only, "is_more": is_more, "most": MOST, "past": until <= as_of}  # fmt: skip
    return doors.page(request, "duedates/ahead.html", context, part="rows" if only else "cells")


def _foretold(user: User, as_of: date, until: date, values: dict[str, str]) -> tuple[list[Foretold], bool]:
    """Kept for two minutes: a calendar and the days opened from it ask the same."""
    key = f"foretold:{user.pk}:{as_of}:{until}:{hash(tuple(sorted(values.items())))}"
    kept: tuple[list[Foretold], bool] | None = cache.get(key)
    if kept is None:
        accounts, is_more = _accounts(user, as_of, values)
        kept = (foretold(accounts=accounts, as_of=as_of, until=until) if until > as_of else [], is_more)
        cache.set(key, kept, KEPT)
    return kept


def _accounts(user: User, as_of: date, values: dict[str, str]) -> tuple[list[Customer], bool]:
    rows = visible_to(user, as_of).filter(position__balance__gt=0)
    if words := values.get("q"):
        rows = rows.filter(name__icontains=words) | rows.filter(code__iexact=words)
    for key in ("area", "salesperson"):
        if values.get(key):
            rows = rows.filter(**{key: values[key]})
    found = list(rows.order_by("-position__overdue", "-position__balance", "pk")[: MOST + 1])
    return found[:MOST], len(found) > MOST


def _by_day(steps: list[Foretold]) -> list[tuple[date, int]]:
    counts: dict[date, int] = {}
    for each in steps:
        counts[each.day] = counts.get(each.day, 0) + 1
    return sorted(counts.items())
