"""What the engine will plan next for many accounts, if nothing but the calendar changes: the same days that `explain` lives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from spartito.platform.copies import make_copies
from spartito.platform.sql import on_copies, plan_once
from spartito.portfolio.models import Customer
from spartito.strategies.explain import COPIES, live_day, next_day
from spartito.strategies.occasions_told import is_any_to_come

MOST_DAYS = 45


@dataclass(frozen=True, slots=True)
class Foretold:
    """The next action of an account: its day, step and means (a channel or a measure), and what it would ask for.

    `amount` in the tenant's currency.
    """

    account: Customer
    day: date
    step: str
    version: int | None
    means: str
    amount: Decimal


NEXT = """
select distinct on (planned.account_id)
    planned.account_id, planned.due_on, planned.step_code, planned.version_id,
    coalesce(nullif(planned.channel, ''), planned.action), planned.overdue_amount
from actions_plannedaction as planned
where planned.due_on > %(as_of)s
    and planned.origin = 'engine'
    and coalesce(planned.withdrawn_on > planned.due_on, true)
order by planned.account_id, planned.due_on, planned.kind, planned.id
"""


def foretold(*, accounts: Sequence[Customer], as_of: date, until: date) -> list[Foretold]:
    """The next action of each account after `as_of`, up to `until`, by day. Leaves no trace. Internal: doors check who asks."""
    by_id = {account.pk: account for account in accounts}
    members = Customer.objects.filter(account__in=by_id).values_list("pk", "account")
    whose = {pk: account or pk for pk, account in members} | {pk: pk for pk in by_id}
    if not whose:
        return []
    with transaction.atomic():
        make_copies(COPIES, given={"customers": sorted(whose)}, analysed=True)
        plan_once()
        with on_copies(COPIES):
            rows = _live_until(until, whose, as_of)
        transaction.set_rollback(True)
    told = [Foretold(by_id[account], *rest) for account, *rest in rows if account in by_id]
    return sorted(told, key=lambda each: (each.day, each.account.name, each.account.pk))


def _live_until(until: date, whose: Mapping[int, int], as_of: date) -> list[tuple[Any, ...]]:
    """Lives the days on which something can change, each for the accounts that have no action yet (`whose`: by customer)."""
    members, rows = sorted(whose), []
    live_day(as_of, members, deciding=False)
    looks_for_texts = is_any_to_come(as_of=as_of)
    day, first = as_of, True
    for _number in range(MOST_DAYS):
        following = next_day(day, members, first=first, looks_for_texts=looks_for_texts)
        if following is None or following > until:
            break
        day, first = following, False
        live_day(day, members)
        with connection.cursor() as cursor:
            cursor.execute(NEXT, {"as_of": as_of})
            rows = cursor.fetchall()
        have = {row[0] for row in rows}
        members = [member for member in members if whose[member] not in have]
        if not members:
            break
    return rows
