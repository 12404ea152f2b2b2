"""A rehearsal changes nothing, in one session or in two at once: finished, cancelled, failed or killed; nobody waits for it."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from spartito.archive.operations import archive_document
from spartito.cycle import parts, rehearsal
from spartito.cycle.act import act
from spartito.cycle.comparison import compare
from spartito.cycle.rehearsal import rehearse
from spartito.cycle.runs import run_cycle
from spartito.cycle.tests.test_rehearsal import EARLIER_CALL, LIVE, MONDAY, NO_CALL, ledger
from spartito.cycle.tests.traces import files_of_the_house, fingerprint_of_everything, wait_until_alone
from spartito.platform.errors import Refused
from tests.builders import customer, invoice, move

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def two_sessions(monkeypatch):
    """Even a few customers are lived in two sessions at once."""
    monkeypatch.setattr(parts, "FEW", 1)


@pytest.fixture(params=[1, 2], ids=["one session", "two sessions"])
def sessions(request, monkeypatch):
    # Two are begun from 4,000 customers on; a handful must stand for them.
    monkeypatch.setattr(parts, "FEW", parts.FEW if request.param == 1 else 1)


def a_day(tenant):
    """A ledger, a night, and something in the archive."""
    found = ledger(tenant)
    run_cycle(tenant=tenant, as_of=MONDAY)
    archive_document(kind="letter", title="Sollecito", mime="text/plain", content=os.urandom(9), business_date=MONDAY)
    return found


def test_what_is_compared_sees_a_row_a_sequence_and_a_file(live_tenant):
    before = fingerprint_of_everything()
    archive_document(
        kind="letter", title="Sollecito", mime="text/plain", content=b"Gentile cliente", business_date=MONDAY
    )
    changed = {name for name, value in fingerprint_of_everything().items() if before.get(name) != value}
    schema = live_tenant.schema_name
    assert f"{schema}.archive_document" in changed
    assert f"{schema}.archive_document_id_seq" in changed
    assert any(Path(name).exists() and schema in name for name in changed)


def test_a_rehearsal_leaves_no_trace(live_tenant, cli, tmp_path, sessions):
    live_tenant.clock = "last_run"
    live_tenant.save()
    a_day(live_tenant)
    draft = tmp_path / "prova.yaml"
    draft.write_text(EARLIER_CALL)
    before = fingerprint_of_everything()
    told = cli("strategy", "rehearse", draft, "--days", "60").json
    assert told["changes"]["customers"] == 2
    assert fingerprint_of_everything() == before
    assert any(live_tenant.schema_name in str(path) for path in files_of_the_house())
    wait_until_alone()


def test_a_comparison_leaves_no_trace(live_tenant, sessions):
    a_day(live_tenant)
    before = fingerprint_of_everything()
    compare(first=LIVE, second=NO_CALL, start=MONDAY.replace(month=1), end=MONDAY)
    assert fingerprint_of_everything() == before
    wait_until_alone()


def test_two_sessions_tell_what_one_does(live_tenant, monkeypatch):
    a_day(live_tenant)
    group = customer("CAPO", email="capo@cliente.example")
    for number in range(6):
        who = customer(f"C{number}", payer=group if number % 2 else None)
        invoice(who, f"G{number}", issued=MONDAY.replace(month=1), due=MONDAY, amount=100 + number)
    run_cycle(tenant=live_tenant, as_of=MONDAY)
    alone = rehearse(tenant=live_tenant, source=EARLIER_CALL, as_of=MONDAY)
    monkeypatch.setattr(parts, "FEW", 1)  # from here on in two: eight customers stand for 4,000
    assert len(parts._parts_of(None)) == 2
    together = rehearse(tenant=live_tenant, source=EARLIER_CALL, as_of=MONDAY)
    assert {**together, "seconds": 0} == {**alone, "seconds": 0}
    assert alone["changes"]["customers"] > 2


def test_a_session_that_fails_stops_the_other_and_leaves_nothing(live_tenant, two_sessions, monkeypatch):
    a_day(live_tenant)
    before, began = fingerprint_of_everything(), []

    def breaks(*arguments, **kw):
        began.append(threading.current_thread().name)
        raise ZeroDivisionError

    monkeypatch.setattr(rehearsal, "_live_draft", breaks)
    with pytest.raises(ZeroDivisionError):
        rehearse(tenant=live_tenant, source=EARLIER_CALL, as_of=MONDAY)
    assert all(name.startswith("moment") for name in began)
    assert fingerprint_of_everything() == before
    wait_until_alone()


def test_one_cancelled_half_way_leaves_nothing(live_tenant, sessions):
    a_day(live_tenant)
    before = fingerprint_of_everything()

    def cancel(what, done, total):
        if done > 0:
            raise Refused("cancelled")

    with pytest.raises(Refused, match="cancelled"):
        rehearse(tenant=live_tenant, source=EARLIER_CALL, as_of=MONDAY, days=180, on_progress=cancel)
    assert fingerprint_of_everything() == before
    wait_until_alone()


def test_one_killed_half_way_leaves_nothing(live_tenant, tmp_path):
    a_day(live_tenant)
    before = fingerprint_of_everything()
    draft = tmp_path / "prova.yaml"
    draft.write_text(EARLIER_CALL)
    command = [sys.executable, "-m", "spartito.cli.main", "--tenant", live_tenant.slug, "strategy", "rehearse"]
    for after in (0.05, 0.4, 1.0):  # seconds from its first copy on
        child = subprocess.Popen(
            [*command, str(draft), "--days", "180"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert is_on_copies(child)
        time.sleep(after)
        child.kill()
        assert child.wait() != 0, "it had ended before it was killed"
        assert fingerprint_of_everything() == before
        wait_until_alone()


def is_on_copies(child):
    """Waits until it has a session of one moment open; false when it ended without."""
    while child.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute("select 1 from pg_stat_activity where backend_xmin is not null and query ilike '%copy_of_%'")
            if cursor.fetchone():
                return True
        time.sleep(0.01)
    return False


def test_people_work_on_while_it_rehearses(live_tenant, sessions):
    found = ledger(live_tenant)
    run_cycle(tenant=live_tenant, as_of=MONDAY)
    done = []

    def somebody_works(what, number, total):
        if number and not done:
            worker = threading.Thread(target=click)
            worker.start()
            worker.join(timeout=20)

    def click():
        connection.set_tenant(live_tenant)
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '500ms'")
        act(lambda **_: done.append("acted"), user=None, customers=[found["late"].pk], as_of=MONDAY)
        move(found["late"].items.get(), on=MONDAY, by=-800)
        run_cycle(tenant=live_tenant, as_of=MONDAY)
        done.append("a whole night")
        connection.close()

    told = rehearse(tenant=live_tenant, source=EARLIER_CALL, as_of=MONDAY, on_progress=somebody_works)
    assert done == ["acted", "a whole night"]
    assert told["changes"]["customers"] == 2, "it goes on with the portfolio as it stood when it began"
