"""A run of the day for one business date: its log, its order, its resumption.

`run_cycle` commits after every step of `daily.DAY` and writes the step into the log in the
same transaction: whatever the moment of a crash, the next call goes on at the step that
was not finished, with the run's own date. Long steps commit after every range of customers, so that
a click made meanwhile waits for a range and not for the ledger; done again, a range changes nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.models import Message, PlannedAction, Task
from spartito.cycle.daily import DAY
from spartito.cycle.models import Run, RunStep
from spartito.platform import clock, locks
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.progress import Progress
from spartito.platform.sql import in_ranges
from spartito.portfolio.models import Customer
from spartito.tenants.models import Tenant
from spartito.tenants.operations import record_run
from spartito.tenants.queries import local_now

IN_RANGES = {"portfolio.refresh", "strategies.decide"}  # over 3 s at a million items
AT_ONCE = 4_000  # about so many customers in a range, and not more
FEWEST = 8  # ranges of a company that has any: a click waits for one of them
FEW = 2_000  # customers of a company whose steps are short without ranges

# One row: the customers of a range, whole accounts and who is written to for them, and the locks that stand for them.
RANGES = """
with accounts as (
    select
        id,
        coalesce(account_id, id) as account
    from portfolio_customer
),

customers as (
    select
        id,
        account %% %(buckets)s as bucket
    from accounts
    union
    select
        account,
        account %% %(buckets)s
    from accounts
)

select
    array_agg(distinct bucket),
    array_agg(distinct id)
from customers
group by bucket %% %(ranges)s
order by bucket %% %(ranges)s
"""


class RunRefused(Refused):
    """The run may not start: its date is not allowed (design 6, rule 13)."""


@dataclass(frozen=True)
class Range:
    """Customers of whole accounts, and the locks (`locks.accounts_exclusive`) that keep people's actions away from them."""

    buckets: list[int]
    customers: list[int]


@dataclass
class RunResult:
    """What a run did, as the command line prints it (design section 7)."""

    date: date
    run: int
    steps: list[dict[str, Any]] = field(default_factory=list)
    planned: int = 0
    tasks_open: int = 0
    messages_queued: int = 0
    seconds: float = 0.0


def run_cycle(
    *, tenant: Tenant, as_of: date, user: User | None = None, on_progress: Progress | None = None
) -> RunResult:
    """Run the day of `tenant` for `as_of`, first finishing an earlier run that broke off.

    Raises locks.Busy when another run is under way, RunRefused when the date is refused; nothing changed then.
    """
    with locks.run_alone():
        check_date(tenant=tenant, as_of=as_of)
        unfinished = Run.objects.exclude(status=Run.Status.DONE).first()
        if unfinished is not None and unfinished.date != as_of:
            _carry_on(tenant=tenant, run=unfinished, on_progress=on_progress)
            unfinished = None
        run = unfinished or Run.objects.create(date=as_of, kind=Run.Kind.CYCLE, user=user)
        return _carry_on(tenant=tenant, run=run, on_progress=on_progress)


def check_date(*, tenant: Tenant, as_of: date) -> None:
    """Dates go forward (rule 13): not before the last run or one that broke off, not after today."""
    if tenant.last_run_date and as_of < tenant.last_run_date:
        raise RunRefused(
            _("date %(as_of)s is before the last run's, %(last_run_date)s")
            % {"as_of": as_of, "last_run_date": tenant.last_run_date}
        )
    unfinished = Run.objects.exclude(status=Run.Status.DONE).first()
    if unfinished is not None and as_of < unfinished.date:
        raise RunRefused(
            _("date %(as_of)s is before the unfinished run's, %(date)s") % {"as_of": as_of, "date": unfinished.date}
        )
    if tenant.clock == Tenant.Clock.TODAY and as_of > local_now(tenant).date():
        raise RunRefused(_("date %(as_of)s is in the future") % {"as_of": as_of})


def _carry_on(*, tenant: Tenant, run: Run, on_progress: Progress | None) -> RunResult:
    started = time.monotonic()
    finished = set(run.steps.values_list("name", flat=True))
    try:
        for number, (name, step) in enumerate(DAY, start=1):
            if on_progress is not None:
                on_progress(name, number - 1, len(DAY))
            if name not in finished:
                _one_step(tenant=tenant, run=run, name=name, step=step)
    except BaseException as failure:
        _remember_failure(run, failure)
        raise
    _finish(tenant=tenant, run=run)
    if on_progress is not None:
        on_progress("", len(DAY), len(DAY))
    return result_of(run, seconds=time.monotonic() - started)


def _one_step(*, tenant: Tenant, run: Run, name: str, step: Callable[..., Any]) -> None:
    """One room's part of the day: for everybody at once, or range by range, and its line in the log with the last."""
    started = time.monotonic()
    *earlier, last = _ranges(name)
    rows = 0
    for a_range in earlier:
        with transaction.atomic():
            rows += _run_for(a_range, run=run, step=step)
    with transaction.atomic():
        rows += _run_for(last, run=run, step=step)
        RunStep.objects.create(run=run, name=name, rows=rows, seconds=time.monotonic() - started)


def _run_for(a_range: Range | None, *, run: Run, step: Callable[..., Any]) -> int:
    """Rows of a step for a range, alone on its accounts; for everybody (None) alone on the ledger."""
    if a_range is None:
        locks.ledger_exclusive()
        return sum(result.rows for result in step(as_of=run.date, run_id=run.id, customers=None))
    locks.ledger_shared()
    locks.accounts_exclusive(a_range.buckets)
    with in_ranges():
        return sum(result.rows for result in step(as_of=run.date, run_id=run.id, customers=a_range.customers))


def _ranges(name: str) -> list[Range | None]:
    """The ranges of a step; one of everybody (None) where the step is short or the company small."""
    if name not in IN_RANGES or (customers := Customer.objects.count()) <= FEW:
        return [None]
    how_many = min(locks.BUCKETS, max(FEWEST, -(-customers // AT_ONCE)))
    with connection.cursor() as cursor:
        cursor.execute(RANGES, {"buckets": locks.BUCKETS, "ranges": how_many})
        return [Range(*row) for row in cursor.fetchall()]


def _remember_failure(run: Run, failure: BaseException) -> None:
    """The run log says why it stopped; a lost connection leaves the run as `running`, which resumes the same."""
    from django.db import Error

    try:
        Run.objects.filter(pk=run.pk).update(
            status=Run.Status.FAILED, error=f"{type(failure).__name__}: {failure}"[:2000]
        )
    except Error:
        return


def _finish(*, tenant: Tenant, run: Run) -> None:
    with transaction.atomic():
        run.status = Run.Status.DONE
        run.error = ""
        run.finished_at = clock.now()
        run.planned = PlannedAction.objects.filter(run_id=run.id).count()
        run.save()
        record_run(tenant=tenant, run_date=run.date)


def result_of(run: Run, *, seconds: float) -> RunResult:
    """The run as a result; counts of open tasks and queued messages are of now."""
    return RunResult(
        date=run.date,
        run=run.id,
        steps=[
            {"name": step.name, "rows": step.rows, "seconds": round(step.seconds, 3)}
            for step in run.steps.order_by("id")
        ],
        planned=run.planned,
        tasks_open=Task.objects.filter(status=Task.Status.OPEN).count(),
        messages_queued=Message.objects.filter(status=Message.Status.QUEUED).count(),
        seconds=round(seconds, 3),
    )
