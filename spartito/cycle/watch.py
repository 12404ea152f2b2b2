"""A tenant's watched folder: files put there are imported and set aside, and the missing one is noticed.

What is expected stands in `WatchedFile` (pattern, kind, mode, mapping, hour). With none, a file is taken by
the beginning of its name: `customers…`, `salespeople…`, `contacts…`, `items…`, `payments…`, in that order.
An imported file goes to `done/`, a refused one to `refused/` with its reason beside it.
"""

import os
from datetime import datetime
from pathlib import Path

from spartito.ingest.models import WatchedFile
from spartito.ingest.operations import import_file
from spartito.journal.operations import write
from spartito.platform import storage
from spartito.platform.errors import Refused
from spartito.platform.logs import logger
from spartito.reference.queries import is_working
from spartito.tenants.models import Tenant

log = logger(__name__)
KINDS_IN_ORDER = ["customers", "salespeople", "contacts", "items", "payments"]


def folder_of(tenant: Tenant) -> Path:
    """The folder the tenant named, else `inbox` below the tenant's own files."""
    return Path(tenant.watch_folder).expanduser() if tenant.watch_folder else storage.tenant_folder("inbox")


def take_in(*, tenant: Tenant, at: datetime, settled_before: datetime) -> list[Path]:
    """Imports what lies there and returns the files taken, refused ones included.

    `at`: the tenant's local time. A file changed after `settled_before` may still be being written and waits.
    """
    folder = folder_of(tenant)
    taken = []
    for watched in expected(tenant):
        for path in settled(folder, watched.pattern, before=settled_before):
            _take(path, watched=watched, at=at)
            taken.append(path)
            watched.last_seen_on, watched.missing_since = at.date(), None
        _notice_absence(watched, at=at)
    return taken


def expected(tenant: Tenant) -> list[WatchedFile]:
    """What the tenant expects, in the order files build on each other; unsaved rows by name where it said nothing."""
    rows = list(WatchedFile.objects.filter(is_active=True).select_related("mapping"))
    if not rows:
        rows = [WatchedFile(pattern=f"{kind}*", kind=kind, mode="snapshot") for kind in KINDS_IN_ORDER]
        for row in rows:
            row.expected_by = tenant.watch_expected_by if row.kind == "items" else None
    return sorted(rows, key=lambda row: (KINDS_IN_ORDER.index(row.kind), row.pattern))


def settled(folder: Path, pattern: str, *, before: datetime) -> list[Path]:
    """The files of a pattern nobody writes to any more, oldest first."""
    if not folder.is_dir():
        return []
    files = [path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith(".")]
    ready = [path for path in files if path.stat().st_mtime < before.timestamp()]
    return sorted(ready, key=lambda path: (path.stat().st_mtime, path.name))


def _take(path: Path, *, watched: WatchedFile, at: datetime) -> None:
    try:
        done = import_file(
            path=path,
            kind=watched.kind,
            mode=watched.mode if watched.kind == "items" else "",
            as_of=at.date(),
            creditor=watched.creditor_code,
            mapping=watched.mapping.name if watched.mapping else None,
            source="folder",
        )
    except Refused as refused:
        log.warning("watched_file_refused", file=path.name, reason=str(refused))
        aside = _set_aside(path, "refused", at=at)
        aside.with_name(aside.name + ".why.txt").write_text(f"{refused}\n", encoding="utf-8")
    else:
        log.info("watched_file_taken", file=path.name, batch=done.batch, rows=done.rows, rejected=done.rejected)
        _set_aside(path, "done", at=at)


def _set_aside(path: Path, where: str, *, at: datetime) -> Path:
    """Moves a file into a folder beside it, its hour before its name, so that none is ever overwritten."""
    target = path.parent / where / f"{at:%Y%m%d-%H%M%S}-{path.name}"
    target.parent.mkdir(exist_ok=True)
    os.replace(path, target)
    return target


def _notice_absence(watched: WatchedFile, *, at: datetime) -> None:
    """Remembers since when a file is missing: its hour has passed on a working day and it was not seen."""
    if watched.pk is None:
        return
    late = watched.expected_by is not None and at.time() >= watched.expected_by and is_working(at.date())
    if late and watched.last_seen_on != at.date() and watched.missing_since is None:
        watched.missing_since = at.date()
        write(
            business_date=at.date(),
            verb="file.missed",
            origin="import",
            data={"file": watched.pattern, "expected_by": f"{watched.expected_by:%H:%M}"},
        )
        log.warning("watched_file_missing", pattern=watched.pattern, expected_by=str(watched.expected_by))
    watched.save(update_fields=["last_seen_on", "missing_since"])
