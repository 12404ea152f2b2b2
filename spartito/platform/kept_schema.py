"""A migrated, empty database as SQL, kept beside the interpreter: the next new home starts in a second.

Migrating from nothing takes Django some ten seconds, almost all of it spent on its own picture of the
models. The text is pg_dump's of the shared schema and the template, named after the fingerprint of all
migrations and the server's version, so that a change of either makes it anew.
"""

import os
import sys
from pathlib import Path

from spartito.platform.connection import connection
from spartito.platform.errors import Refused


def kept_file(fingerprint: str) -> Path:
    """Where the text of these migrations for this server is, or would be."""
    version = connection.cursor().connection.info.server_version // 10_000
    return Path(sys.prefix) / "share" / "spartito" / f"schema-{version}-{fingerprint[:16]}.sql"


def is_empty() -> bool:
    """Whether nothing was ever made in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select not exists (select from pg_tables where schemaname not in ('pg_catalog', 'information_schema'))"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def load(file: Path) -> bool:
    """Make the shared schema and the template from the text, whole or not at all; False when there is none."""
    try:
        statements = file.read_text(encoding="utf-8")
    except OSError:
        return False
    with connection.cursor() as cursor:
        cursor.execute("set local check_function_bodies = off")
        cursor.connection.execute(statements, prepare=False)
    connection.search_path_set_schemas = None
    return True


def keep(file: Path, statements: str) -> None:
    """Write the text for the next home; a read-only place is not an error."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(statements, encoding="utf-8")
        draft.replace(file)
    except OSError as refused:
        raise NotKept(f"the schema's text is not kept: {refused}") from refused


class NotKept(Refused):
    """The place beside the interpreter cannot be written: every new home is migrated step by step."""
