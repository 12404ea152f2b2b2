"""A cycle running beside: days run one after the other in a process of their own until the block ends."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta


@contextmanager
def cycle_beside(*, slug: str, after: date) -> Iterator[None]:
    """Runs the cycle of the days after `after` while the block measures; begins when the first day does."""
    runner = subprocess.Popen(
        [sys.executable, "-m", "bench.beside", slug, str(after)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        if runner.stdout is None or not runner.stdout.readline():
            raise RuntimeError("the cycle beside did not start")
        yield
        if runner.poll() is not None:
            raise RuntimeError("the cycle beside ended before the measure did")
    finally:
        runner.kill()
        runner.wait()


def live_days(slug: str, after: date) -> None:
    """Runs day after day, for ever."""
    from spartito.cli.frame import open_house

    open_house()
    from django_tenants.utils import tenant_context

    from spartito.cycle.runs import run_cycle
    from spartito.tenants.models import Tenant

    tenant = Tenant.objects.get(slug=slug)
    with tenant_context(tenant):
        print("begins", flush=True)
        while True:
            after += timedelta(days=1)
            run_cycle(tenant=tenant, as_of=after)


if __name__ == "__main__":
    live_days(sys.argv[1], date.fromisoformat(sys.argv[2]))
