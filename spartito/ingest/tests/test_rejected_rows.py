"""A bad row is rejected with its row number, field, value and reason; the good rows go in."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from spartito.ingest.models import Reject
from spartito.ingest.operations import import_file
from spartito.ingest.queries import rejects_file
from spartito.portfolio.models import Item

HEADS = "customer_code,document_number,due_date,open_amount,document_type,currency,credit_class,payment_type,issue_date"
GOOD = ["C8,8,2026-10-31,10.00,invoice,EUR,STD,BON,", "C9,9,2026-10-31,10.00,,,,,"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("C1,1,2026-02-31,100.00,,,,,", "due_date"),
        ("C1,1,31/02/2026,100.00,,,,,", "due_date"),
        ("C1,1,0001-01-01,100.00,,,,,", "due_date"),
        ("C1,1,1969-12-31,100.00,,,,,", "due_date"),
        ("C1,1,2101-01-01,100.00,,,,,", "due_date"),
        ("C1,1,2026-10-31,100.001,,,,,", "open_amount"),
        ("C1,1,2026-10-31," + "9" * 40 + ",,,,,", "open_amount"),
        ("C1,1,2026-10-31,٣,,,,,", "open_amount"),
        ("C1,1,2026-10-31,１２.50,,,,,", "open_amount"),
        ("C1,1,٢٠٢٦-١٠-٣١,100.00,,,,,", "due_date"),
        ("C1,1,2026-10-31,-100.00,invoice,,,,", "open_amount"),
        ("C1,1,2026-10-31,100.00,invoice,XYZ,,,", "currency"),
        ("C1,1,2026-10-31,100.00,invoice,EUR,NOPE,,", "credit_class"),
        ("C1,1,2026-10-31,100.00,invoice,EUR,STD,NOPE,", "payment_type"),
        ("C1,1,2026-10-31,100.00,cosa,EUR,STD,BON,", "document_type"),
        ("C1,1,2026-10-31,100.00,,,,,2026-13-01", "issue_date"),
        (",1,2026-10-31,100.00,,,,,", "customer_code"),
        ("C1,,2026-10-31,100.00,,,,,", "document_number"),
        ("C1,1,,100.00,,,,,", "due_date"),
        ("C1,1,2026-10-31,,,,,,", "open_amount"),
        ("C1," + "1" * 81 + ",2026-10-31,100.00,,,,,", "document_number"),
    ],
)
def test_one_bad_cell(take, line, field):
    result = take(20, GOOD[0], line, GOOD[1], heads=HEADS)
    assert (result.created, result.rejected) == (2, 1)
    told = result.rejects[0]
    assert (told["row"], told["field"]) == (3, field)
    assert told["error"]
    assert told["value"] == "" or told["value"][:5] in line


def test_what_is_wrong_with_an_amount_is_said_in_the_language_spoken(take):
    with override("en"):
        result = take(20, GOOD[0], "C1,1,2026-10-31,1e3,,,,,", GOOD[1], heads=HEADS)
    assert result.rejects[0]["error"] == "is not an amount"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12,00", "12.00"),
        ("€ 12,5", "12.50"),
        ("1'234.50", "1234.50"),
        ("0", "0.00"),
        ("-", "0.00"),
    ],
)
def test_amounts_as_people_write_them(take, written, meant):
    result = take(20, GOOD[0], f'C1,1,2026-10-31,"{written}",,,,,', heads=HEADS)
    assert result.rejected == 0
    assert Item.objects.get(document_number="1").open_amount == Decimal(meant)


@pytest.mark.parametrize("written", ["(12,00)", "-12.00", "12.00-", "12,00"])
def test_a_credit_note_is_negative_however_it_is_written(take, written):
    result = take(20, GOOD[0], f'C1,1,2026-10-31,"{written}",credit_note,,,,', heads=HEADS)
    assert result.rejected == 0
    assert Item.objects.get(document_number="1").open_amount == Decimal("-12.00")
    assert bool(result.warnings) == (written == "12,00")


def test_two_rows_with_one_key_are_both_rejected(take):
    result = take(20, "C1,1,2026-10-31,100.00,,,,,", GOOD[0], "C1,1,2026-11-30,50.00,,,,,", GOOD[1], heads=HEADS)
    assert (result.created, result.rejected) == (2, 2)
    assert [line["row"] for line in result.rejects] == [2, 4]


def test_the_same_row_twice_is_rejected_even_when_known(take):
    take(20, *GOOD, "C1,1,2026-10-31,100.00,,,,,", heads=HEADS)
    result = take(20, *GOOD, "C1,1,2026-10-31,100.00,,,,,", "C1,1,2026-10-31,100.00,,,,,", heads=HEADS)
    assert (result.unchanged, result.rejected, result.closed) == (2, 2, 0)
    assert Item.objects.get(document_number="1").open_amount == 100


def test_a_changed_row_beside_the_known_one_is_rejected_with_it(take):
    take(20, *GOOD, "C1,1,2026-10-31,100.00,,,,,", heads=HEADS)
    result = take(20, *GOOD, "C1,1,2026-10-31,100.00,,,,,", "C1,1,2026-10-31,60.00,,,,,", heads=HEADS)
    assert (result.unchanged, result.rejected, result.updated, result.closed) == (2, 2, 0, 0)
    assert Item.objects.get(document_number="1").open_amount == 100


def test_amounts_nobody_owes_raise_a_warning(take):
    heads = "customer_code,document_number,due_date,open_amount,withheld"
    assert take(20, "C1,1,2026-10-31,20.00,20.00", "C1,2,2026-10-31,20.00,0", heads=heads).warnings


def test_rejected_rows_can_be_corrected_and_handed_in_again(take, tmp_path):
    result = take(20, *GOOD, "C1,1,2026-02-31,=1+1,,,,,", heads=HEADS)
    reject = Reject.objects.get()
    text = rejects_file(batch=reject.batch).decode("utf-8-sig")
    assert "'=1+1" in text
    assert text.splitlines()[0].endswith("spartito_row,spartito_field,spartito_error")
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(text.replace("2026-02-31", "2026-02-28").replace("'=1+1", "2.00"), encoding="utf-8")
    again = import_file(path=corrected, kind="items", as_of=reject.batch.business_date)
    assert (result.rejected, again.mode, again.created, again.closed) == (1, "delta", 1, 0)
    assert rejects_file(batch=reject.batch, format="xlsx")[:2] == b"PK"
