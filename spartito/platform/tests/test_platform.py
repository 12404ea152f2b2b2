"""Amounts, locks, the step runner and files."""

from datetime import date
from decimal import Decimal

import pghistory
import psycopg
import pytest
from django.db import transaction

from spartito.platform import locks, money, storage
from spartito.platform.connection import connection
from spartito.platform.moments import one_moment
from spartito.platform.sql import on_copies, run_steps, steps_in


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.005", "1.01"), ("-1.005", "-1.01"), ("2.675", "2.68"), ("0", "0.00"), ("1e3", "1000.00")],
)
def test_cents_round_half_up(value, expected):
    assert str(money.cents(value)) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("it", "\N{MINUS SIGN}1.234.567,80"), ("en", "\N{MINUS SIGN}1,234,567.80")]
)
def test_amounts_are_written_as_people_write_them(language, expected):
    assert money.written(Decimal("-1234567.8"), language=language) == expected


def test_amounts_below_ten_thousand_are_grouped_too():
    assert money.written(Decimal("1234.5")) == "1.234,50"


@pytest.fixture
def step(tmp_path):
    def make(name, sql):
        (tmp_path / f"{name}.sql").write_text(sql)
        return steps_in(tmp_path, [name])

    return make


def test_a_step_gets_its_parameters_and_counts_its_last_statement(tenant, step):
    steps = step(
        "count_up",
        "select id from (values (1), (2)) as t (id) where %(as_of)s = date '2026-01-02'\n"
        " and (%(customers)s::bigint[] is null or id = any(%(customers)s)) and 'a%%' like 'a%%'",
    )
    [result] = run_steps(steps, as_of=date(2026, 1, 2), customers=[2])
    assert (result.name, result.rows) == ("count_up", 1)


def test_without_customers_a_step_runs_for_all(tenant, step):
    steps = step("all", "select 1 where %(customers)s::bigint[] is null and %(run_id)s::bigint is null")
    assert run_steps(steps, as_of=date(2026, 1, 2))[0].rows == 1


def test_a_plan_kept_for_a_table_leaves_it_alone_where_a_copy_hides_it(tenant, step):
    drop_all = step(
        "drop_all", "delete from reference_bucket where (%(customers)s::bigint[] is null or id <> all(%(customers)s))"
    )
    kept = f"select count(*) from {connection.schema_name}.reference_bucket"
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table other () on commit drop"
        )  # from here on the search path is the same with copies and without
        cursor.execute("select array_agg(id) from reference_bucket")
        run_steps(drop_all, as_of=date(2026, 1, 2), customers=cursor.fetchone()[0])  # plans, and drops none
        cursor.execute("create temp table reference_bucket on commit drop as select * from reference_bucket")
        with on_copies(["reference_bucket"]):
            dropped = run_steps(drop_all, as_of=date(2026, 1, 2), customers=[-1])[0].rows
        cursor.execute(kept)
        assert cursor.fetchone() == (dropped,) != (0,)


def test_progress_is_told_step_by_step(tenant, step):
    told = []
    run_steps(step("one", "select 1"), as_of=date(2026, 1, 2), on_progress=lambda *news: told.append(news))
    assert told == [("one", 1, 1)]


def test_a_ledger_lock_needs_a_transaction(live_tenant):
    with pytest.raises(RuntimeError):
        locks.ledger_shared()


@pytest.fixture
def elsewhere(live_tenant):
    """Another session, as another process would have it."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        yield other


def test_a_moment_is_had_within_a_request_too(live_tenant):
    with pghistory.context(url="/rehearsals/1/customers/2/"), one_moment() as moment, connection.cursor() as cursor:
        cursor.execute("show transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        assert moment


def test_the_second_run_of_a_tenant_is_told_at_once(live_tenant, elsewhere):
    elsewhere.execute("select pg_advisory_lock(%s, %s)", locks._key(locks.RUN))
    with pytest.raises(locks.Busy), locks.run_alone():
        pass
    elsewhere.execute("select pg_advisory_unlock_all()")
    with locks.run_alone():
        pass
    with locks.run_alone():
        pass


def test_actions_share_the_ledger_and_a_night_step_does_not(live_tenant, elsewhere):
    with transaction.atomic():
        locks.ledger_shared()
        shared = elsewhere.execute("select pg_try_advisory_lock_shared(%s, %s)", locks._key(locks.LEDGER)).fetchone()
        alone = elsewhere.execute("select pg_try_advisory_lock(%s, %s)", locks._key(locks.LEDGER)).fetchone()
    assert (shared, alone) == ((True,), (False,))


def test_files_are_written_whole_and_kept_by_tenant(tenant):
    path = storage.tenant_folder("archive") / "a" / "b.pdf"
    storage.write(path, b"first")
    storage.write(path, b"second")
    assert path.read_bytes() == b"second"
    assert tenant.schema_name in path.parts
    assert [p.name for p in path.parent.iterdir()] == ["b.pdf"]


def test_outside_a_tenant_there_is_no_folder(db):
    connection.set_schema_to_public()
    with pytest.raises(RuntimeError):
        storage.tenant_folder("archive")
