"""Migrations: of the shared schema, of the template that new tenants are copied from, and of every tenant.

One fingerprint of all migration files is kept in the database. A process that finds another one there
migrates everything under a lock; the others wait. So a new home, or a new version of the code, needs no
command before it is used.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, transaction

from spartito.platform import database, kept_schema
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.logs import logger

log = logger(__name__)
LOCK = 7_230_001  # the cluster-wide advisory lock of migrations
STATE = "spartito_schema_state"


@cache
def fingerprint() -> str:
    """A hash of every installed application's migration files and SQL functions: names and contents."""
    digest = hashlib.sha256()
    for config in apps.get_app_configs():
        for folder in (Path(config.path) / "migrations", Path(config.path) / "functions"):
            for name in sorted(os.listdir(folder)) if folder.is_dir() else []:
                if name.endswith((".py", ".sql")):
                    digest.update(f"{config.label}/{name}\n".encode())
                    digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the database was migrated with exactly these files."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select fingerprint from public.{STATE}")
            row = cursor.fetchone()
    except ProgrammingError:
        return False
    return row is not None and row[0] == fingerprint()


def ensure_current() -> None:
    """Migrates everything unless the database is current; one process does, the others wait for it."""
    if is_current():
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        if not is_current():
            migrate_all()
    finally:
        # Migrating a schema closes the connection, which frees the lock early; then this one warns and no more.
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s) where exists "
                           "(select 1 from pg_locks where locktype = 'advisory' and objid = %s and pid = pg_backend_pid())",
                           [LOCK, LOCK])  # fmt: skip


def migrate_all(*, on_progress: Callable[[str], None] | None = None) -> list[str]:
    """Migrates the shared schema, the template and every tenant; returns the schemas' names in that order."""
    from django_tenants.utils import get_tenant_model

    is_new = kept_schema.is_empty()
    if is_new and _made_from_kept_text():
        return ["public", settings.TEMPLATE_SCHEMA]
    done = []
    for find in (lambda: ["public", settings.TEMPLATE_SCHEMA], lambda: tenant_schemas(get_tenant_model())):
        for name in find():
            migrate_schema(name)
            done.append(name)
            if on_progress:
                on_progress(name)
    with connection.cursor() as cursor:
        cursor.execute(f"create table if not exists public.{STATE} (single boolean primary key default true check (single),"
                       " fingerprint text not null, migrated_at timestamptz not null default now())")  # fmt: skip
        cursor.execute(f"insert into public.{STATE} (fingerprint) values (%s) on conflict (single) do update"
                       " set fingerprint = excluded.fingerprint, migrated_at = now()", [fingerprint()])  # fmt: skip
    log.info("migrated", schemas=len(done))
    if is_new:
        _keep_text()
    return done


def _made_from_kept_text() -> bool:
    with transaction.atomic():
        return kept_schema.load(kept_schema.kept_file(fingerprint()))


def _keep_text() -> None:
    try:
        text = _noise().sub("", dump_of("public", settings.TEMPLATE_SCHEMA)).replace("CREATE SCHEMA public;", "")
        kept_schema.keep(kept_schema.kept_file(fingerprint()), text)
    except Refused as reason:
        log.warning("schema_text_not_kept", reason=str(reason))


def tenant_schemas(tenant_model) -> list[str]:  # type: ignore[no-untyped-def]
    return list(tenant_model.objects.order_by("schema_name").values_list("schema_name", flat=True))


def migrate_schema(name: str) -> None:
    """Runs Django's migrations inside one schema, which is made when it is missing."""
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command  # not the library's, which walks all tenants
    from django.db.migrations.recorder import MigrationRecorder

    with connection.cursor() as cursor:
        cursor.execute(f'create schema if not exists "{name}"')
    # Its own table of applied migrations first: otherwise the shared one would answer for it.
    connection.set_schema(name, include_public=False)
    MigrationRecorder(connection).ensure_schema()
    connection.set_schema(name)
    labels = shared_labels() if name == "public" else [None]
    try:
        for label in labels:
            call_command(Command(), *filter(None, [label]), verbosity=0, interactive=False, skip_checks=True)
    finally:
        connection.set_schema_to_public()


def shared_labels() -> list[str]:
    """The shared applications that have migrations. Walking the others' history would take seconds for nothing."""
    configs = [config for config in apps.get_app_configs() if config.name in settings.SHARED_APPS]
    return [config.label for config in configs if (Path(config.path) / "migrations" / "__init__.py").exists()]


class CloneFailed(Refused):
    """pg_dump is missing, too old for the server, or failed; the caller migrates the new schema instead."""


def dump_of(*schemas: str) -> str:
    """These schemas as SQL, read by pg_dump. Raises CloneFailed."""
    params = connection.get_connection_params()
    command = [str(pg_dump()), *(f"--schema={name}" for name in schemas), "--no-owner", "--no-privileges"]
    command += ["--rows-per-insert=200", f"--dbname={params.get('dbname')}"]
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    env = os.environ | {names[key]: str(params[key]) for key in names if params.get(key)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CloneFailed(f"pg_dump failed: {done.stderr.strip()}")
    return done.stdout


def pg_dump() -> Path:
    """The wheel's pg_dump (it reads any older server), else the machine's. Raises CloneFailed."""
    try:
        return database.binaries_for(database.server_user()) / "pg_dump"
    except Refused:
        found = shutil.which("pg_dump")
        if not found:
            raise CloneFailed("there is no pg_dump") from None
        return Path(found)


def clone_template(name: str) -> None:
    """Makes schema `name` as a copy of the template, rows included. Raises CloneFailed, leaving nothing behind.

    The copy is pg_dump's text with the schema's name replaced. Functions of triggers name no schema: they
    find their tables by the search path.
    """
    statements = sql_for_schema(dump_of(settings.TEMPLATE_SCHEMA), name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local check_function_bodies = off")
            cursor.connection.execute(statements, prepare=False)
        connection.search_path_set_schemas = None


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(r"^(\\.*|SET .*;|SELECT pg_catalog\.set_config\('search_path'.*|--.*|)\n", re.MULTILINE)


def sql_for_schema(dump: str, name: str) -> str:
    """pg_dump's text made fit to run in our session: no client commands, no settings, another schema's name."""
    return _noise().sub("", dump).replace(settings.TEMPLATE_SCHEMA, f'"{name}"')
