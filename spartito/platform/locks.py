"""A tenant's advisory locks, keyed by its schema. Order: run, then ledger, then rows.

`run_alone`: one cycle (or replay) of a tenant at a time; the second is told at once.
`ledger_exclusive` / `ledger_shared`: a night step against people's actions; both last to the end of the
transaction they are taken in.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from spartito.platform.connection import connection
from spartito.platform.errors import Refused

RUN, LEDGER, IMPORT = 1, 2, 3


class Busy(Refused):
    """Somebody else holds the lock."""


def _key(kind: int) -> tuple[int, int]:
    """Two 32-bit numbers: the schema (as a signed checksum) and the kind of lock."""
    checksum = zlib.crc32(str(connection.schema_name).encode())
    return checksum - 2**31, kind


@contextmanager
def run_alone(kind: int = RUN, *, reason: str = "") -> Iterator[None]:
    """Holds the session lock of this kind for the block; raises Busy, with `reason`, when it is taken."""
    key = _key(kind)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", key)
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Busy(reason or _("another run of this tenant is under way"))
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable() and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", key)


def ledger_exclusive() -> None:
    """Waits until no action of a user is under way; held to the end of the transaction, which must be open."""
    _take("select pg_advisory_xact_lock(%s, %s)")


def ledger_shared() -> None:
    """Waits for a night step to end; held to the end of the transaction, which must be open."""
    _take("select pg_advisory_xact_lock_shared(%s, %s)")


def _take(statement: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger lock needs an open transaction")
    with connection.cursor() as cursor:
        cursor.execute(statement, _key(LEDGER))
