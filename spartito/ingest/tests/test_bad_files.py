"""A bad file is refused whole, with one clear line, and changes nothing."""

import os
from datetime import date

import pytest

from spartito.ingest.files import FileRefused
from spartito.ingest.models import Batch
from spartito.ingest.operations import import_file
from spartito.ingest.taking import ImportRefused
from spartito.portfolio.models import Item

DAY = date(2026, 11, 20)


def refused(path, error=FileRefused) -> str:
    with pytest.raises(error) as reason:
        import_file(path=path, kind="items", as_of=DAY)
    assert not Item.objects.exists()
    assert not Batch.objects.exists()
    return str(reason.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file(tenant, tmp_path, content):
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    refused(path)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 \x00\x01",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        os.urandom(4096),
        b"PK\x03\x04 not a workbook",
        bytes(range(256)) * 20,
    ],
)
def test_a_binary_file(tenant, tmp_path, content):
    path = tmp_path / "binary.csv"
    path.write_bytes(content)
    refused(path)


def test_heads_without_rows(take):
    with pytest.raises(ImportRefused):
        take(20)


def test_a_file_that_is_not_there(tenant, tmp_path):
    refused(tmp_path / "nothing.csv")


def test_a_missing_required_column_is_named(tenant, ledger):
    assert "due_date" in refused(ledger("C1,1,100.00", heads="customer_code,document_number,open_amount"))


def test_an_encoding_nobody_knows(tenant, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_bytes(b"customer_code,document_number,due_date,open_amount\nC\x81\x8d,1,2026-10-31,1.00\n")
    refused(path)


def test_more_than_half_of_the_rows_unreadable(tenant, ledger):
    lines = ["C1,1,2026-10-31,100.00", "C2,2,domani,molto", "C3,3,,", "C4,4,x,y"]
    assert "3" in refused(ledger(*lines), ImportRefused)


def test_a_ledger_of_the_future(tenant, ledger):
    with pytest.raises(ImportRefused):
        import_file(path=ledger("C1,1,2026-10-31,100.00"), kind="items", as_of=date(2026, 11, 21), today=DAY)


def test_a_kind_nobody_knows(tenant, ledger):
    with pytest.raises(FileRefused):
        import_file(path=ledger("C1"), kind="orders", as_of=DAY)


@pytest.mark.parametrize(
    ("heads", "mapping", "both"),
    [
        ("customer_code,open_amount,document_number,due_date,open_amount", None, "columns 2 and 5 .* open_amount"),
        ("Cliente,Residuo,Documento,Scadenza,Residuo", None, "columns 2 and 5 .* Residuo"),
        ("Cliente,Dare,Documento,Scadenza,Dare,Avere",
         {"columns": {"customer_code": "Cliente", "document_number": "Documento", "due_date": "Scadenza"},
          "difference": {"open_amount": ["Dare", "Avere"]}}, "columns 2 and 5 .* Dare"),
    ],
)  # fmt: skip
def test_two_columns_with_one_head_of_which_one_would_be_taken(tenant, english, ledger, heads, mapping, both):
    row = "C1,100.00,FT1,2026-10-31,90.00,0.00"
    with pytest.raises(FileRefused, match=both):
        import_file(path=ledger(row, heads=heads), kind="items", as_of=DAY, mapping=mapping)
    assert not Item.objects.exists()


def test_two_columns_with_one_head_that_nobody_reads(take):
    heads = "customer_code,document_number,due_date,open_amount,nota interna,nota interna"
    assert take(20, "C1,FT1,2026-10-31,100.00,a,b", heads=heads).created == 1
