"""A snapshot is the whole open ledger: what it no longer has is closed, with safeguards."""

from datetime import date
from decimal import Decimal

import pytest

from spartito.ingest.taking import ImportRefused
from spartito.journal.models import Entry
from spartito.portfolio.models import Creditor, Customer, Hold, Item, Movement

TEN = [f"C{n},{n},2026-12-31,10.00" for n in range(1, 11)]
WITH_CREDITOR = "creditor_code,customer_code,document_number,due_date,open_amount"


def item(number: str, **where) -> Item:
    return Item.objects.get(document_number=number, **where)


def test_what_is_gone_is_closed_for_an_unknown_cause_and_inferred(take):
    take(10, *TEN)
    result = take(12, *TEN[1:])
    gone = item("1")
    assert (result.closed, result.unchanged) == (1, 9)
    assert (gone.open_amount, gone.closed_on, gone.closing_cause, gone.is_inferred) == (
        0,
        date(2026, 11, 12),
        "unknown",
        True,
    )
    assert list(gone.movements.order_by("day").values_list("day", "amount", "cause")) == [
        (date(2026, 11, 10), Decimal("10.00"), "opened"),
        (date(2026, 11, 12), Decimal("-10.00"), "unknown"),
    ]
    assert Entry.objects.filter(verb="item.closed", item_id=gone.pk).count() == 1


def test_the_same_file_again_changes_nothing(take):
    take(10, *TEN)
    movements = Movement.objects.count()
    result = take(10, *TEN)
    assert (result.unchanged, result.created, result.updated, result.closed) == (10, 0, 0, 0)
    assert Movement.objects.count() == movements


def test_an_item_that_comes_back_is_the_same_item(take):
    take(10, *TEN)
    first = item("1")
    take(11, *TEN[1:])
    result = take(12, *TEN)
    back = item("1")
    assert (result.reopened, result.updated, result.unchanged) == (1, 0, 9)
    assert (result.reopened, back.pk, back.open_amount, back.closed_on, back.closing_cause) == (
        1,
        first.pk,
        10,
        None,
        "",
    )
    assert back.movements.order_by("-day")[0].cause == "reopened"


def test_a_reduced_amount_is_a_movement_of_the_difference(take):
    take(10, *TEN)
    result = take(13, "C1,1,2026-12-31,4.00", *TEN[1:])
    reduced = item("1")
    assert (result.updated, reduced.open_amount, reduced.closed_on) == (1, 4, None)
    last = reduced.movements.order_by("-id")[0]
    assert (last.day, last.amount, last.cause, last.is_inferred) == (date(2026, 11, 13), -6, "unknown", True)


def test_the_opening_is_dated_the_issue_but_not_before_the_last_ledger(take):
    heads = "customer_code,document_number,due_date,open_amount,issue_date"
    take(10, "C1,1,2026-12-31,10.00,2026-10-01", "C1,2,2026-12-31,10.00,2026-11-30", heads=heads)
    take(14, "C1,1,2026-12-31,10.00,2026-10-01", "C1,2,2026-12-31,10.00,2026-11-30",
         "C1,3,2026-12-31,10.00,2026-10-02", "C1,4,2026-12-31,10.00,2026-11-13", heads=heads)  # fmt: skip
    opened = {m.item.document_number: m.day for m in Movement.objects.filter(cause="opened").select_related("item")}
    assert opened == {
        "1": date(2026, 10, 1),
        "2": date(2026, 11, 10),
        "3": date(2026, 11, 11),
        "4": date(2026, 11, 13),
    }


def test_closing_more_than_thirty_percent_is_refused_unless_forced(take):
    take(10, *TEN)
    with pytest.raises(ImportRefused):
        take(11, *TEN[4:])
    assert Item.objects.filter(closed_on__isnull=True).count() == 10
    assert take(11, *TEN[3:]).closed == 3
    assert take(12, TEN[9], force=True).closed == 6


def test_a_ledger_older_than_the_last_is_refused_unless_forced(take):
    take(10, *TEN)
    with pytest.raises(ImportRefused):
        take(9, *TEN)
    assert take(9, *TEN, force=True).unchanged == 10
    assert Creditor.objects.get(ledger_date__isnull=False).ledger_date == date(2026, 11, 10)


def test_a_rejected_row_with_a_readable_key_leaves_its_item(take):
    take(10, *TEN)
    result = take(11, "C1,1,2026-02-31,10.00", *TEN[2:])
    assert (result.rejected, result.closed, result.not_closed) == (1, 1, 0)
    assert item("1").open_amount == 10
    assert item("2").closed_on == date(2026, 11, 11)


def test_one_odd_date_leaves_the_other_rows_unchanged(take):
    take(10, *TEN)
    result = take(12, "C1,1,31/02/2026,10.00", *TEN[1:])
    assert (result.unchanged, result.updated, result.rejected, result.closed) == (9, 0, 1, 0)
    assert item("1").open_amount == Decimal("10.00")


def test_an_unreadable_key_closes_nothing(take):
    take(10, *TEN)
    result = take(11, ",1,2026-12-31,10.00", *TEN[2:])
    assert (result.rejected, result.closed, result.not_closed) == (1, 0, 2)
    assert result.warnings
    assert Item.objects.filter(closed_on__isnull=False).count() == 0


def test_a_delta_closes_nothing(take):
    take(10, *TEN)
    result = take(11, "C1,1,2026-12-31,8.00", mode="delta")
    assert (result.mode, result.updated, result.closed) == ("delta", 1, 0)


