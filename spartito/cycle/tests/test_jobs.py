"""The day starts by itself, once, when the tenant's own clock says so; files in the folder come first."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from spartito.cycle import jobs, watch
from spartito.ingest.models import WatchedFile
from spartito.journal.models import Entry
from spartito.tenants.models import Tenant

ROME = ZoneInfo("Europe/Rome")
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "last_run", "clock", "due"),
    [
        (time(5, 29), date(2026, 11, 19), "today", False),
        (time(5, 30), date(2026, 11, 19), "today", True),
        (time(23, 0), None, "today", True),
        (time(9, 0), date(2026, 11, 20), "today", False),
        (time(9, 0), date(2026, 11, 19), "last_run", False),
    ],
)
def test_a_day_is_due_after_the_local_hour_and_once(hour, last_run, clock, due):
    tenant = Tenant(run_time=time(5, 30), last_run_date=last_run, clock=clock)
    assert jobs.is_due(tenant, at=datetime.combine(date(2026, 11, 20), hour, tzinfo=ROME)) is due


def test_a_tick_queues_each_tenants_day_once(tenant, monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from spartito.platform.connection import connection

    monkeypatch.setattr(jobs, "is_due", lambda tenant, at: True)
    connection.set_schema_to_public()
    jobs.tick(0)
    jobs.tick(0)
    queued = ProcrastinateJob.objects.filter(args__schema=tenant.schema_name).values_list("task_name", flat=True)
    assert sorted(queued) == ["cycle_run_day", "cycle_watch_folder"]


@pytest.fixture
def folder(tenant, tmp_path):
    tenant.watch_folder = str(tmp_path)
    return tmp_path


def at(hour):
    return datetime.combine(date(2026, 11, 20), hour, tzinfo=ROME)


def test_a_file_in_the_folder_is_imported_and_set_aside(tenant, folder):
    from spartito.portfolio.models import Item

    (folder / "items.csv").write_text(
        "customer_code,document_number,due_date,open_amount\nC1,F1,2026-12-31,100.00\n", encoding="utf-8"
    )
    watch.take_in(tenant=tenant, at=at(time(5)), settled_before=LATER)
    assert Item.objects.get().open_amount == 100
    assert [p.name for p in (folder / "done").iterdir()] == ["20261120-050000-items.csv"]


def test_a_refused_file_says_why_beside_it(tenant, folder):
    (folder / "items.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    watch.take_in(tenant=tenant, at=at(time(5)), settled_before=LATER)
    assert sorted(p.name for p in (folder / "refused").iterdir()) == [
        "20261120-050000-items.csv",
        "20261120-050000-items.csv.why.txt",
    ]


def test_a_file_still_being_written_waits(tenant, folder):
    (folder / "items.csv").write_text("half", encoding="utf-8")
    assert watch.take_in(tenant=tenant, at=at(time(5)), settled_before=datetime(2020, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize(("hour", "missing"), [(time(6, 59), None), (time(7, 0), date(2026, 11, 20))])
def test_a_file_that_did_not_come_by_its_hour_is_missed(tenant, folder, hour, missing):
    WatchedFile.objects.create(pattern="items*", expected_by=time(7))
    watch.take_in(tenant=tenant, at=at(hour), settled_before=LATER)
    watch.take_in(tenant=tenant, at=at(hour), settled_before=LATER)
    assert WatchedFile.objects.get().missing_since == missing
    told = list(Entry.objects.filter(verb="file.missed").values_list("business_date", "data"))
    assert told == ([(missing, {"file": "items*", "expected_by": "07:00"})] if missing else [])
