"""Runs: which dates are allowed, what a broken run leaves, and that two never run together."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from spartito.actions.models import PlannedAction
from spartito.cycle import runs
from spartito.cycle.act import act
from spartito.cycle.daily import DAY
from spartito.cycle.models import Run
from spartito.cycle.replay import replay
from spartito.cycle.runs import RunRefused, run_cycle
from spartito.platform import locks
from spartito.portfolio.models import Customer, Standing
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.tenants.queries import business_date
from tests.builders import customer, invoice
from tests.state import state

pytestmark = pytest.mark.usefixtures("english")

MONDAY = date(2026, 3, 2)


@pytest.fixture
def ledger(tenant):
    for number in range(5):
        who = customer(f"C{number}", email=f"c{number}@cliente.example")
        invoice(who, "FT1", issued=date(2026, 1, 1), due=date(2026, 2, 20 - number), amount=1000)
    return tenant


def test_a_run_logs_every_step_in_order_and_moves_the_business_date_of_a_replayed_tenant(ledger):
    ledger.clock = "last_run"
    done = run_cycle(tenant=ledger, as_of=MONDAY)
    assert [step["name"] for step in done.steps] == [name for name, _ in DAY]
    assert done.planned == 5
    assert business_date(ledger) == MONDAY


def test_running_the_day_again_changes_nothing(ledger):
    run_cycle(tenant=ledger, as_of=MONDAY)
    before = state()
    assert run_cycle(tenant=ledger, as_of=MONDAY).planned == 0
    assert state() == before


def test_a_date_before_the_last_run_is_refused(ledger):
    run_cycle(tenant=ledger, as_of=MONDAY)
    with pytest.raises(RunRefused, match="2026-03-01 is before the last run's, 2026-03-02"):
        run_cycle(tenant=ledger, as_of=MONDAY - timedelta(1))


def test_a_date_in_the_future_is_refused_unless_the_tenant_lives_in_its_last_run(ledger):
    tomorrow = business_date(ledger) + timedelta(1)
    with pytest.raises(RunRefused, match="in the future"):
        run_cycle(tenant=ledger, as_of=tomorrow)
    ledger.clock = "last_run"
    assert run_cycle(tenant=ledger, as_of=tomorrow).date == tomorrow


def test_two_runs_of_a_tenant_never_run_together(live_tenant, spartito):
    with locks.run_alone():
        second = spartito("cycle", "--date", "2026-03-02")
    assert second.status == 1
    assert "in corso" in second.stderr
    assert not Run.objects.exists()


def test_a_run_that_broke_off_goes_on_where_it_stopped_with_its_own_date(ledger, monkeypatch):
    names = [name for name, _ in DAY]

    def breaks(**_):
        raise RuntimeError("la luce è andata via")

    broken = [(name, breaks if name == "actions.carry_out" else step) for name, step in DAY]
    monkeypatch.setattr(runs, "DAY", broken)
    with pytest.raises(RuntimeError):
        run_cycle(tenant=ledger, as_of=MONDAY)
    stopped = Run.objects.get()
    assert (stopped.status, "luce" in stopped.error) == ("failed", True)
    assert [step.name for step in stopped.steps.order_by("id")] == names[: names.index("actions.carry_out")]

    monkeypatch.undo()
    with pytest.raises(RunRefused, match="before the unfinished run's"):
        run_cycle(tenant=ledger, as_of=MONDAY - timedelta(1))
    later = run_cycle(tenant=ledger, as_of=MONDAY + timedelta(1))
    assert list(Run.objects.order_by("date").values_list("date", "status")) == [
        (MONDAY, "done"),
        (MONDAY + timedelta(1), "done"),
    ]
    assert Run.objects.get(date=MONDAY).planned == 5
    assert later.planned == 0


def test_a_text_published_while_a_run_lies_broken_is_what_the_rest_of_it_follows(ledger, monkeypatch):
    text = """
strategy: own
priority: 1
minimum_overdue: %s
steps:
  - {code: first, days: 5, channel: email, template: first_reminder, conditions: {overdue: {">=": 100}}}
  - {code: final, days: 6, channel: registered_letter, template: formal_notice}
"""
    load_strategy(source=text % 1)
    publish_strategy(code="own")

    def breaks(**_):
        raise RuntimeError("la luce è andata via")

    with monkeypatch.context() as patched:
        patched.setattr(runs, "DAY", [(n, breaks if n == "strategies.decide" else s) for n, s in DAY])
        with pytest.raises(RuntimeError):
            run_cycle(tenant=ledger, as_of=MONDAY)
    load_strategy(source=text % 2)
    publish_strategy(code="own")
    run_cycle(tenant=ledger, as_of=MONDAY)
    assert set(PlannedAction.objects.values_list("step_code", flat=True)) == {"first"}


def test_a_replay_takes_an_empty_history_back_and_lives_every_day(ledger):
    ledger.clock = "last_run"
    told = replay(tenant=ledger, start=date(2026, 2, 1), end=MONDAY)
    assert told["days"] == 30
    assert told["planned"] > 5
    assert Run.objects.count() == 30
    with pytest.raises(RunRefused, match="before the last run's"):
        replay(tenant=ledger, start=date(2026, 2, 1), end=MONDAY)


def test_a_night_in_ranges_of_customers_ends_like_one_of_all(tenant, monkeypatch, tmp_path):
    from spartito.ingest.operations import import_file

    rows = [
        f"C{n},Cliente {n},2026/{n},2026-01-{1 + n % 28:02},{100 + n * 10}.00,c{n}@example.it" for n in range(1, 41)
    ]
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join(["customer_code,customer_name,document_number,due_date,open_amount,email", *rows]))
    day = date(2026, 2, 13)
    import_file(path=path, kind="items", as_of=day)

    def night(few: int) -> list:
        monkeypatch.setattr(runs, "FEW", few)  # 40 customers stand for a company of more than 2,000
        with transaction.atomic():
            result = run_cycle(tenant=tenant, as_of=day)
            planned = sorted(PlannedAction.objects.values_list("account__code", "step_code", "overdue_amount"))
            log = {step["name"]: step["rows"] for step in result.steps}
            stands = Standing.objects.values_list("everybody_on", "latest").get()
            transaction.set_rollback(True)
        tenant.last_run_date = None
        return [planned, result.planned, log["portfolio.note_everybody"] >= 0, stands]

    monkeypatch.setattr(runs, "AT_ONCE", 4)  # so that they make ten ranges
    assert len(runs._ranges("strategies.decide")) == 1
    whole, in_ranges = night(5_000), night(10)
    assert len(runs._ranges("strategies.decide")) == 10
    assert {customer for each in runs._ranges("strategies.decide") for customer in each.customers} == set(
        Customer.objects.values_list("pk", flat=True)
    )
    assert in_ranges == whole
    assert whole[0] != []
    assert whole[3] == (day, day)


def test_a_click_waits_only_for_the_range_its_customer_is_in(live_tenant):
    mine = customer("MINE")
    asked = {"user": None, "customers": [mine.pk], "as_of": MONDAY}
    theirs, another = (locks.FIRST_BUCKET + number % locks.BUCKETS for number in (mine.pk, mine.pk + 1))
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as night:
        night.execute("select pg_advisory_xact_lock(%s, %s)", locks._key(another))
        assert act(lambda **_: "done", **asked).result == "done"
        night.execute("select pg_advisory_xact_lock(%s, %s)", locks._key(theirs))
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '200ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            act(lambda **_: "done", **asked)
        night.rollback()
        assert act(lambda **_: "done", **asked).result == "done"
