"""A past range lived again, day by day, with the money as it fell."""

import time
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

import spartito.portfolio.steps
from spartito.actions.models import PlannedAction
from spartito.communications.operations import let_replayed_messages_leave
from spartito.cycle.daily import DAY
from spartito.cycle.models import Run, RunStep
from spartito.cycle.runs import RunRefused, check_date
from spartito.platform import clock, locks
from spartito.platform.progress import Progress
from spartito.tenants.models import Tenant
from spartito.tenants.operations import record_run


def replay(*, tenant: Tenant, start: date, end: date, on_progress: Progress | None = None) -> dict[str, float | int]:
    """Run every day from `start` to `end`, one transaction a day; messages leave on paper only.

    On an empty history balances are first taken back to the evening before `start`; with a
    history, dates only go forward (design 6, rule 13). Returns {days, planned, seconds}.
    Raises RunRefused, and locks.Busy when a run is under way.
    """
    started = time.monotonic()
    if end < start:
        raise RunRefused(_("the range ends on %(end)s, before it starts on %(start)s") % {"end": end, "start": start})
    with locks.run_alone():
        check_date(tenant=tenant, as_of=start)
        check_date(tenant=tenant, as_of=end)
        if Run.objects.exclude(status=Run.Status.DONE).exists():
            raise RunRefused(_("a run broke off: finish it first with: spartito cycle"))
        days = (end - start).days + 1
        planned = 0
        for number in range(days):
            if on_progress is not None:
                on_progress(str(start + timedelta(days=number)), number, days)
            planned += _one_day(tenant=tenant, day=start + timedelta(days=number))
    return {"days": days, "planned": planned, "seconds": round(time.monotonic() - started, 3)}


def _one_day(*, tenant: Tenant, day: date) -> int:
    with transaction.atomic():
        locks.ledger_exclusive()
        if not Run.objects.exists():
            spartito.portfolio.steps.rewind(as_of=day - timedelta(days=1))
        run = Run.objects.create(date=day, kind=Run.Kind.REPLAY)
        log = []
        for name, step in DAY:
            began = time.monotonic()
            results = step(as_of=day, run_id=run.id)
            log.append(
                RunStep(
                    run=run, name=name, rows=sum(result.rows for result in results), seconds=time.monotonic() - began
                )
            )
        RunStep.objects.bulk_create(log)
        let_replayed_messages_leave(as_of=day)
        run.planned = PlannedAction.objects.filter(run_id=run.id).count()
        run.status = Run.Status.DONE
        run.finished_at = clock.now()
        run.save()
        record_run(tenant=tenant, run_date=day)
    return run.planned
