"""Reading a file as rows of text, whatever it is: CSV in any usual encoding, XLSX, XLS, XLSB, ODS.

A `Source` gives its heads and then frames of text columns `0…n-1`, with `row` (the row in the file as a
spreadsheet counts it: the heads are row 1 unless lines stand above them) and `broken` (the row has more
cells than heads). Memory does not grow with a text file: it is read in pieces of 8 MB.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from spartito.ingest.canonical import KINDS, meanings, normal
from spartito.platform.errors import Refused

PIECE = 8 * 2**20
LARGEST_TEXT = 2 * 2**30
LARGEST_SHEET = 100 * 2**20
SNIFFED = 64 * 1024
DELIMITERS = ",;\t|"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"MZ\x90")


class FileRefused(Refused):
    """The file as a whole cannot be taken: empty, not text, undecodable, too large, a column missing."""


@dataclass
class Source:
    """A file opened for reading; frames can be asked for more than once."""

    path: Path
    heads: list[str] = field(default_factory=list)
    first_row: int = 2
    encoding: str = "utf-8"
    delimiter: str = ","
    size: int = 0
    ends_in_returns: bool = False

    def frames(self) -> Iterator[tuple[pl.DataFrame, int]]:
        """Frames in the order of the file, each with how many bytes (or rows) are read so far."""
        raise NotImplementedError

    def sample(self, rows: int = 200) -> pl.DataFrame:
        """The first rows."""
        for frame, _read in self.frames():
            return frame.head(rows)
        return empty_frame(len(self.heads))


def open_source(path: Path, *, delimiter: str = "", encoding: str = "", sheet: str = "") -> Source:
    """Opens a file by its content, not its name. Raises FileRefused."""
    if not path.is_file():
        raise FileRefused(_("%(file)s is not there") % {"file": path})
    size = path.stat().st_size
    with path.open("rb") as handle:
        start = handle.read(SNIFFED)
    if not start.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise FileRefused(_("the file is empty"))
    if start.startswith((ZIP, OLE)):
        return SheetSource.open(path, size=size, sheet=sheet)
    if size > LARGEST_TEXT:
        raise FileRefused(_("the file is larger than 2 GB: split it"))
    return TextSource.open(path, start=start, size=size, delimiter=delimiter, encoding=encoding)


# --- text ------------------------------------------------------------------------------------------------


class TextSource(Source):
    @classmethod
    def open(cls, path: Path, *, start: bytes, size: int, delimiter: str, encoding: str) -> "TextSource":
        encoding = encoding or encoding_of(path, start)
        cut = start[: len(start) - len(start) % 4] if encoding.startswith("utf-32") else start
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(cut).lstrip("\ufeff")
        delimiter = delimiter or delimiter_of(text)
        lines = list(csv.reader(io.StringIO(with_line_feeds(text)), delimiter=delimiter))
        at = head_line(lines)
        heads = [head.strip().lstrip("\ufeff") for head in lines[at]] if lines else []
        while heads and not heads[-1]:
            heads.pop()
        return cls(path, heads, at + 2, encoding, delimiter, size, ends_in_returns(text))

    def frames(self) -> Iterator[tuple[pl.DataFrame, int]]:
        width, row, skip = len(self.heads), 1, self.first_row - 1
        for text, read in self._pieces():
            frame = parse_text(text, width=width, delimiter=self.delimiter)
            frame = frame.with_columns(row=pl.int_range(row, row + frame.height, dtype=pl.Int32))
            row += frame.height
            if skip:
                frame, skip = frame.filter(pl.col("row") > skip), max(0, skip - frame.height)
            yield without_blank_rows(frame, width), read

    def _pieces(self) -> Iterator[tuple[bytes, int]]:
        """Whole lines as UTF-8; a quoted field that runs over the end of a piece stays in one."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        rest, read, first = b"", 0, True
        with self.path.open("rb") as handle:
            while True:
                block = handle.read(PIECE)
                read += len(block)
                part = rest + self._as_utf8(decoder, block, final=not block)
                if self.ends_in_returns:
                    part = part.replace(b"\r", b"\n")
                if first:
                    part, first = part.removeprefix(codecs.BOM_UTF8), False
                if not block:
                    break
                cut = last_line_end(part)
                rest = part[cut:]
                if cut:
                    yield part[:cut], read
        if part.strip():
            yield part, read

    def _as_utf8(self, decoder, block: bytes, *, final: bool) -> bytes:  # type: ignore[no-untyped-def]
        if self.encoding == "utf-8":
            return block
        try:
            return decoder.decode(block, final).encode()
        except UnicodeDecodeError as wrong:
            raise FileRefused(_("the file cannot be read as %(encoding)s") % {"encoding": self.encoding}) from wrong


