"""A draft rehearsed against what is in force: the days to come lived twice on copies of today's portfolio (design 6).

The engine's own steps decide; payments come as habits let expect them (`prediction`). Nothing is kept: no row, no
sequence, no lock that a writer would meet.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.cycle import rehearsal_results as results
from spartito.cycle.ahead import live_ahead, without_trace, working_days
from spartito.cycle.prediction import expect_payments
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.progress import Progress
from spartito.platform.sql import run_steps
from spartito.portfolio.models import Customer
from spartito.portfolio.steps import RESOLVE_ACCOUNTS
from spartito.portfolio.visibility import scope_of, visible_to
from spartito.strategies import steps as strategies
from spartito.strategies.conditions import asks_for_balances
from spartito.strategies.models import Enrolment, Strategy, Version
from spartito.strategies.operations import check_policy, load_strategy, publish_strategy
from spartito.tenants.models import Tenant

LONGEST = 366
MOST_SHARE = 0.6  # of the accounts: above it all of them are as quick
HISTORY = timedelta(days=400)  # what limits, habits and facts look back at


class RehearsalRefused(Refused):
    """The number of days is not between 1 and 366, there is no working day among them, or nobody to rehearse with."""


@dataclass
class Rehearsal:
    """What is rehearsed: the draft's text, the days, for whom."""

    source: str
    as_of: date
    until: date
    customers: list[int] | None
    days: list[date] = field(default_factory=list)


def rehearse(
    *,
    tenant: Tenant,
    source: str,
    as_of: date,
    days: int = 90,
    user: User | None = None,
    only: Sequence[int] | None = None,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """What the draft `source` would do in the `days` after `as_of`, beside what is in force (`rehearsal_results.tell`).

    `user`: only the customers this person sees; `only`: only the accounts of these. Amounts in the tenant's currency.
    Raises StrategyRefused for a text that is no policy, RehearsalRefused.
    """
    started = time.monotonic()
    if not 1 <= days <= LONGEST:
        raise RehearsalRefused(
            _("%(days)s days: a rehearsal lasts from 1 to %(most)s days") % {"days": days, "most": LONGEST}
        )
    policy = check_policy(source=source)
    asked = Rehearsal(source, as_of, as_of + timedelta(days=days), _whose(user, only, as_of))
    asked.days = working_days(after=as_of, until=asked.until)
    if not asked.days:
        raise RehearsalRefused(_("there is no working day until %(until)s") % {"until": asked.until.isoformat()})
    live = Strategy.objects.filter(code=policy.code).values_list("live_version__number", flat=True).first()
    told = _rehearse(asked, details=only is not None, on_progress=on_progress)
    head = {"strategy": policy.code, "live_version": live, "date": as_of, "days": days, "working_days": len(asked.days),
            "from": asked.days[0], "to": asked.until}  # fmt: skip
    return head | told | {"seconds": round(time.monotonic() - started, 3)}


def _whose(user: User | None, only: Sequence[int] | None, as_of: date) -> list[int] | None:
    """Ids of all customers of the accounts concerned; None = everybody."""
    sees_all = user is None or scope_of(user, as_of).everything
    if sees_all and only is None:
        return None
    asked = Customer.objects.all() if sees_all or user is None else visible_to(user, as_of)
    if only is not None:
        asked = asked.filter(pk__in=only)
    accounts = {account or customer for customer, account in asked.values_list("pk", "account")}
    members = set(Customer.objects.filter(account__in=accounts).values_list("pk", flat=True)) | accounts
    if not members:
        raise RehearsalRefused(_("there is no customer to rehearse with"))
    return sorted(members)


def _rehearse(asked: Rehearsal, *, details: bool, on_progress: Progress | None) -> dict[str, Any]:
    total = 2 * len(asked.days)

    def days_over(before: int) -> Callable[[int], None]:
        return lambda number: on_progress(_("day by day"), before + number, total) if on_progress else None

    def before_copies() -> None:
        expect_payments(as_of=asked.as_of, until=asked.until, customers=asked.customers)

    with without_trace(since=asked.as_of - HISTORY, customers=asked.customers, before_copies=before_copies):
        _let_expected_money_come()
        run_steps(RESOLVE_ACCOUNTS, as_of=asked.as_of, customers=asked.customers)
        live = _live_in_force(asked, days_over(0))
        draft = _live_draft(asked, live, days_over(len(asked.days)))
        told = results.tell(
            live=live.rows, draft=draft.rows, lived_again=draft.changed, as_of=asked.as_of, details=details
        )
    if on_progress:
        on_progress(_("day by day"), total, total)
    return told | {"followers": draft.followers}


def _let_expected_money_come() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into pg_temp.portfolio_movement (item_id, day, amount, cause, is_inferred, is_applied)"
            " select item_id, day, -amount, 'paid', true, false from pg_temp.expected_payment"
            " where item_id in (select id from pg_temp.portfolio_item)"
        )
        cursor.execute("analyze portfolio_movement")


@dataclass
class Lived:
    """One side: its rows, who followed which version, which accounts were lived again, followers of the strategy."""

    rows: results.Rows
    followed: dict[int, int | None]
    changed: list[int] = field(default_factory=list)
    followers: int = 0


def _live_in_force(asked: Rehearsal, on_progress: Callable[[int], None]) -> Lived:
    with undone():
        live_ahead(
            days=asked.days, customers=asked.customers, balances_matter=balances_matter(), on_progress=on_progress
        )
        return Lived(results.take_out(as_of=asked.as_of), _followed())


def _live_draft(asked: Rehearsal, live: Lived, on_progress: Callable[[int], None]) -> Lived:
    """Only accounts that would follow another version are lived again; the others do what they do today."""
    with undone():
        version = put_in_force(source=asked.source)
        strategies.enrol(as_of=asked.days[0], run_id=None, customers=asked.customers)
        followed = _followed()
        moving = balances_matter()
        changed = [account for account, other in followed.items() if moving or live.followed.get(account) != other]
        if changed:
            theirs = asked.customers if len(changed) > MOST_SHARE * len(followed) else _members(changed)
            live_ahead(days=asked.days, customers=theirs, balances_matter=moving, on_progress=on_progress)
        rows = results.take_out(as_of=asked.as_of, accounts=changed)
        return Lived(rows, followed, changed, sum(1 for other in followed.values() if other == version.pk))


@contextmanager
def undone() -> Iterator[None]:
    """What the block does to the copies is taken back: the next one begins from the same portfolio."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def put_in_force(*, source: str) -> Version:
    """A text as the live version of its strategy: on copies alone, since nobody was asked."""
    version = load_strategy(source=source)
    if version.strategy.live_version_id == version.pk:
        return version
    if version.status != Version.Status.DRAFT:
        version = load_strategy(source=source, afresh=True)
    return publish_strategy(code=version.strategy.code, number=version.number)


def balances_matter() -> bool:
    """Whether who follows which strategy depends on facts that days and payments change."""
    live = Version.objects.filter(pk__in=Strategy.objects.values("live_version"))
    return any(asks_for_balances(applies_to) for applies_to in live.values_list("applies_to", flat=True))


def _followed() -> dict[int, int | None]:
    return dict(Enrolment.objects.values_list("account_id", "version_id"))


def _members(accounts: Sequence[int]) -> list[int]:
    theirs = set(Customer.objects.filter(account__in=accounts).values_list("pk", flat=True))
    return sorted(theirs | set(accounts))
