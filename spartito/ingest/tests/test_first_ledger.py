"""A large first ledger goes in without its indexes, which are all there afterwards."""

from datetime import date

import pytest
from django.db import connection

from spartito.ingest.taking import ImportRefused
from spartito.portfolio.models import Customer, Hold, Item

HEADS = "customer_code,document_number,due_date,open_amount,issue_date,salesperson_code,hold,replaces_document"


def indexes() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select indexname, indexdef from pg_indexes where schemaname = current_schema()"
            " and tablename in ('portfolio_item', 'portfolio_movement') order by 1"
        )
        return cursor.fetchall()


def keys() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select conname, pg_get_constraintdef(oid) from pg_constraint"
            " where conrelid in ('portfolio_item'::regclass, 'portfolio_movement'::regclass) order by 1"
        )
        return cursor.fetchall()


def test_indexes_and_keys_are_the_same_afterwards(take, monkeypatch):
    monkeypatch.setattr("spartito.ingest.items.WORTH_INDEXING", 1)
    before = indexes(), keys()
    result = take(
        20,
        "C1,1,2026-12-31,10.00,2026-11-01,V1,,",
        "C1,2,2026-12-31,0.00,2026-10-01,V2,,",
        "C2,3,2026-12-31,5.00,,V3,si,1",
        heads=HEADS,
    )
    assert result.created == 3
    assert (indexes(), keys()) == before
    assert {c.code: c.salesperson.code for c in Customer.objects.select_related("salesperson")} == {
        "C1": "V1",
        "C2": "V3",
    }
    assert Hold.objects.get().item.document_number == "3"
    closed = Item.objects.get(document_number="2")
    assert (closed.closed_on, closed.closing_cause, closed.is_inferred) == (date(2026, 11, 20), "unknown", True)


def test_a_refused_first_ledger_leaves_them_too(take, monkeypatch):
    monkeypatch.setattr("spartito.ingest.items.WORTH_INDEXING", 1)
    before = indexes(), keys()
    with pytest.raises(ImportRefused):
        take(20, ",1,2026-12-31,10.00,,,,", ",2,,,,,,", heads=HEADS)
    assert (indexes(), keys()) == before


def test_an_open_amount_of_zero_closes_a_known_item(take):
    rows = [f"C{n},{n},2026-12-31,10.00,,,," for n in range(1, 6)]
    take(20, *rows, heads=HEADS)
    result = take(21, "C1,1,2026-12-31,0.00,,,,", *rows[1:], heads=HEADS)
    assert (result.updated, result.closed) == (1, 1)
    item = Item.objects.get(document_number="1")
    assert (item.open_amount, item.closed_on, item.is_inferred) == (0, date(2026, 11, 21), True)
