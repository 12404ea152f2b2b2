"""What people see right after a file was taken in, before any run of the day."""

from datetime import date

import pytest

from spartito.access.operations import create_user
from spartito.ingest import freshening, staging
from spartito.ingest.operations import import_file
from spartito.ingest.undoing import undo_import
from spartito.portfolio.models import Position
from spartito.portfolio.queries import ageing, worst_first
from spartito.portfolio.visibility import visible_to

DAY = date(2026, 11, 20)
HEADS = "customer_code,customer_name,document_number,issue_date,due_date,open_amount,salesperson_code\n"


@pytest.fixture
def ledger(tenant, tmp_path):
    def take(*rows, day=DAY, mode="snapshot"):
        path = tmp_path / "ledger.csv"
        path.write_text(HEADS + "\n".join(rows) + "\n")
        return import_file(path=path, kind="items", as_of=day, mode=mode)

    return take


def test_amounts_and_scopes_are_there_at_once(ledger):
    ledger("C1,Uno,F1,2026-09-01,2026-10-01,100.00,V1", "C1,Uno,F2,2026-09-02,2026-10-02,30.00,V2")
    manager = create_user(user=None, as_of=DAY, username="m", profile="credit_manager")
    seller = create_user(user=None, as_of=DAY, username="v", profile="salesperson", scopes=[("salesperson", "V1")])
    assert [(row.code, str(overdue)) for row, overdue in worst_first(user=manager, as_of=DAY)] == [("C1", "130.00")]
    assert visible_to(seller, DAY).count() == 1


def test_the_indexes_of_the_ageing_are_there_after_a_large_first_ledger(ledger, monkeypatch):
    monkeypatch.setattr(freshening, "WORTH_INDEXING", 1)
    before = _indexes_of_the_ageing()
    ledger("C1,Uno,F1,2026-09-01,2026-10-01,100.00,V1", "C2,Due,F2,2026-09-02,2026-10-02,30.00,V2")
    assert str(ageing(user=None, as_of=DAY)["total"]["total"]) == "130.00"
    assert _indexes_of_the_ageing() == before


def _indexes_of_the_ageing():
    return sorted(staging.rows_of("select indexname from pg_indexes where tablename = 'portfolio_ageing'"
                                  " and schemaname = current_schema()"))  # fmt: skip


def test_a_second_file_of_the_day_changes_what_the_first_left(ledger):
    ledger("C1,Uno,F1,2026-09-01,2026-10-01,100.00,V1", "C2,Due,F2,2026-09-01,2026-10-01,50.00,V1")
    taken = ledger("C1,Uno,F1,2026-09-01,2026-10-01,40.00,V1", mode="delta")
    assert str(ageing(user=None, as_of=DAY)["total"]["total"]) == "90.00"
    assert str(ageing(user=None, as_of=DAY, by="salesperson")["total"]["total"]) == "90.00"
    undo_import(batch=taken.batch, as_of=DAY)
    assert str(ageing(user=None, as_of=DAY)["total"]["total"]) == "150.00"


def test_a_file_of_the_next_day_leaves_yesterday_as_it_was(ledger):
    ledger("C1,Uno,F1,2026-09-01,2026-10-01,100.00,V1", "C2,Due,F2,2026-09-01,2026-10-01,50.00,V1",
           "C3,Tre,F3,2026-09-01,2026-10-01,1.00,V1", "C4,Qua,F4,2026-09-01,2026-10-01,1.00,V1",
           "C5,Cin,F5,2026-09-01,2026-10-01,1.00,V1")  # fmt: skip
    tomorrow = date(2026, 11, 21)
    ledger("C1,Uno,F1,2026-09-01,2026-10-01,40.00,V1", day=tomorrow, mode="delta")
    assert set(Position.objects.values_list("as_of", flat=True)) == {DAY, tomorrow}
    assert str(ageing(user=None, as_of=DAY)["total"]["total"]) == "153.00"
    assert str(ageing(user=None, as_of=tomorrow)["total"]["total"]) == "93.00"


def test_a_customer_who_paid_everything_tomorrow_still_owed_today(ledger):
    rows = [f"C{n},Cliente {n},F{n},2026-09-01,2026-10-01,10.00,V1" for n in range(1, 7)]
    ledger(*rows)
    ledger(*rows[1:], day=date(2026, 11, 21))
    for by in ("customer", "salesperson"):
        assert str(ageing(user=None, as_of=DAY, by=by)["total"]["total"]) == "60.00"
        assert str(ageing(user=None, as_of=date(2026, 11, 21), by=by)["total"]["total"]) == "50.00"
