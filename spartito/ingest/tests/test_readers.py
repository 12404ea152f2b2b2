"""Any usual encoding, delimiter and format is read as the same rows."""

import datetime as dt
from decimal import Decimal

import pytest
import xlsxwriter

from spartito.ingest.files import open_source
from spartito.ingest.operations import import_file
from spartito.portfolio.models import Customer, Item

HEADS = "customer_code,customer_name,document_number,due_date,open_amount"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_with_accents(take, encoding):
    result = take(20, "C1,Società Perché S.p.A.,1,2026-10-31,100.00", heads=HEADS, encoding=encoding)
    assert result.created == 1
    assert Customer.objects.get(code="C1").name == "Società Perché S.p.A."


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(take, delimiter):
    line = delimiter.join(["C1", "Rossi", "1", "2026-10-31", "100.00"])
    assert take(20, line, heads=HEADS.replace(",", delimiter)).created == 1


def test_quotes_line_breaks_and_delimiters_inside_cells(take):
    result = take(
        20, 'C1,"Rossi, Figli ""e"" Nipoti\nS.r.l.",1,2026-10-31,100.00', "C2,Bianchi,2,2026-10-31,5.00", heads=HEADS
    )
    assert (result.rows, result.created) == (2, 2)
    assert Customer.objects.get(code="C1").name == 'Rossi, Figli "e" Nipoti\nS.r.l.'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_to_end_a_line(tenant, tmp_path, end):
    path = tmp_path / "ledger.csv"
    lines = [HEADS, "C1,Rossi,1,2026-10-31,100.00", "C2,Bianchi,2,2026-02-31,5.00", "C3,Verdi,3,2026-10-31,5.00"]
    path.write_bytes(end.join([*lines, ""]).encode())
    result = import_file(path=path, kind="items", as_of=dt.date(2026, 11, 20))
    assert (result.rows, result.created, [line["row"] for line in result.rejects]) == (3, 2, [3])


def test_a_carriage_return_inside_a_cell_ends_no_line(tenant, tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_bytes(f'{HEADS}\nC1,Ros\rsi,1,2026-10-31,100.00\nC2,Bi"anchi,2,2026-10-31,5.00\n'.encode())
    result = import_file(path=path, kind="items", as_of=dt.date(2026, 11, 20))
    assert (result.created, Customer.objects.count()) == (2, 2)


def test_a_stray_quote_spoils_no_other_row(take):
    result = take(
        20, 'C1,Ros"si,1,2026-10-31,100.00', "C2,Bianchi,2,2026-10-31,5.00", "C3,Verdi,3,2026-10-31,5.00", heads=HEADS
    )
    assert result.created == 3


def test_a_row_with_too_many_cells_is_rejected(take):
    result = take(
        20,
        "C1,Rossi,1,2026-10-31,100.00,surplus",
        "C2,Bianchi,2,2026-10-31,5.00",
        "C3,B,3,2026-10-31,5.00",
        heads=HEADS,
    )
    assert (result.created, result.rejected) == (2, 1)
    assert result.rejects[0]["row"] == 2


def test_lines_above_the_heads_are_passed_over(take):
    result = take(20, HEADS, "C1,Rossi,1,2026-10-31,100.00", heads="Scadenzario al 20/11/2026")
    assert result.created == 1


def test_a_formula_is_stored_as_text(take):
    take(
        20,
        'C1,=HYPERLINK("http://x"),1,2026-10-31,100.00'.replace('"', '""').replace("=", '"=').replace("),", ')",'),
        heads=HEADS,
    )
    assert Customer.objects.get(code="C1").name.startswith("=HYPERLINK")


def test_a_workbook(tenant, tmp_path):
    path = tmp_path / "ledger.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Scadenzario")
    sheet.write_row(0, 0, HEADS.split(","))
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(1, 0, ["C1", "Rossi", 17])
    sheet.write_datetime(1, 3, dt.datetime(2026, 10, 31), date)
    sheet.write_number(1, 4, 1234.56)
    book.close()
    result = import_file(path=path, kind="items", as_of=dt.date(2026, 11, 20))
    item = Item.objects.get()
    assert result.created == 1
    assert (item.document_number, item.due_date, item.open_amount) == ("17", dt.date(2026, 10, 31), Decimal("1234.56"))


def test_a_large_file_is_read_in_pieces(ledger, monkeypatch):
    monkeypatch.setattr("spartito.ingest.files.PIECE", 4096)
    path = ledger(*[f'C{n},"Nome {n}\ncon riga",{n},2026-10-31,1.00' for n in range(2000)], heads=HEADS)
    source = open_source(path)
    frames = [frame for frame, _read in source.frames()]
    assert len(frames) > 5
    assert sum(frame.height for frame in frames) == 2000
    assert [frame["row"].to_list() for frame in frames][-1][-1] == 2001