def test_two_creditors_with_the_same_codes(take):
    take(
        10,
        "A,C1,1,2026-12-31,10.00",
        "B,C1,1,2026-12-31,20.00",
        "B,C1,2,2026-12-31,5.00",
        "B,C1,3,2026-12-31,5.00",
        "B,C1,4,2026-12-31,5.00",
        heads=WITH_CREDITOR,
    )
    assert Customer.objects.filter(code="C1").count() == 2
    assert item("1", creditor__code="A").open_amount == 10
    assert item("1", creditor__code="B").open_amount == 20
    result = take(
        11, "B,C1,1,2026-12-31,20.00", "B,C1,2,2026-12-31,5.00", "B,C1,3,2026-12-31,5.00", heads=WITH_CREDITOR
    )
    assert result.closed == 1
    assert item("1", creditor__code="A").closed_on is None


def test_a_file_that_names_no_creditor_among_several_is_refused(take, english):
    take(10, "A,C1,1,2026-12-31,10.00", heads=WITH_CREDITOR)
    with pytest.raises(Exception, match="creditor"):
        take(11, *TEN)
    result = take(11, *TEN, creditor="B")
    assert (result.created, Item.objects.filter(creditor__code="B").count()) == (10, 10)
    assert "B was no creditor until now (known: A, MAIN) and was created" in result.warnings[0]
    assert take(12, *TEN, creditor="B").warnings == []


def test_the_same_number_in_two_years_is_two_items(take):
    heads = "customer_code,document_number,due_date,open_amount,issue_date"
    result = take(10, "C1,1,2026-12-31,10.00,2025-10-01", "C1,1,2026-12-31,20.00,2026-10-01", heads=heads)
    assert result.created == 2


def test_instalments_are_items_of_their_own(take):
    heads = "customer_code,document_number,due_date,open_amount,instalment"
    assert take(10, "C1,1,2026-11-30,10.00,1", "C1,1,2026-12-31,10.00,2", heads=heads).created == 2


def test_an_external_id_is_the_key_even_when_the_number_changes(take):
    heads = "customer_code,document_number,due_date,open_amount,external_id"
    take(10, "C1,1,2026-12-31,10.00,K1", heads=heads)
    first = item("1")
    result = take(11, "C2,1/bis,2026-12-31,9.00,K1", heads=heads)
    again = Item.objects.get()
    assert (result.updated, result.created, again.pk) == (1, 0, first.pk)
    assert (again.document_number, again.customer.code, again.open_amount) == ("1/bis", "C2", 9)


def test_an_invoice_and_its_credit_note_vanish_together(take):
    heads = "customer_code,document_number,due_date,open_amount,document_type"
    rest = [f"C9,{n},2026-12-31,10.00,invoice" for n in range(10, 20)]
    take(10, "C1,1,2026-12-31,50.00,invoice", "C1,2,2026-12-31,-50.00,credit_note", *rest, heads=heads)
    assert take(11, *rest, heads=heads).closed == 2
    assert {(i.closing_cause, i.is_inferred) for i in Item.objects.filter(customer__code="C1")} == {("offset", False)}


def test_a_replacing_item_inherits_due_date_and_holds(take):
    heads = "customer_code,document_number,due_date,open_amount,replaces_document,hold"
    rest = [f"C9,{n},2026-12-31,10.00,," for n in range(10, 20)]
    take(10, "C1,1,2026-10-31,50.00,,contestazione", *rest, heads=heads)
    take(11, "C1,1R,2027-01-31,50.00,1,contestazione", *rest, heads=heads)
    old, new = item("1"), item("1R")
    assert (old.closing_cause, old.is_inferred) == ("replaced", False)
    assert (new.replaces_id, new.due_date, new.original_due_date) == (old.pk, date(2027, 1, 31), date(2026, 10, 31))
    assert Hold.objects.filter(item=new, kind="dispute", released_on__isnull=True).count() == 1


def test_an_open_ended_dispute_of_the_file_is_reviewed_after_thirty_days(take):
    heads = "customer_code,document_number,due_date,open_amount,hold,hold_until"
    take(10, "C1,1,2026-10-31,100.00,dispute,", "C1,2,2026-10-31,100.00,dispute,2026-12-01", heads=heads)
    assert dict(Hold.objects.values_list("item__document_number", "review_on")) == {"1": date(2026, 12, 10), "2": None}


def test_a_hold_of_the_file_ends_when_the_file_no_longer_says_so(take):
    heads = "customer_code,document_number,due_date,open_amount,hold,hold_until,hold_reason"
    take(10, "C1,1,2026-10-31,50.00,si,2026-12-15,Attende merce", heads=heads)
    hold = Hold.objects.get()
    assert (hold.kind, hold.source, hold.ends_on, hold.because) == (
        "manual",
        "file",
        date(2026, 12, 15),
        "Attende merce",
    )
    take(12, "C1,1,2026-10-31,50.00,,,", heads=heads)
    hold.refresh_from_db()
    assert hold.released_on == date(2026, 11, 12)


def test_a_dry_run_says_the_same_and_changes_nothing(take):
    take(10, *TEN)
    before = list(Item.objects.order_by("pk").values_list("pk", "open_amount", "closed_on"))
    told = take(11, "C1,1,2026-12-31,4.00", *TEN[2:], dry_run=True)
    assert (told.batch, told.updated, told.closed) == (None, 1, 1)
    assert list(Item.objects.order_by("pk").values_list("pk", "open_amount", "closed_on")) == before
    real = take(11, "C1,1,2026-12-31,4.00", *TEN[2:])
    assert (real.updated, real.closed) == (1, 1)
