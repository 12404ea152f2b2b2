"""Reads about imports: previews for the page, and the file of rejected rows.

Batches hold no customer data; rejected rows do. Who may see customers sees them as they came, others
masked: that is decided by the caller, who knows the user.
"""

from dataclasses import dataclass, field
from pathlib import Path

from spartito.ingest.files import open_source
from spartito.ingest.guess import guess
from spartito.ingest.models import Batch
from spartito.ingest.opening import MARKS, find_mapping
from spartito.platform.sheets import write_csv, write_xlsx

SHOWN = 20


@dataclass(frozen=True)
class Preview:
    """A file's first rows as they are, and how they would be read. `columns`: canonical → head."""

    heads: list[str]
    rows: list[dict[str, str]]
    columns: dict[str, str]
    unmapped: list[str]
    missing: list[str]
    doubts: list[str]
    encoding: str
    delimiter: str
    spec: dict[str, object] = field(default_factory=dict)


def preview(*, path: Path, kind: str, mapping: object = None) -> Preview:
    """How a file would be read, without reading it whole. Raises FileRefused. Internal: shows the caller's own file."""
    spec, _saved = find_mapping(mapping, kind=kind)
    source = open_source(
        path,
        delimiter=spec.delimiter if spec else "",
        encoding=spec.encoding if spec else "",
        sheet=spec.sheet if spec else "",
    )
    found = guess(source, kind=kind, given=spec)
    sample = source.sample(SHOWN).to_dicts()
    rows = [{head: line[str(at)] for at, head in enumerate(source.heads)} for line in sample]
    return Preview(
        heads=source.heads, rows=rows, columns=found.spec.columns, unmapped=found.unmapped, missing=found.missing,
        doubts=found.doubts, encoding=source.encoding, delimiter=source.delimiter, spec=found.spec.as_dict(),
    )  # fmt: skip


def rejects_file(*, batch: Batch, format: str = "csv") -> bytes:
    """The rejected rows in the columns of the original file, with row, field and reason behind.

    Corrected, it can be imported as it is: only its rows are looked at (a delta), and the three columns
    are left aside. Internal: the caller checks who asks.
    """
    heads = [head for head in batch.heads if head and head not in MARKS]
    lines = batch.rejects.order_by("row", "id").values("row", "field", "error", "raw")
    rows = [
        [*[line["raw"].get(head, "") for head in heads], line["row"], line["field"], line["error"]] for line in lines
    ]
    columns = [*heads, *MARKS]
    return (
        write_xlsx(rows, columns, title=batch.file_name)
        if format == "xlsx"
        else write_csv(rows, columns, language="en")
    )


def batches(*, limit: int = 50) -> list[Batch]:
    """The last imports, newest first. They name no customer."""
    return list(Batch.objects.select_related("user", "mapping").order_by("-id")[:limit])
