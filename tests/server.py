"""pytest plugin: the database of a test session, ready before Django's settings are read.

Embedded (the default): a server of its own in a temporary home, ended by this session. Migrating takes
seconds, so a migrated cluster is kept under `var/tests/<fingerprint>` and copied. With DATABASE_URL the
databases are made on that server and dropped at the end; the migrated one is kept there for the next time.

Names: `spartito_test_<fingerprint>` is migrated and empty, `…_<pid>` adds the tenant `test`, and each
xdist worker gets its own copy `…_<pid>_<worker>`.
"""

import atexit
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "var" / "tests"
KEPT = 3
# Its day never starts by itself: a worker that a test runs may meet the tick of the quarter of an hour.
SHARED_TENANT = """
from spartito.tenants.operations import create_tenant
made = create_tenant(slug="test", name="Prova S.p.A.")
made.run_time = "23:59"
made.save(update_fields=["run_time"])
"""


def fingerprint() -> str:
    """Of all our migrations and of the locked dependencies (which bring migrations too)."""
    digest = hashlib.sha256((ROOT / "requirements" / "run.lock").read_bytes())
    for path in sorted([*ROOT.glob("spartito/*/migrations/*.*"), *ROOT.glob("spartito/*/functions/*.sql")]):
        if path.suffix in {".py", ".sql"}:
            digest.update(f"{path.parent.parent.name}/{path.name}".encode() + path.read_bytes())
    digest.update((ROOT / "spartito" / "config" / "rooms.py").read_bytes())
    return digest.hexdigest()[:12]


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def admin(url: str, statement: str) -> list[tuple]:
    """Runs a statement on the server's maintenance database."""
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def exists(url: str, name: str) -> bool:
    return bool(admin(url, f"select 1 from pg_database where datname = '{name}'"))


def run_python(code: str, url: str) -> None:
    """Runs code in a process of its own, with Django set up on this database."""
    prelude = "import django; django.setup()\n"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "spartito.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", prelude + code], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise pytest.UsageError(f"the test database could not be made:\n{done.stderr[-4000:]}")


def make_migrated(url: str, name: str) -> None:
    """Makes the migrated database under a name of its own first, so that a half-made one is never taken for it."""
    if exists(url, name):
        return
    draft = f"{name}_draft_{os.getpid()}"
    admin(url, f"create database {draft} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")
    run_python("from spartito.platform import schema; schema.ensure_current()", with_database(url, draft))
    try:
        admin(url, f"alter database {draft} rename to {name}")
    except psycopg.errors.DuplicateDatabase:  # another session was faster
        admin(url, f"drop database {draft}")


class Session:
    """What the controller of a test session makes, and takes away again."""

    def __init__(self) -> None:
        self.home: Path | None = None
        self.server = None
        self.made: list[str] = []
        self.url = ""

    def start(self) -> None:
        mark = fingerprint()
        migrated = f"spartito_test_{mark}"
        self.home = Path(tempfile.mkdtemp(prefix="spartito-test-"))
        self.home.chmod(0o711)
        (self.home / "session.pid").write_text(str(os.getpid()))
        os.environ["SPARTITO_HOME"] = str(self.home)
        self.url = os.environ.get("DATABASE_URL") or self._embedded(mark, migrated)
        make_migrated(self.url, migrated)
        base = f"{migrated}_{os.getpid()}"
        admin(self.url, f"create database {base} template {migrated}")
        self.made.append(base)
        run_python(SHARED_TENANT, with_database(self.url, base))
        os.environ["SPARTITO_TEST_SERVER"] = self.url
        os.environ["SPARTITO_TEST_HOME"] = str(self.home)
        os.environ["SPARTITO_TEST_BASE"] = base

    def _embedded(self, mark: str, migrated: str) -> str:
        from spartito.platform.database import Server

        os.environ["SPARTITO_DATABASE_QUICK"] = "1"
        kept = CACHE / mark
        self.server = Server(home=self.home, quick=True)
        fresh = not (kept / "PG_VERSION").exists()
        if not fresh:
            copy_cluster(kept, self.home / "database")
        self.server.ensure_running()
        url = self.server.url()
        if fresh:
            make_migrated(url, migrated)
            self.server.stop()
            keep_cluster(self.home / "database", kept)
            self.server.ensure_running()
        return url

    def stop(self) -> None:
        for name in self.made if self.server is None else []:
            for (found,) in admin(self.url, f"select datname from pg_database where datname like '{name}%'"):
                admin(self.url, f"drop database if exists {found} with (force)")
        if self.server is not None:
            self.server.stop()
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)
        self.made, self.server, self.home = [], None, None


def copy_cluster(source: Path, target: Path) -> None:
    """Copies a stopped cluster with its owners and modes."""
    subprocess.run(["cp", "-a", str(source.resolve()), str(target)], check=True)


def keep_cluster(source: Path, kept: Path) -> None:
    """Puts a migrated cluster into the cache, and drops all but the newest few."""
    CACHE.mkdir(parents=True, exist_ok=True)
    draft = CACHE / f"draft-{os.getpid()}"
    copy_cluster(source, draft)
    try:
        os.rename(draft, kept)
    except OSError:
        shutil.rmtree(draft)
    old = sorted((p for p in CACHE.iterdir() if not p.name.startswith("draft-")), key=lambda p: p.stat().st_mtime)
    for path in old[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def sweep() -> None:
    """Ends the servers of sessions that were killed before they could do it themselves."""
    from spartito.platform.database import Server

    for home in Path(tempfile.gettempdir()).glob("spartito-test-*"):
        with contextlib.suppress(OSError, ValueError):
            owner = int((home / "session.pid").read_text())
            if not Path(f"/proc/{owner}").exists():
                Server(home=home, quick=True).stop()
                shutil.rmtree(home, ignore_errors=True)


_session = Session()


def is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):  # type: ignore[no-untyped-def]
    """Runs before pytest-django reads the settings."""
    os.environ.setdefault("SPARTITO_LOG_LEVEL", "warning")
    del early_config, parser
    if {"--help", "-h", "--version", "--collect-only", "--co"} & set(args):
        os.environ.setdefault("SPARTITO_HOME", tempfile.mkdtemp(prefix="spartito-test-"))
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if not is_worker():
        atexit.register(_session.stop)  # also when pytest ends before it is configured
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `timeout` lets the server be stopped
        sweep()
        _session.start()
    server, base = os.environ["SPARTITO_TEST_SERVER"], os.environ["SPARTITO_TEST_BASE"]
    own = f"{base}_{worker}"
    admin(server, f"create database {own} template {base}")
    os.environ["DATABASE_URL"] = with_database(server, own)
    house = Path(os.environ["SPARTITO_TEST_HOME"]) / worker  # a house each: no test sees the files of a neighbour
    house.mkdir()
    os.environ["SPARTITO_HOME"] = str(house)


def pytest_unconfigure(config):  # type: ignore[no-untyped-def]
    if not is_worker():
        from django.db import connections

        connections.close_all()
        _session.stop()
