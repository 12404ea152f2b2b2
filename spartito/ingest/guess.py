"""Guessing a mapping for a file never seen: columns by their heads, then by their values; formats by whole columns."""

import re
from dataclasses import dataclass, field, replace

import polars as pl

from spartito.ingest.canonical import columns_of, meanings, normal
from spartito.ingest.files import Source
from spartito.ingest.mapping import Spec, apply, positions

SHARE = 0.8  # of the filled cells must look like it
DATE = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$|^(19|20)\d{6}$"
AMOUNT = r"^[-(]?\s*(€|EUR)?\s*\d[\d.,' ]*[.,]\d{1,2}\s*(€|EUR)?\s*[-)]?$"
LOOKS = {
    "email": r"^[^@\s]+@[^@\s]+\.[a-z]+$",
    "vat_number": r"^(IT)?\d{11}$",
    "pay_to_iban": r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$",
}


@dataclass(frozen=True)
class Guess:
    """A guessed mapping, which heads found no place, and what a person should look at."""

    spec: Spec
    unmapped: list[str]
    missing: list[str]
    doubts: list[str] = field(default_factory=list)


def guess(source: Source, *, kind: str, given: Spec | None = None) -> Guess:
    """Completes `given` (nothing, for a new file): columns it does not name, and formats it does not say."""
    spec = given or Spec()
    if not spec.columns and not spec.difference:
        spec = replace(spec, columns=columns_by_head(source.heads, kind=kind, taken=set(spec.constants)))
        spec = replace(spec, columns=spec.columns | columns_by_value(source, spec, kind=kind))
    spec, doubts = with_formats(source, spec, kind=kind)
    known = {normal(head) for head in spec.heads()}
    unmapped = [head for head in source.heads if head and normal(head) not in known]
    missing = [c.name for c in columns_of(kind).values() if c.required and c.name not in spec.mapped()]
    return Guess(spec, unmapped, missing, doubts)


def columns_by_head(heads: list[str], *, kind: str, taken: set[str]) -> dict[str, str]:
    """Canonical columns whose name or synonym is a head; exact names before synonyms, left before right."""
    found: dict[str, str] = {}
    names = columns_of(kind)
    for head in heads:
        if normal(head) in names:
            found.setdefault(normal(head), head)
    table = meanings(kind)
    for head in heads:
        name = table.get(normal(head))
        if name and name not in taken and head not in found.values():
            found.setdefault(name, head)
    return found


def columns_by_value(source: Source, spec: Spec, *, kind: str) -> dict[str, str]:
    """Columns still without a head, found by what the unused ones hold; only where one alone fits."""
    sample, names = source.sample(1000), columns_of(kind)
    free = {head: sample[str(at)] for head, at in positions(source.heads).items() if head not in spec.columns.values()}
    found: dict[str, str] = {}
    patterns = {name: look for name, look in LOOKS.items() if name in names}
    patterns |= {
        c.name: AMOUNT if c.kind == "money" else DATE
        for c in names.values()
        if c.required and c.kind in ("money", "date")
    }
    for name, pattern in patterns.items():
        if name in spec.mapped():
            continue
        fitting = [
            head for head, cells in free.items() if head not in found.values() and _share(cells, pattern) >= SHARE
        ]
        if len(fitting) == 1:
            found[name] = fitting[0]
        elif name == "due_date" and len(fitting) == 2:
            found[name] = max(fitting, key=lambda head: _latest_year_first(free[head]))
    return found


def _share(cells: pl.Series, pattern: str) -> float:
    filled = cells.str.strip_chars().filter(cells.str.strip_chars() != "")
    return float(filled.str.contains(pattern, strict=False).sum() / len(filled)) if len(filled) else 0.0


def _latest_year_first(cells: pl.Series) -> str:
    years = [m.group() for cell in cells.to_list() if (m := re.search(r"(19|20)\d\d", cell))]
    return max(years, default="")


def with_formats(source: Source, spec: Spec, *, kind: str) -> tuple[Spec, list[str]]:
    """The mapping with decimal signs and date orders settled from every value of each column, where it says none."""
    columns = columns_of(kind)
    mapped = [columns[name] for name in columns if name in spec.columns or name in spec.difference]
    amounts = [c.name for c in mapped if c.kind == "money" and not spec.decimal_of(c.name)]
    dates = [c.name for c in mapped if c.kind == "date" and not spec.dates_of(c.name)]
    if not _foreign_formats(source, spec, amounts, dates):
        return spec, []
    points, orders, doubts = _evidence(source, spec, amounts, dates)
    decimal = {name: sign for name, sign in points.items() if sign}
    given = spec.decimal if isinstance(spec.decimal, dict) else {}
    said = spec.dates if isinstance(spec.dates, dict) else {}
    return replace(
        spec,
        decimal=spec.decimal if isinstance(spec.decimal, str) and spec.decimal else given | decimal,
        dates=spec.dates if isinstance(spec.dates, str) and spec.dates else said | orders,
    ), doubts


def _foreign_formats(source: Source, spec: Spec, amounts: list[str], dates: list[str]) -> bool:
    """Whether the first rows hold anything but canonical amounts and dates; only then the whole file is looked at."""
    sample = apply(source.sample(2000), spec, source.heads)
    plain_amounts = all(sample[n].str.contains(r"^(-?\d+(\.\d{1,2})?)?$").all() for n in amounts)
    return not (plain_amounts and all(sample[n].str.contains(r"^(\d{4}-\d\d-\d\d)?$").all() for n in dates))


def _evidence(
    source: Source, spec: Spec, amounts: list[str], dates: list[str]
) -> tuple[dict[str, str], dict[str, str], list[str]]:
    comma, point = dict.fromkeys(amounts, 0), dict.fromkeys(amounts, 0)
    day_first, month_first = dict.fromkeys(dates, 0), dict.fromkeys(dates, 0)
    slashed = dict.fromkeys(dates, 0)
    for frame, _read in source.frames():
        rows = apply(frame, spec, source.heads)
        for name in amounts:
            comma[name] += _count(rows[name], r",\d{1,2}[^\d.,]*$|\.\d{3}[.,]")
            point[name] += _count(rows[name], r"\.\d{1,2}[^\d.,]*$|,\d{3}[.,]")
        for name in dates:
            slashed[name] += _count(rows[name], r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
            day_first[name] += _count(rows[name], r"^(1[3-9]|2\d|3[01])[-/.]\d{1,2}[-/.]\d{2,4}")
            month_first[name] += _count(rows[name], r"^\d{1,2}[-/.](1[3-9]|2\d|3[01])[-/.]\d{2,4}")
    # Columns without evidence of their own follow the others of the same file.
    all_comma, all_point = sum(comma.values()), sum(point.values())
    points = {n: _of(comma[n], point[n], "," if all_comma > all_point else "." if all_point else "") for n in amounts}
    first, second = sum(day_first.values()), sum(month_first.values())
    other = "mdy" if second > first else "dmy"
    orders = {
        n: "dmy" if day_first[n] > month_first[n] else "mdy" if month_first[n] else other for n in dates if slashed[n]
    }
    doubtful = [n for n in orders if not (day_first[n] or month_first[n] or first or second)]
    return points, orders, doubtful


def _of(comma: int, point: int, otherwise: str) -> str:
    return "," if comma > point else "." if point else otherwise


def _count(cells: pl.Series, pattern: str) -> int:
    return int(cells.str.contains(pattern).sum() or 0)
