"""Between polars and the database: temporary tables, COPY in and out."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection

from spartito.ingest.canonical import KINDS, Column

SQL_TYPES = {"money": "numeric(16, 2)", "date": "date", "bool": "boolean"}
CODES = ("creditor_code", "salesperson_code", "area_code", "division_code", "sector_code")


def execute(statement: str, params: Any = None) -> int:
    """Runs a statement and returns its row count."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return max(cursor.rowcount, 0)


def rows_of(statement: str, params: Any = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def forget_earlier() -> None:
    """Drops what an earlier import of the same transaction left."""
    left = rows_of(
        r"select relname from pg_class where relnamespace = pg_my_temp_schema() and relkind = 'r' and relname like 'ingest\_%%'",
        [],
    )
    for (name,) in left:
        execute(f"drop table pg_temp.{name}")


def make_table(name: str, columns: str) -> None:
    """A temporary table of this transaction; one left by an earlier import of it goes first."""
    execute(f"drop table if exists pg_temp.{name}")
    execute(f"create temporary table {name} ({columns}) on commit drop")


def make_staging(name: str, columns: Iterable[Column], *more: str) -> None:
    """A temporary table with the typed columns of a kind, the row number, the fingerprint and `more`."""
    typed = [f"{column.name} {SQL_TYPES.get(column.kind, 'text')}" for column in columns]
    make_table(name, ", ".join(["row integer", "fingerprint bigint", *typed, *more]))


@contextmanager
def indexes_made_after(*tables: str, wanted: bool) -> Iterator[None]:
    """Takes the indexes and unique keys of empty tables away for the block and builds them at its end.

    Primary keys stay. All of it is part of the transaction: were it to fail, nothing would be missing.
    """
    if not wanted:
        yield
        return
    keys = rows_of(
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
        " where contype = 'u' and conrelid = any(%s::regclass[]) order by conname",
        [list(tables)],
    )
    indexes = rows_of(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index where indrelid = any(%s::regclass[])"
        " and not exists (select 1 from pg_constraint where conindid = indexrelid) order by 1",
        [list(tables)],
    )
    for table, name, _definition in keys:
        execute(f'alter table {table} drop constraint "{name}"')
    for name, _definition in indexes:
        execute(f"drop index {name}")
    yield
    execute("set local maintenance_work_mem = '256MB'")
    for table, name, definition in keys:
        execute(f'alter table {table} add constraint "{name}" {definition}')
    for _name, definition in indexes:
        execute(definition)


def check_keys_by_row(wanted: bool) -> None:
    """Where the database role may: foreign keys are not checked row by row while the merge writes.

    Every id the merge writes comes from a join with the very table the key names, under the tenant's
    exclusive lock; checking seven keys of a million rows one by one would take longer than the import.
    """
    if may_skip_checks():
        execute("set local session_replication_role = " + ("origin" if wanted else "replica"))


def may_skip_checks() -> bool:
    """Whether the database role may go without row-by-row checks of keys in this transaction."""
    query = (
        "select current_setting('server_version_num')::int >= 150000"
        " and has_parameter_privilege(current_user, 'session_replication_role', 'SET')"
    )
    return connection.in_atomic_block and bool(rows_of(query)[0][0])


def make_code_table() -> None:
    make_table("ingest_staged_code", ", ".join(f"{code} text" for code in CODES))


def copy_in(table: str, frame: pl.DataFrame) -> None:
    """Appends a frame to a table, column by column of the same name."""
    if frame.is_empty():
        return
    text = io.BytesIO()
    frame.write_csv(text, include_header=False, null_value="", quote_style="necessary")
    names = ", ".join(f'"{name}"' for name in frame.columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin (format csv)") as copy:
        copy.write(text.getbuffer())


def copy_out(query: str, schema: dict[str, type[pl.DataType] | pl.DataType], params: Any = None) -> pl.DataFrame:
    """The rows of a query as a frame."""
    pieces = bytearray()
    with connection.cursor() as cursor, cursor.copy(f"copy ({query}) to stdout (format csv)", params) as copy:
        for piece in copy:
            pieces += piece
    return pl.read_csv(io.BytesIO(pieces), has_header=False, schema=schema) if pieces else pl.DataFrame(schema=schema)


def columns_staged(kind: str, frame: pl.DataFrame) -> list[str]:
    """The columns of a judged frame that the staging table of its kind has."""
    names = {column.name for column in KINDS[kind]} | {"row", "fingerprint", "item_key"}
    return [name for name in frame.columns if name in names]
