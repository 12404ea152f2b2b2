"""A cycle killed at any moment and run again ends as if nobody had killed it."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
from django.db import connection

from spartito.cycle.models import Run
from spartito.cycle.runs import run_cycle
from tests.builders import customer, invoice
from tests.state import state

MONDAY = date(2026, 3, 2)
MOMENTS = 20


def fill_ledger():
    for number in range(30):
        who = customer(f"C{number}", email=f"c{number}@cliente.example")
        for document in range(3):
            invoice(
                who, f"FT{document}", issued=date(2026, 1, 1), due=date(2026, 2, 20 - document * 3), amount=1000 + number
            )


def start_cycle(slug):
    command = [sys.executable, "-m", "spartito.cli.main", "--tenant", slug, "--json", "cycle", "--date", str(MONDAY)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def wait_for_the_run(process):
    """Until the run has begun: killing an interpreter that is still importing proves nothing."""
    while process.poll() is None and not Run.objects.filter(date=MONDAY).exists():
        time.sleep(0.005)
    return time.monotonic()


@pytest.fixture
def undisturbed(tenant):
    """What the day leaves when nobody kills it."""
    fill_ledger()
    run_cycle(tenant=tenant, as_of=MONDAY)
    return state()


def test_a_run_killed_at_twenty_moments_ends_like_one_that_was_not(undisturbed, live_tenant):
    fill_ledger()
    dice = random.Random(2026)
    for _ in range(MOMENTS):
        process = start_cycle(live_tenant.slug)
        began = wait_for_the_run(process)
        time.sleep(max(0.0, dice.uniform(0, 0.4) - (time.monotonic() - began)))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    connection.close()
    connection.set_tenant(live_tenant)
    run_cycle(tenant=live_tenant, as_of=MONDAY)
    assert state() == undisturbed