def encoding_of(path: Path, start: bytes) -> str:
    """UTF-8, UTF-16 (with or without its mark) or Windows-1252. Raises FileRefused for anything that is no text."""
    if start.startswith(NOT_TEXT):
        raise FileRefused(_("this is not a text or spreadsheet file"))
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start:
        return _utf16_without_mark(start)
    controls = sum(start.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 26))
    if controls > len(start) // 500:
        raise FileRefused(_("this is not a text or spreadsheet file"))
    return "utf-8" if is_utf8(path) else _one_byte(path)


def _utf16_without_mark(start: bytes) -> str:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    raise FileRefused(_("this is not a text or spreadsheet file"))


def is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        try:
            while block := handle.read(PIECE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _one_byte(path: Path) -> str:
    """Windows-1252, unless the file uses one of the five codes that have no letter there."""
    with path.open("rb") as handle:
        while block := handle.read(PIECE):
            if block.translate(None, bytes(set(range(256)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D})):
                raise FileRefused(_("the file's encoding is not recognised: save it as UTF-8"))
    return "cp1252"


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first lines into the most columns, the same number in each."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    best, score = ",", (0.0, 0)
    for each in DELIMITERS:
        counts = [len(row) for row in csv.reader(lines[:-1] or lines, delimiter=each)]
        usual = max(set(counts), key=counts.count) if counts else 0
        alike = counts.count(usual) / len(counts) if counts else 0
        if usual > 1 and (alike, usual) > score:
            best, score = each, (alike, usual)
    return best


def ends_in_returns(text: str) -> bool:
    """Whether its lines end as on old Macs, in a carriage return alone."""
    return "\r" in text and "\n" not in text


def with_line_feeds(text: str) -> str:
    """Every line ends in a line feed; a carriage return inside a line is a space."""
    if ends_in_returns(text):
        return text.replace("\r", "\n")
    return text.replace("\r\n", "\n").replace("\r", " ")


def head_line(lines: list[list[str]]) -> int:
    """Which of the first ten lines holds the heads: the one with most known names, else the first."""
    known = {head for kind in KINDS for head in meanings(kind)}
    best, most = 0, 0
    for at, line in enumerate(lines[:10]):
        hits = sum(normal(cell) in known for cell in line if cell.strip())
        if hits > most and hits >= 2:
            best, most = at, hits
    return best


def last_line_end(part: bytes) -> int:
    """Where the last line ends that is not inside quotes; 0 when there is none."""
    cut = part.rfind(b"\n") + 1
    while cut and part.count(b'"', 0, cut) % 2:
        cut = part.rfind(b"\n", 0, cut - 1) + 1
        if len(part) - cut > 2**20:
            return part.rfind(b"\n") + 1  # a stray quote, not a long field
    return cut


def parse_text(text: bytes, *, width: int, delimiter: str) -> pl.DataFrame:
    """Lines as columns of text; leniently, by Python's reader, where quotes are not properly closed."""
    schema = {str(at): pl.String for at in range(width)} | {"more": pl.String}
    try:
        frame = pl.read_csv(
            io.BytesIO(text), has_header=False, schema=schema, separator=delimiter, truncate_ragged_lines=True,
            missing_columns="insert", empty_string_is_null=False, glob=False,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        frame = _parse_leniently(text, width=width, delimiter=delimiter, schema=schema)
    return frame.with_columns(broken=pl.col("more").fill_null("").str.strip_chars() != "").drop("more")


def _parse_leniently(text: bytes, *, width: int, delimiter: str, schema: dict) -> pl.DataFrame:
    lines, closed = io.StringIO(with_line_feeds(text.decode(errors="replace"))), text.count(b'"') % 2 == 0
    reader = (
        csv.reader(lines, delimiter=delimiter)
        if closed
        else csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    )
    csv.field_size_limit(2**24)
    rows = [[*line[: width + 1], *[""] * (width + 1 - len(line))] for line in reader]
    return pl.DataFrame(rows, schema=schema, orient="row")


def without_blank_rows(frame: pl.DataFrame, width: int) -> pl.DataFrame:
    """Only rows that say something; null cells become empty text."""
    cells = [str(at) for at in range(width)]
    frame = frame.with_columns(pl.col(cells).fill_null(""))
    return frame.filter(pl.any_horizontal(pl.col(cells) != "") | pl.col("broken")) if cells else frame


def empty_frame(width: int) -> pl.DataFrame:
    schema = {str(at): pl.String for at in range(width)} | {"broken": pl.Boolean, "row": pl.Int32}
    return pl.DataFrame(schema=schema)


# --- spreadsheets ----------------------------------------------------------------------------------------


class SheetSource(Source):
    @classmethod
    def open(cls, path: Path, *, size: int, sheet: str) -> "SheetSource":
        if size > LARGEST_SHEET:
            raise FileRefused(_("a spreadsheet may have 100 MB at most: save it as CSV"))
        made = cls(path, encoding="", delimiter="", size=size)
        made.sheet = sheet  # type: ignore[attr-defined]
        at = head_line([[as_text(cell) for cell in row] for row in made.rows[:10]])
        made.heads = [as_text(cell).strip() for cell in made.rows[at]] if made.rows else []
        while made.heads and not made.heads[-1]:
            made.heads.pop()
        made.first_row = at + 2
        return made

    @cached_property
    def rows(self) -> list[list[Any]]:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            book = CalamineWorkbook.from_path(str(self.path))
            name = self.sheet or book.sheet_names[0]  # type: ignore[attr-defined]
            if name not in book.sheet_names:
                raise FileRefused(_("the workbook has no sheet %(sheet)s") % {"sheet": name})
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError, IndexError, ValueError) as wrong:
            raise FileRefused(_("this is not a text or spreadsheet file")) from wrong
        if not any(any(cell != "" for cell in row) for row in rows):
            raise FileRefused(_("the file is empty"))
        return rows

    def frames(self) -> Iterator[tuple[pl.DataFrame, int]]:
        width = len(self.heads)
        schema = {str(at): pl.String for at in range(width)}
        for start in range(self.first_row - 1, len(self.rows), 50_000):
            block = self.rows[start : start + 50_000]
            cells = [[as_text(cell) for cell in [*row[:width], *[""] * (width - len(row))]] for row in block]
            more = [any(as_text(cell).strip() for cell in row[width:]) for row in block]
            frame = pl.DataFrame(cells, schema=schema, orient="row").with_columns(
                broken=pl.Series(more, dtype=pl.Boolean),
                row=pl.int_range(start + 1, start + 1 + len(block), dtype=pl.Int32),
            )
            yield without_blank_rows(frame, width), min(self.size, self.size * (start + len(block)) // len(self.rows))


def as_text(cell: object) -> str:
    """A cell as canonical text: ISO dates, whole numbers without a point, amounts without float noise."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(round(cell, 6))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if isinstance(cell, timedelta) else str(cell)
