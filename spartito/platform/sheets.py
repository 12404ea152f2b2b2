"""Tables as files for people: CSV and XLSX, in which no cell ever becomes a formula.

A text that a spreadsheet would run (it begins with = + - @, a tab or a carriage return) gets an
apostrophe before it in CSV, and is written as a text cell with the *quote prefix* in XLSX. Plain
numbers and phone numbers, whose only signs are digits, blanks, dots, commas and one leading sign,
stay as they are. `restored` takes the apostrophe off again when such a file comes back.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

CSV_MIME = "text/csv; charset=utf-8"
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60

Kind = Literal["text", "money", "number", "date", "instant"]
Row = Mapping[str, object] | Sequence[object]

_HARMLESS = re.compile(r"[-+]?[\d\s.,]*\Z")
_DANGEROUS = re.compile(r"\s*[=+\-@|\t\r＝＋－＠]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Column:
    """One column: the key of its value in a row, what its head says, and how its values are shown."""

    key: str
    label: str
    kind: Kind = "text"


def neutralised(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would take it for a formula."""
    return "'" + text if is_dangerous(text) else text


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet would run this text."""
    return bool(_DANGEROUS.match(text)) and not _HARMLESS.match(text)


def restored(text: str) -> str:
    """The text as it was before `neutralised`."""
    return text[1:] if text.startswith("'") and is_dangerous(text[1:]) else text


def write_csv(rows: Iterable[Row], columns: Sequence[Column | str], *, language: str = "it") -> bytes:
    """The table as UTF-8 CSV with BOM; Italian: semicolons and decimal commas, as Excel there expects."""
    return b"".join(stream_csv(rows, columns, language=language))


def stream_csv(rows: Iterable[Row], columns: Sequence[Column | str], *, language: str = "it") -> Iterator[bytes]:
    """`write_csv` in pieces of about a thousand rows, for answers that are streamed."""
    heads = [_column(each) for each in columns]
    comma = language != "en"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow([neutralised(head.label) for head in heads])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(_value(row, head, at), comma=comma) for at, head in enumerate(heads)])
        if number % 1000 == 0:
            yield out.getvalue().encode()
            out.seek(0), out.truncate()
    yield out.getvalue().encode()


def write_xlsx(rows: Iterable[Row], columns: Sequence[Column | str], *, title: str = "") -> bytes:
    """The table as an XLSX workbook of one sheet: bold frozen heads, filters, real numbers and dates."""
    import xlsxwriter

    heads = [_column(each) for each in columns]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": False, "constant_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31] or None)
    formats = _Formats(book)
    widths = [len(head.label) for head in heads]
    last = 0
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head.label, formats.head)
    for last, row in enumerate(rows, start=1):
        for at, head in enumerate(heads):
            value = _value(row, head, at)
            _write_cell(sheet, last, at, value, formats)
            if last <= 200 and value is not None:
                widths[at] = max(widths[at], len(str(value)))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(width, WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    if heads:
        sheet.autofilter(0, 0, last, len(heads) - 1)
    book.close()
    return out.getvalue()


class _Formats:
    def __init__(self, book) -> None:  # type: ignore[no-untyped-def]
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.date = book.add_format({"num_format": "dd/mm/yyyy"})
        self.instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        self.quoted = book.add_format({"quote_prefix": True})


def _write_cell(sheet, row: int, at: int, value: object, formats: _Formats) -> None:  # type: ignore[no-untyped-def]
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, Decimal):
        sheet.write_number(row, at, float(value), formats.money)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, at, value.replace(tzinfo=None), formats.instant)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, formats.date)
    else:
        text = _CONTROL.sub("", str(value))[:32767]
        sheet.write_string(row, at, text, formats.quoted if is_dangerous(text) else None)


def _csv_cell(value: object, *, comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return str(value).replace(".", ",") if comma else str(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M" if comma else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y") if comma else value.isoformat()
    return neutralised(_CONTROL.sub("", str(value)))


def _column(column: Column | str) -> Column:
    return column if isinstance(column, Column) else Column(key=column, label=column)


def _value(row: Row, column: Column, at: int) -> object:
    return row.get(column.key) if isinstance(row, Mapping) else row[at]
