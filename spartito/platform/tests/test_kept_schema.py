"""A new home made from the kept text is the one that migrations make."""

import os
import re
import subprocess
import sys

from tests.server import admin, with_database

CATALOGUE = """
select table_schema::text, table_name::text, column_name::text, data_type::text, is_nullable::text,
    coalesce(column_default, identity_generation, '')::text
from information_schema.columns where table_schema in ('public', 'template_tenant')
union all
select n.nspname, c.conname, pg_get_constraintdef(c.oid), '', '', ''
from pg_constraint c join pg_namespace n on n.oid = c.connamespace where n.nspname in ('public', 'template_tenant')
union all
select schemaname, indexname, indexdef, '', '', '' from pg_indexes where schemaname in ('public', 'template_tenant')
union all
select n.nspname, t.tgname, pg_get_triggerdef(t.oid), '', '', ''
from pg_trigger t join pg_class r on r.oid = t.tgrelid join pg_namespace n on n.oid = r.relnamespace
where not t.tgisinternal and n.nspname in ('public', 'template_tenant')
order by 1, 2, 3, 4, 5, 6
"""

# PostgreSQL words a condition that it reads back from text with other casts and brackets.
CASTS = re.compile(r"::(character varying|text)(\[\])?|[() ]")

MAKE_AND_TELL = f"""
import sys, django; django.setup()
from pathlib import Path
from spartito.platform import kept_schema, schema
kept_schema.kept_file = lambda fingerprint: Path(sys.argv[1])
schema.ensure_current()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute('''{CATALOGUE}''')
    for row in cursor.fetchall(): print(row)
"""


def catalogue_of_a_new_home(name, kept):
    """Makes database `name`, migrated or from the kept text, and tells what stands in it."""
    url = os.environ["DATABASE_URL"]
    admin(url, f"drop database if exists {name}")
    admin(url, f"create database {name} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")
    environment = os.environ | {
        "DATABASE_URL": with_database(url, name),
        "DJANGO_SETTINGS_MODULE": "spartito.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", MAKE_AND_TELL, str(kept)], env=environment, capture_output=True, text=True, check=True
    )
    admin(url, f"drop database {name} with (force)")
    return sorted(CASTS.sub("", line) for line in done.stdout.splitlines())


def test_the_kept_text_makes_the_database_that_the_migrations_make(tmp_path):
    kept = tmp_path / "schema.sql"
    migrated = catalogue_of_a_new_home("spartito_kept_first", kept)
    assert kept.exists()
    loaded = catalogue_of_a_new_home("spartito_kept_second", kept)
    assert len(migrated) > 500
    assert loaded == migrated
