"""A cycle killed at any moment and run again ends as if nobody had killed it."""

import contextlib
import random
import subprocess
import sys
import time
from datetime import date, timedelta

from spartito.cycle.models import Run
from spartito.cycle.runs import run_cycle
from spartito.platform import locks
from tests.builders import customer, invoice
from tests.fixtures import living_tenant
from tests.state import state

DAYS = [date(2026, 3, 2) + timedelta(number) for number in range(20)]


def fill_ledger():
    for number in range(30):
        who = customer(f"C{number}", email=f"c{number}@cliente.example")
        for place in range(4):
            invoice(
                who,
                f"FT{place}",
                issued=date(2026, 1, 1),
                due=DAYS[0] + timedelta(place * 5 - 12),
                amount=1000 + number,
            )


def killed_while_it_runs(slug, day, after):
    """Starts the day in a process of its own and kills it `after` seconds from the moment the run began."""
    command = [sys.executable, "-m", "spartito.cli.main", "--tenant", slug, "cycle", "--date", str(day)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not Run.objects.filter(date=day).exists():
        time.sleep(0.005)
    time.sleep(after)
    process.kill()
    was_killed = process.wait() != 0
    wait_until_its_locks_are_gone()
    return was_killed


def wait_until_its_locks_are_gone():
    """The server goes on with what a dead process asked for until it looks; the next run would be refused meanwhile."""
    for _ in range(1000):
        with contextlib.suppress(locks.Busy), locks.run_alone():
            return
        time.sleep(0.05)
    raise AssertionError("the killed run's lock stays")


def test_runs_killed_at_twenty_moments_end_like_those_nobody_killed(live_tenant):
    fill_ledger()
    dice = random.Random(2026)
    killed = [killed_while_it_runs(live_tenant.slug, day, dice.uniform(0, 0.25)) for day in DAYS]
    assert sum(killed) >= 10, "most runs were over before they could be killed"
    run_cycle(tenant=live_tenant, as_of=DAYS[-1])
    interrupted = state()

    with living_tenant() as twin:
        fill_ledger()
        for day in DAYS:
            run_cycle(tenant=twin, as_of=day)
        assert interrupted == state()
