"""Small ledgers written as a credit manager would type them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from spartito.ingest.operations import ImportResult, import_file

HEADS = "customer_code,document_number,due_date,open_amount"


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: heads, then lines; `encoding` as asked."""

    def write(*lines: str, heads: str = HEADS, name: str = "items.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join([heads, *lines, ""]).encode(encoding))
        return path

    return write


@pytest.fixture
def take(tenant, ledger) -> Callable[..., ImportResult]:
    """Writes a ledger and takes it in on a day: `take(20, "C1,1,2026-10-31,100.00")` is the one of 20 November."""

    def call(day: int | date, *lines: str, heads: str = HEADS, kind: str = "items", **options) -> ImportResult:
        as_of = day if isinstance(day, date) else date(2026, 11, day)
        path = ledger(*lines, heads=heads, encoding=options.pop("encoding", "utf-8"))
        return import_file(path=path, kind=kind, as_of=as_of, **options)

    return call
