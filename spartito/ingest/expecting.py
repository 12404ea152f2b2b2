"""Which files a tenant expects in its watched folder, as people say it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.ingest.canonical import KINDS
from spartito.ingest.models import WatchedFile
from spartito.journal.operations import write
from spartito.platform.errors import Refused

EDITABLE = {"pattern", "kind", "mode", "mapping", "creditor_code", "expected_by", "is_active"}


class ExpectingRefused(Refused):
    """The expected file has no name, an unknown kind, or a name that leads out of the folder."""


def expect_file(*, user: User | None, as_of: date, watched: WatchedFile | None = None, **values: Any) -> WatchedFile:
    """Expects a file, or changes what was expected. Raises ExpectingRefused."""
    row = watched or WatchedFile()
    for name in EDITABLE & set(values):
        setattr(row, name, values[name])
    row.pattern = row.pattern.strip()
    if not row.pattern or "/" in row.pattern or row.pattern.startswith("."):
        raise ExpectingRefused(_("%(pattern)r is not the name of a file in the folder") % {"pattern": row.pattern})
    if row.kind not in KINDS:
        raise ExpectingRefused(_("%(kind)s is not a kind of file") % {"kind": row.kind})
    row.save()
    write(business_date=as_of, verb="watched.expected", user=user, data={"pattern": row.pattern, "kind": row.kind})
    return row


def no_longer_expect(*, user: User | None, as_of: date, watched: WatchedFile) -> None:
    """The file is awaited no more: no alarm rings for it."""
    pattern = watched.pattern
    watched.delete()
    write(business_date=as_of, verb="watched.dropped", user=user, data={"pattern": pattern})
