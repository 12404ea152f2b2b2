"""Temporary copies of tables: PostgreSQL finds `pg_temp` first, so the same statements live ahead on them.

What is written goes with the transaction: no lock on the real rows beyond that of a reader, and no trace.
Statements on copies run inside `sql.on_copies()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection as plain_connection

FIRST_IDENTITY = 10**15  # ids of rows made on copies, far from those of real ones


@dataclass(frozen=True)
class Copy:
    """Which rows of a table are copied (a condition over its columns), and the indexes that statements rely on.

    An index is what follows `create`: `unique (id)`, `(account_id)`. None = all those of the table itself.
    """

    rows: str = "true"
    indexes: tuple[str, ...] | None = None


def make_copies(copies: Mapping[str, Copy], *, given: Mapping[str, Any], analysed: bool = False) -> None:
    """Copies the rows and puts the copies before the tables till the end of the transaction, which must be open.

    `given`: the parameters of the conditions. `analysed`: count the rows for the planner, where they are many.
    """
    with plain_connection.cursor() as cursor:
        cursor.execute("set local client_min_messages = warning")
        for table, copy in copies.items():
            _fill(cursor, table, copy, given)
        for table in copies:
            cursor.execute(f"alter table copy_of_{table} rename to {table}")
        for table, column in _identities(tuple(copies)):
            cursor.execute(f"alter table pg_temp.{table} alter column {column} restart with {FIRST_IDENTITY}")
        if analysed:
            cursor.execute(f"analyze {', '.join(f'pg_temp.{table}' for table in copies)}")


def _fill(cursor: Any, table: str, copy: Copy, given: Mapping[str, Any]) -> None:
    cursor.execute(
        f"create temp table copy_of_{table} (like {table} including defaults including identity) on commit drop"
    )
    cursor.execute(
        f"insert into copy_of_{table} overriding system value select * from {table} where {copy.rows}", given
    )
    for index in _own_indexes(cursor, table) if copy.indexes is None else copy.indexes:
        unique, rest = ("unique ", index.removeprefix("unique ")) if index.startswith("unique") else ("", index)
        cursor.execute(f"create {unique}index on copy_of_{table} {rest}")


def _own_indexes(cursor: Any, table: str) -> list[str]:
    """The indexes of a table, as what follows `create … index … on the table`."""
    cursor.execute(
        "select case when indisunique then 'unique ' else '' end"
        " || substring(pg_get_indexdef(indexrelid) from ' USING btree (.*)$')"
        " from pg_index where indrelid = %s::regclass and pg_get_indexdef(indexrelid) like '%% USING btree %%'"
        " order by indexrelid",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


@cache
def _identities(tables: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The identity columns among the tables, as (table, column); they do not change while the house stands."""
    with plain_connection.cursor() as cursor:
        cursor.execute(
            "select relation.relname, attribute.attname from pg_attribute as attribute"
            " inner join pg_class as relation on relation.oid = attribute.attrelid"
            " where attribute.attrelid = any(%s::regclass[]) and attribute.attidentity <> ''",
            [[f"pg_temp.{table}" for table in tables]],
        )
        return tuple(cursor.fetchall())
