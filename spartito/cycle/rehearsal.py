"""A draft rehearsed against what is in force: the days to come lived twice on copies of today's portfolio (design 6).

The engine's own steps decide; payments come as habits let expect them (`prediction`). Nothing is kept: no row, no
sequence, no lock that a writer would meet. A large portfolio is lived in parts of whole accounts, two at a time.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.cycle import rehearsal_results as results
from spartito.cycle.ahead import copies_for_people, leave_out, live_ahead, without_trace, working_days
from spartito.cycle.parts import in_parts
from spartito.cycle.prediction import expect_payments
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.moments import Tell, one_moment
from spartito.platform.progress import Progress
from spartito.platform.sql import run_steps
from spartito.portfolio.models import Customer
from spartito.portfolio.steps import RESOLVE_ACCOUNTS
from spartito.portfolio.visibility import scope_of, visible_to
from spartito.strategies import steps as strategies
from spartito.strategies.models import Enrolment, Strategy, Version
from spartito.strategies.operations import check_policy, load_strategy, publish_strategy
from spartito.strategies.outlook import what_moves_followers
from spartito.tenants.models import Tenant

LONGEST = 366
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
    def tell(share: float) -> None:
        if on_progress:
            on_progress(_("day by day"), round(share * 2 * len(asked.days)), 2 * len(asked.days))

    def both(customers: list[int] | None, tell: Tell) -> results.Part:
        return _live_both(asked, customers, details=details, tell=tell)

    with one_moment() as moment:
        parts = in_parts(both, customers=asked.customers, moment=moment, tell=tell)
        with copies_for_people(since=asked.as_of - HISTORY, customers=asked.customers):
            told = results.tell(parts, as_of=asked.as_of, details=details)
    tell(1)
    return told


def _live_both(asked: Rehearsal, customers: list[int] | None, *, details: bool, tell: Tell) -> results.Part:
    """Both sides of some whole accounts, each from the same copies."""

    def before_copies() -> None:
        expect_payments(as_of=asked.as_of, until=asked.until, customers=customers)

    with without_trace(since=asked.as_of - HISTORY, customers=customers, before_copies=before_copies):
        _let_expected_money_come()
        run_steps(RESOLVE_ACCOUNTS, as_of=asked.as_of, customers=None)
        part = results.Part(cash=results.cash(asked.as_of), owed=results.owed())
        followed = _live_in_force(asked, part, details=details, tell=lambda share: tell(share / 2))
        _live_draft(asked, part, followed, details=details, tell=lambda share: tell((1 + share) / 2))
        return part


def _let_expected_money_come() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into pg_temp.portfolio_movement (item_id, day, amount, cause, is_inferred, is_applied)"
            " select item_id, day, -amount, 'paid', true, false from pg_temp.expected_payment"
            " where item_id in (select id from pg_temp.portfolio_item)"
        )
        cursor.execute("analyze portfolio_movement")


def _live_in_force(asked: Rehearsal, part: results.Part, *, details: bool, tell: Tell) -> dict[int, int | None]:
    """The side of what is in force; returns who followed which version."""
    with undone():
        live_ahead(days=asked.days, tell=tell)
        part.live = results.take_out(as_of=asked.as_of, details=details)
        return _followed()


def _live_draft(
    asked: Rehearsal, part: results.Part, live: dict[int, int | None], *, details: bool, tell: Tell
) -> None:
    """Only accounts that would follow another version are lived again; the others do what they do today."""
    with undone():
        version, is_new = put_in_force(source=asked.source)
        strategies.enrol(as_of=asked.days[0], run_id=None)
        followed = _followed()
        part.followers = sum(1 for other in followed.values() if other == version.pk)
        moving = bool(what_moves_followers())
        changed = [each for each, other in followed.items() if is_new and (moving or live.get(each) != other)]
        if changed:
            leave_out(set(followed) - set(changed))
            live_ahead(days=asked.days, tell=tell)
            part.draft = results.take_out(as_of=asked.as_of, details=details)
        part.lived_again = changed


@contextmanager
def undone() -> Iterator[None]:
    """What the block does to the copies is taken back: the next one begins from the same portfolio."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def put_in_force(*, source: str) -> tuple[Version, bool]:
    """A text as the live version of its strategy, and whether it was not before: on copies alone, since nobody was asked."""
    version = load_strategy(source=source)
    if version.strategy.live_version_id == version.pk:
        return version, False
    if version.status != Version.Status.DRAFT:
        version = load_strategy(source=source, afresh=True)
    return publish_strategy(code=version.strategy.code, number=version.number), True


def _followed() -> dict[int, int | None]:
    return dict(Enrolment.objects.values_list("account_id", "version_id"))
