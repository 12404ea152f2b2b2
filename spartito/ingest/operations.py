"""Taking files in, taking imports back, keeping mappings."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.archive.operations import archive_document
from spartito.ingest import mapping as mappings
from spartito.ingest import staging
from spartito.ingest.canonical import CUSTOMERS, KINDS
from spartito.ingest.customers import known_deliveries, merge_customer_file
from spartito.ingest.files import FileRefused
from spartito.ingest.freshening import freshen, touched_by
from spartito.ingest.items import known_items, merge_items
from spartito.ingest.models import Batch, Mapping, Reject
from spartito.ingest.opening import Opened, open_file
from spartito.ingest.payments import known_payments, merge_payments
from spartito.ingest.people import merge_contacts, merge_salespeople
from spartito.ingest.reading import LATEST, read_through
from spartito.ingest.taking import (
    ImportRefused,
    Taking,
    codes_of_creditors,
    refuse_unreadable,
    reject_duplicates,
    warn_about_missing_rates,
    warn_about_new_creditors,
    warn_about_rows,
)
from spartito.ingest.undoing import undo_import
from spartito.journal.operations import write
from spartito.platform import clock, locks
from spartito.platform.progress import Progress

__all__ = ["ImportRefused", "ImportResult", "import_file", "save_mapping", "undo_import"]

MODES = ("snapshot", "delta")
SHOWN = 10_000  # rejected rows in a result; all of them are kept and can be downloaded
MERGES: dict[str, Callable[[Taking], None]] = {
    "items": merge_items,
    "customers": merge_customer_file,
    "contacts": merge_contacts,
    "salespeople": merge_salespeople,
    "payments": merge_payments,
}


@dataclass
class ImportResult:
    """What an import did, word for word the JSON of the command. `batch` is None after a dry run."""

    batch: int | None
    mode: str
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    closed: int = 0
    reopened: int = 0
    not_closed: int = 0
    rejected: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def import_file(
    *,
    path: Path | str,
    kind: str,
    as_of: date,
    mode: str = "",
    creditor: str = "",
    mapping: object = None,
    dry_run: bool = False,
    force: bool = False,
    user: User | None = None,
    source: str = "cli",
    file_name: str = "",
    today: date | None = None,
    on_progress: Progress | None = None,
) -> ImportResult:
    """Takes one file in: all of its good rows, in one transaction, or nothing.

    `kind`: items, customers, contacts, salespeople, payments. `mode` (items): snapshot, the default, or delta;
    a corrected file of rejected rows is always a delta. `as_of`: the ledger's date. `mapping`: a saved name, a
    file, a Spec or its dict; guessed when None. `today`: no later `as_of` is taken. A dry run does the same
    work and takes it back. Raises FileRefused, MappingRefused or ImportRefused; then nothing was changed.
    """
    began = time.monotonic()
    if today is not None and as_of > today:
        raise ImportRefused(_("%(day)s is after today: a ledger of the future cannot be imported") % {"day": as_of})
    path = Path(path)
    opened = open_file(path=path, kind=kind, mapping=mapping)
    mode = _mode(kind, mode, opened)
    with transaction.atomic():
        locks.ledger_exclusive()
        batch = _start(opened, mode=mode, as_of=as_of, user=user, source=source, file_name=file_name or path.name)
        taking = _take(opened, batch, as_of=as_of, creditor=creditor, force=force, user=user, on_progress=on_progress)
        result = _finish(taking, path=path, keep=not dry_run, seconds=time.monotonic() - began)
        if dry_run:
            transaction.set_rollback(True)
            result.batch = None
    result.seconds = round(time.monotonic() - began, 3)
    return result


def _mode(kind: str, mode: str, opened: Opened) -> str:
    if kind != "items":
        return "delta"
    if mode and mode not in MODES:
        raise ImportRefused(_("mode %(mode)s is neither snapshot nor delta") % {"mode": mode})
    return "delta" if opened.is_correction else mode or "snapshot"


def _start(opened: Opened, *, mode: str, as_of: date, user: User | None, source: str, file_name: str) -> Batch:
    return Batch.objects.create(
        kind=opened.kind,
        mode=mode,
        file_name=file_name[:300],
        mapping=opened.saved,
        business_date=as_of,
        user=user,
        source=source,
        heads=opened.source.heads,
        reading=opened.spec.as_dict(),
    )


def _take(
    opened: Opened,
    batch: Batch,
    *,
    as_of: date,
    creditor: str,
    force: bool,
    user: User | None,
    on_progress: Progress | None,
) -> Taking:
    staging.execute("set local work_mem = '128MB'")
    staging.forget_earlier()
    known = KNOWN_ROWS[opened.kind]()
    staging.make_staging("ingest_staged_customer", CUSTOMERS, *[f"{name} text" for name in LATEST])
    done = read_through(opened=opened, known=known, creditor=creditor, on_progress=on_progress)
    refuse_unreadable(done)
    reject_duplicates(done)
    taking = Taking(batch=batch, done=done, as_of=as_of, user=user, force=force, on_progress=on_progress)
    creditors = codes_of_creditors()
    MERGES[opened.kind](taking)
    warn_about_rows(taking)
    warn_about_new_creditors(taking, known=creditors)
    warn_about_missing_rates(taking)
    return taking


KNOWN_ROWS: dict[str, Callable[[], pl.DataFrame]] = {
    "items": known_items,
    "customers": lambda: known_deliveries("portfolio_customer"),
    "contacts": lambda: known_deliveries("portfolio_contact"),
    "salespeople": lambda: known_deliveries("portfolio_salesperson"),
    "payments": known_payments,
}


def _finish(taking: Taking, *, path: Path, keep: bool, seconds: float) -> ImportResult:
    done, batch = taking.done, taking.batch
    rejects = sorted(done.rejects, key=lambda line: line["row"])
    rejected_rows = {line["row"] for line in rejects}
    unchanged = done.rows - len(rejected_rows) - _merged(taking) + taking.told_again
    result = ImportResult(
        batch=batch.pk, mode=batch.mode, rows=done.rows, created=taking.created, updated=taking.updated,
        unchanged=unchanged, closed=taking.closed, reopened=taking.reopened, not_closed=taking.not_closed,
        rejected=len(rejected_rows), warnings=taking.warnings,
        rejects=[{key: line[key] for key in ("row", "field", "value", "error")} for line in rejects[:SHOWN]],
    )  # fmt: skip
    if not keep:
        return result
    freshen(customers=touched_by(batch.pk), as_of=taking.as_of)
    Reject.objects.bulk_create([Reject(batch=batch, **line) for line in rejects], batch_size=2000)
    for name in ("rows", "created", "updated", "unchanged", "closed", "reopened", "not_closed", "rejected", "warnings"):
        setattr(batch, name, getattr(result, name))
    batch.document = _archive(taking, path)
    batch.status, batch.finished_at = Batch.Status.DONE, clock.now()
    batch.save()
    _tell(taking, result, seconds)
    return result


def _merged(taking: Taking) -> int:
    """Rows of the file that reached the merge."""
    from spartito.ingest.reading import TABLES

    return staging.rows_of(f"select count(*) from {TABLES[taking.done.kind]}")[0][0]


def _archive(taking: Taking, path: Path):  # type: ignore[no-untyped-def]
    """The original file, put away as it came."""
    mime = "application/octet-stream" if not taking.done.opened.source.encoding else "text/csv"
    return archive_document(
        kind="import_file", title=taking.batch.file_name, mime=mime, content=path.read_bytes(),
        business_date=taking.as_of, stored_by_id=taking.user.pk if taking.user else None,
    )  # fmt: skip


def _tell(taking: Taking, result: ImportResult, seconds: float) -> None:
    write(
        business_date=taking.as_of, verb="batch.imported", user=taking.user, origin="import",
        data={"batch": result.batch, "file": taking.batch.file_name, "kind": taking.batch.kind, "mode": result.mode,
              "rows": result.rows, "created": result.created, "updated": result.updated, "closed": result.closed,
              "rejected": result.rejected, "seconds": round(seconds, 1)},
    )  # fmt: skip


def save_mapping(*, name: str, kind: str, spec: object, user: User | None = None) -> Mapping:
    """Keeps a mapping under a name, replacing an earlier one of that name. Raises MappingRefused."""
    if not name.strip():
        raise mappings.MappingRefused(_("a mapping needs a name"))
    if kind not in KINDS:
        raise FileRefused(_("%(kind)s is not a kind of file: %(kinds)s") % {"kind": kind, "kinds": ", ".join(KINDS)})
    checked = spec if isinstance(spec, mappings.Spec) else mappings.from_dict(spec, kind=kind)
    kept, _made = Mapping.objects.update_or_create(
        name=name.strip()[:80], defaults={"kind": kind, "spec": checked.as_dict(), "saved_by": user}
    )
    return kept
