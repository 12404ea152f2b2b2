"""Money received: laid on the documents it names, or explaining what a ledger had already taken off."""

from datetime import date
from decimal import Decimal

from spartito.ingest.operations import undo_import
from spartito.portfolio.models import Item, Movement, Payment

PAYMENTS = "customer_code,payment_date,amount,document_number"
LEDGER = [f"C{n},{n},2026-12-31,100.00" for n in range(1, 11)]


def item(number: str) -> Item:
    return Item.objects.get(document_number=number)


def test_a_payment_closes_the_invoice_it_names(take):
    take(10, *LEDGER)
    result = take(12, "C1,2026-11-11,100.00,1", heads=PAYMENTS, kind="payments")
    paid = item("1")
    assert (result.created, result.closed) == (1, 1)
    assert (paid.open_amount, paid.closed_on, paid.closing_cause, paid.is_inferred) == (
        0,
        date(2026, 11, 11),
        "paid",
        False,
    )
    assert Payment.objects.get().unallocated == 0


def test_part_of_an_invoice_and_the_rest_unallocated(take):
    take(10, *LEDGER)
    take(12, "C1,2026-11-11,30.00,1", "C2,2026-11-11,130.00,2", "C3,2026-11-11,7.00,", heads=PAYMENTS, kind="payments")
    assert item("1").open_amount == 70
    assert item("2").closing_cause == "paid"
    assert {p.customer.code: p.unallocated for p in Payment.objects.all()} == {"C1": 0, "C2": 30, "C3": 7}


def test_a_payment_after_the_closing_explains_it(take):
    take(10, *LEDGER)
    take(12, *LEDGER[1:])
    movements = Movement.objects.count()
    result = take(13, "C1,2026-11-11,100.00,1", heads=PAYMENTS, kind="payments")
    paid = item("1")
    assert result.closed == 0
    assert (paid.closed_on, paid.closing_cause, paid.is_inferred) == (date(2026, 11, 12), "paid", False)
    assert Movement.objects.count() == movements
    allocation = paid.allocations.get()
    assert (allocation.amount, allocation.explains) == (Decimal("100.00"), Decimal("100.00"))


def test_a_payment_after_a_reduction_it_cannot_have_made_reduces_again(take):
    take(10, *LEDGER)
    take(12, "C1,1,2026-12-31,40.00", *LEDGER[1:])
    take(14, "C1,2026-11-14,40.00,1", heads=PAYMENTS, kind="payments")
    assert (item("1").open_amount, item("1").closing_cause) == (0, "paid")


def test_several_payments_and_instalments_meet_in_order(take):
    heads = "customer_code,document_number,due_date,open_amount,instalment"
    take(10, "C1,1,2026-11-30,50.00,1", "C1,1,2026-12-31,50.00,2", heads=heads)
    take(12, "C1,2026-11-11,60.00,1", "C1,2026-11-12,20.00,1", heads=PAYMENTS, kind="payments")
    left = dict(Item.objects.values_list("instalment", "open_amount"))
    assert left == {"1": 0, "2": Decimal("20.00")}
    assert [p.unallocated for p in Payment.objects.all()] == [0, 0]


def test_the_same_file_again_brings_no_money(take):
    take(10, *LEDGER)
    rows = ["C1,2026-11-11,30.00,1", "C1,2026-11-11,30.00,1"]
    assert take(12, *rows, heads=PAYMENTS, kind="payments").created == 2
    again = take(12, *rows, heads=PAYMENTS, kind="payments")
    assert (again.created, again.unchanged) == (0, 2)
    assert item("1").open_amount == 40


def test_money_of_a_day_to_come_waits(take):
    take(10, *LEDGER)
    take(10, "C1,2026-11-25,100.00,1", heads=PAYMENTS, kind="payments")
    assert item("1").open_amount == 100
    assert Movement.objects.get(cause="paid").is_applied is False


def test_a_ledger_that_takes_off_what_waits_is_explained_by_it(take):
    take(10, *LEDGER)
    take(10, "C1,2026-11-25,100.00,1", "C2,2026-11-25,100.00,2", heads=PAYMENTS, kind="payments")
    before = list(Movement.objects.order_by("pk").values())
    batch = take(12, "C2,2,2026-12-31,40.00", *LEDGER[2:]).batch
    assert (item("1").closed_on, item("1").closing_cause, item("1").is_inferred) == (date(2026, 11, 12), "paid", False)
    assert not Movement.objects.filter(item=item("1"), is_applied=False).exists()
    assert Movement.objects.get(item=item("2"), is_applied=False).amount == -40
    undo_import(batch=batch, as_of=date(2026, 11, 20))
    assert list(Movement.objects.order_by("pk").values()) == before


def test_a_payer_pays_for_another(take):
    take(
        10,
        "C1,1,2026-12-31,100.00,P",
        *[f"{line}," for line in LEDGER[1:]],
        heads="customer_code,document_number,due_date,open_amount,payer_code",
    )
    take(11, "P,2026-11-11,100.00,1", heads=PAYMENTS, kind="payments")
    assert item("1").closing_cause == "paid"


def test_an_external_id_known_with_other_data_is_rejected(take):
    heads = PAYMENTS + ",external_id"
    take(10, "C1,2026-11-09,30.00,,P1", heads=heads, kind="payments")
    result = take(10, "C1,2026-11-09,31.00,,P1", "C1,2026-11-09,5.00,,P2", heads=heads, kind="payments")
    assert (result.created, result.rejected) == (1, 1)


def test_a_payment_the_ledger_does_not_show_yet_stands_for_some_days(take):
    take(10, *LEDGER)
    take(12, "C1,2026-11-12,100.00,1", heads=PAYMENTS, kind="payments")
    result = take(13, *LEDGER)
    assert result.warnings
    assert item("1").open_amount == 0
    take(24, *LEDGER)
    assert item("1").open_amount == 100


def test_negative_money_is_rejected(take):
    result = take(10, "C1,2026-11-11,-5.00,", "C1,2026-11-11,5.00,", heads=PAYMENTS, kind="payments")
    assert (result.created, result.rejected) == (1, 1)
