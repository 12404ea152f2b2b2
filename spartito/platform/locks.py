"""A tenant's advisory locks, keyed by its schema. Order: run, then ledger, then accounts, then rows.

`run_alone`: one cycle (or replay) of a tenant at a time; the second is told at once.
`ledger_exclusive` / `ledger_shared`: what concerns everybody against what concerns some.
`accounts_exclusive` / `accounts_shared`: a range of a night step against people's actions on accounts of that range;
accounts share BUCKETS locks by their ids, so that a click waits only for the range its customer is in.
All but the first last to the end of the transaction they are taken in.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from spartito.platform.connection import connection
from spartito.platform.errors import Refused

RUN, LEDGER, IMPORT = 1, 2, 3
BUCKETS = 64
FIRST_BUCKET = 1_000


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
    _take("pg_advisory_xact_lock", [LEDGER])


def ledger_shared() -> None:
    """Waits for what concerns everybody to end; held to the end of the transaction, which must be open."""
    _take("pg_advisory_xact_lock_shared", [LEDGER])


def accounts_exclusive(buckets: Iterable[int]) -> None:
    """Waits until no action of a user is under way on an account of these buckets (account id modulo BUCKETS)."""
    _take("pg_advisory_xact_lock", [FIRST_BUCKET + bucket for bucket in buckets])


def accounts_shared(accounts: Iterable[int]) -> None:
    """Waits for ranges of a night step that hold these accounts; one more call for further accounts is allowed."""
    _take("pg_advisory_xact_lock_shared", [FIRST_BUCKET + account % BUCKETS for account in accounts])


def _take(function: str, kinds: list[int]) -> None:
    """In the order of their numbers, whoever asks."""
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger lock needs an open transaction")
    schema, _kind = _key(0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {function}(%s, kind) from (select distinct unnest(%s::integer[]) as kind order by 1) as kinds",
            [schema, sorted(set(kinds))],
        )
