"""What runs the day by itself: a tick every quarter of an hour, and one job a tenant and day."""

from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from spartito.platform import clock
from spartito.platform.jobs import defer, tenant_job
from spartito.platform.logs import logger
from spartito.tenants.models import Tenant
from spartito.tenants.queries import all_tenants, local_now

log = logger(__name__)


@app.task(name="cycle_tick", queue="ticks")
def tick(timestamp: int | None = None) -> None:
    """Starts the day of every tenant whose local run time has passed and that has had no run today.

    A day nobody ran (a machine that was off) is caught up by the next tick: one run for today's date.
    """
    del timestamp  # the tick asks the clock: one that waited in the queue must not start yesterday
    for tenant in all_tenants():
        if is_due(tenant, at=local_now(tenant)):
            defer(run_day, tenant=tenant, once_as="day", one_at_a_time="cycle")
        defer(watch_folder, tenant=tenant, once_as="watch", one_at_a_time="cycle")


def is_due(tenant: Tenant, *, at: datetime) -> bool:
    """Whether the tenant's day should start at this local time. Replayed histories never start by themselves."""
    if tenant.clock != Tenant.Clock.TODAY or at.time() < tenant.run_time:
        return False
    return tenant.last_run_date is None or tenant.last_run_date < at.date()


@tenant_job(name="cycle_run_day", queue="cycle")
def run_day(*, tenant: Tenant) -> None:
    """Takes in what lies in the watched folder, then runs the day; what is wrong with a file does not stop the day."""
    from spartito.cycle.runs import run_cycle
    from spartito.platform.errors import Refused

    if not is_due(tenant, at=local_now(tenant)):
        return
    take_files(tenant)
    try:
        run_cycle(tenant=tenant, as_of=local_now(tenant).date())
    except Refused as refused:
        log.warning("day_refused", tenant=tenant.slug, reason=str(refused))


@tenant_job(name="cycle_watch_folder", queue="cycle")
def watch_folder(*, tenant: Tenant) -> None:
    """Imports what was put into the tenant's folder since the last tick."""
    take_files(tenant)


def take_files(tenant: Tenant) -> None:
    """Imports the files of the watched folder; a failure is logged and told on the landing page, not raised."""
    from spartito.cycle.watch import take_in

    now = clock.now()
    try:
        take_in(tenant=tenant, at=local_now(tenant), settled_before=now - timedelta(seconds=30))
    except Exception:
        log.exception("watched_folder_failed", tenant=tenant.slug)
