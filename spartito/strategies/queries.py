"""Reads of policies, which tell nothing about customers and take no user; and of items past their last step."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.platform.sql import text_of
from spartito.portfolio.models import Item
from spartito.portfolio.visibility import visible_to
from spartito.strategies.models import Strategy, Version
from spartito.strategies.policy_text import StrategyRefused


def strategies_in_order() -> list[dict[str, Any]]:
    """Every strategy: the live ones in the order they are tried, then those with drafts only."""
    found = Strategy.objects.select_related("live_version").prefetch_related("versions")
    rows = [_row(strategy) for strategy in found]
    return sorted(rows, key=lambda row: (row["version"] is None, row["priority"], row["code"]))


def _row(strategy: Strategy) -> dict[str, Any]:
    live = strategy.live_version
    newest = max(strategy.versions.all(), key=lambda version: version.number, default=None)
    draft = newest if newest is not None and newest.status == Version.Status.DRAFT else None
    shown = live or newest
    return {
        "code": strategy.code,
        "name": strategy.name_it,
        "version": live.number if live else None,
        "draft": draft.number if draft else None,
        "priority": shown.priority if shown else 100,
        "default": strategy.is_default,
    }


def text_of_strategy(*, code: str, number: int | None = None) -> dict[str, Any]:
    """A version's text: `number`, else the live one, else the newest. Raises StrategyRefused."""
    strategy = Strategy.objects.filter(code=code).select_related("live_version").first()
    if strategy is None:
        raise StrategyRefused(_("no strategy is called %(code)s") % {"code": code})
    if number is not None:
        version = strategy.versions.filter(number=number).first()
    else:
        version = strategy.live_version or strategy.versions.order_by("-number").first()
    if version is None:
        raise StrategyRefused(_("strategy %(code)s has no version %(number)s") % {"code": code, "number": number})
    return {"strategy": code, "version": version.number, "status": version.status, "source": version.source}


EXHAUSTED = Path(__file__).parent / "reads" / "exhausted.sql"


def exhausted(*, user: User, as_of: date) -> list[dict[str, Any]]:
    """The items past their last step (*esaurite*) of the customers that `user` may see, the largest first.

    Each is {item, customer, step, since, days_overdue, amount}: an item of a visible customer, the step that was the
    last and its day, and what may be asked for, in the item's currency. An item leaves the list when it is paid, held,
    or its strategy gets a further step or `repeat_every`.
    """
    with connection.cursor() as cursor:
        cursor.execute(text_of(EXHAUSTED), {"as_of": as_of, "customers": None})
        rows = cursor.fetchall()
    visible = visible_to(user, as_of).filter(pk__in={row[1] for row in rows})
    customers = {customer.pk: customer for customer in visible}
    items = Item.objects.in_bulk([row[0] for row in rows if row[1] in customers])
    return [
        {
            "item": items[item],
            "customer": customers[customer],
            "step": step,
            "since": since,
            "days_overdue": days,
            "amount": amount,
        }
        for item, customer, step, since, days, amount, _here in rows
        if customer in customers
    ]
