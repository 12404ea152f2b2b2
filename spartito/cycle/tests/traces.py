"""Everything a tenant has, as it can be compared before and after: rows, sequences, files, and what sessions left open."""

import time
from pathlib import Path

from django.db import connection

from spartito.platform import storage
from spartito.platform.home import home

TABLES = """
select table_schema, table_name from information_schema.tables
where table_schema in (current_schema(), 'public') and table_type = 'BASE TABLE' order by table_schema, table_name
"""
SEQUENCES = """
select schemaname || '.' || sequencename, last_value from pg_sequences where schemaname in (current_schema(), 'public')
"""
OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null
"""
LEFT_OVER = "select relname from pg_class where relpersistence = 't'"


def fingerprint_of_everything() -> dict[str, object]:
    """Every table's rows and sequence's last value, the tenant's and the shared ones; every file of the house but the server's."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found: dict[str, object] = {}
        for schema, table in cursor.fetchall():
            cursor.execute(
                f"select count(*), md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from \"{schema}\".\"{table}\" as t"
            )
            found[f"{schema}.{table}"] = cursor.fetchone()
        cursor.execute(SEQUENCES)
        found |= dict(cursor.fetchall())
    return found | {str(path): storage.digest(path.read_bytes()) for path in files_of_the_house()}


def files_of_the_house() -> list[Path]:
    return sorted(path for path in (home() / "tenants").rglob("*") if path.is_file())


def wait_until_alone(seconds: float = 20) -> None:
    """Until no other session has a transaction open and no temporary table is left: a killed client's server notices late."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            others = cursor.fetchone()[0]
            cursor.execute(LEFT_OVER)
            left = cursor.fetchall()
        if not others and not left:
            return
        time.sleep(0.1)
    raise AssertionError(f"{others} sessions are still open, {len(left)} temporary tables are left")
