"""An import can be taken back as long as no later one changed the same rows."""

from datetime import date
from decimal import Decimal

import pytest

from spartito.ingest.models import Batch
from spartito.ingest.operations import undo_import
from spartito.ingest.taking import ImportRefused
from spartito.portfolio.models import Creditor, Customer, Hold, Item, Movement, Payment

TEN = [f"C{n},{n},2026-12-31,10.00" for n in range(1, 11)]
DAY = date(2026, 11, 20)


def state() -> list:
    skip = {"fingerprint"}
    names = [f.attname for f in Item._meta.concrete_fields if f.name not in skip]
    return [
        list(Item.objects.order_by("pk").values(*names)),
        list(Movement.objects.order_by("pk").values()),
        list(Customer.objects.order_by("pk").values("pk", "code", "name", "salesperson_id")),
        list(Payment.objects.order_by("pk").values()),
        list(Hold.objects.order_by("pk").values()),
    ]


def test_a_first_import_leaves_nothing_behind(take):
    batch = take(10, *TEN).batch
    undo_import(batch=batch, as_of=DAY)
    assert state() == [[], [], [], [], []]
    assert not Creditor.objects.filter(ledger_date__isnull=False).exists()
    assert Batch.objects.get().status == "undone"
    assert take(10, *TEN).created == 10


def test_a_daily_import_taken_back_is_as_if_it_had_not_been(take):
    heads = "customer_code,document_number,due_date,open_amount,customer_name,hold"
    take(10, *[f"{line},Nome,{'si' if n < 2 else ''}" for n, line in enumerate(TEN)], heads=heads)
    before = state()
    batch = take(
        11,
        "C1,1,2026-12-31,4.00,Altro,",
        *[f"{line},Nome," for line in TEN[2:]],
        "C99,99,2026-12-31,1.00,Nuovo,si",
        heads=heads,
    ).batch
    assert state() != before
    undo_import(batch=batch, as_of=DAY)
    assert state() == before


def test_payments_taken_back(take):
    take(10, *TEN)
    take(11, *TEN[1:])
    before = state()
    batch = take(
        12,
        "C1,2026-11-11,10.00,1",
        "C2,2026-11-12,4.00,2",
        heads="customer_code,payment_date,amount,document_number",
        kind="payments",
    ).batch
    assert state() != before
    undo_import(batch=batch, as_of=DAY)
    assert state() == before


def test_it_is_refused_after_a_later_import_of_the_same_rows(take):
    first = take(10, *TEN).batch
    second = take(11, "C1,1,2026-12-31,4.00", *TEN[1:]).batch
    with pytest.raises(ImportRefused, match=str(second)):
        undo_import(batch=first, as_of=DAY)
    undo_import(batch=second, as_of=DAY)
    undo_import(batch=first, as_of=DAY)
    with pytest.raises(ImportRefused):
        undo_import(batch=first, as_of=DAY)


def test_an_import_nobody_made(tenant):
    with pytest.raises(ImportRefused):
        undo_import(batch=12345, as_of=DAY)


def test_rows_told_again_in_other_columns_are_unchanged_and_bar_no_undo(take):
    first = take(10, "C1,1,2026-10-31,100.00", "C1,2,2026-10-31,50.00")
    heads = "customer_code,document_number,due_date,open_amount,creditor_code"
    code = Creditor.objects.get().code
    again = take(11, f"C1,1,2026-10-31,100.00,{code}", f"C1,2,2026-10-31,40.00,{code}", heads=heads)
    assert (again.unchanged, again.updated, again.created) == (1, 1, 0)
    take(12, f"C1,1,2026-10-31,100.00,{code}", f"C1,2,2026-10-31,40.00,{code}", heads=heads + ",city")
    undo_import(batch=again.batch, as_of=date(2026, 11, 12))
    assert Item.objects.get(document_number="2").open_amount == Decimal("50.00")
    with pytest.raises(ImportRefused):
        undo_import(batch=again.batch, as_of=date(2026, 11, 12))
    undo_import(batch=first.batch, as_of=date(2026, 11, 12))
    assert not Item.objects.exists()


def test_customers_told_again_in_other_columns_are_unchanged(take):
    take(10, "C1,Rossi,A", kind="customers", heads="customer_code,customer_name,rating")
    again = take(11, "Rossi,C1,A,", "Verdi,C2,B,", kind="customers", heads="customer_name,customer_code,rating,city")
    assert (again.unchanged, again.updated, again.created) == (1, 0, 1)
