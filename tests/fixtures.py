"""pytest plugin with the fixtures all rooms share.

tenant        the tenant `test`, in force inside the test's transaction, which is rolled back
live_tenant   a tenant of its own with committed rows, dropped afterwards: for commands in other processes,
              browsers, locks and kills
cli           runs the command line in this process: `cli("cycle", "--date", "2026-11-02").json`
spartito      runs it in another process, on `live_tenant`
site          the address of a running server on this test's database, e.g. http://127.0.0.1:4000
browser_page  a Playwright page (Chromium) that fails the test on errors in the page
english       texts are in English, for tests that read what a refusal says
mail_server   an SMTP server that keeps what it gets: `mail_server.messages`
"""

import contextlib
import email
import email.policy
import io
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the test's thread
PATIENCE = 30_000  # milliseconds that a browser test waits for what it expects: two workers share two processors
_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    from django.conf import settings
    from django.contrib.auth import hashers

    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher", *settings.PASSWORD_HASHERS[1:]]
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()


@pytest.fixture
def english() -> Iterator[None]:
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def tenant(db: None) -> Iterator[Any]:
    from django.db import connection

    from spartito.tenants.models import Tenant

    found = Tenant.objects.get(slug="test")
    connection.set_tenant(found)
    yield found
    connection.set_schema_to_public()


@pytest.fixture
def live_tenant(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), living_tenant() as made:
        yield made


@contextlib.contextmanager
def living_tenant() -> Iterator[Any]:
    """A committed tenant of its own, in force in the block and dropped after it."""
    from django.db import connection

    from spartito.tenants.operations import create_tenant

    before = connection.tenant
    connection.set_schema_to_public()
    made = create_tenant(slug=f"live-{next(_numbers)}", name="Dal vivo S.r.l.")
    connection.set_tenant(made)
    try:
        yield made
    finally:
        connection.set_schema_to_public()
        connection.close()
        with connection.cursor() as cursor:
            # Workers and servers that were killed may still hold locks there.
            cursor.execute(f'drop schema if exists "{made.schema_name}" cascade')
        made.delete()
        connection.close()
        connection.set_tenant(before)


@dataclass
class Result:
    """What a command gave back."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        assert self.status == 0, f"exit {self.status}: {self.stderr}"
        return json.loads(self.stdout)


@pytest.fixture
def cli(request: pytest.FixtureRequest) -> Callable[..., Result]:
    """Runs a command in this process, with `--json`, on whichever tenant fixture the test uses."""
    used = request.getfixturevalue("live_tenant" if "live_tenant" in request.fixturenames else "tenant")

    def call(*arguments: str) -> Result:
        from django.db import connection

        from spartito.cli.frame import run
        from spartito.cli.main import root

        out, err = io.StringIO(), io.StringIO()
        connection.set_schema_to_public()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(root, ["--tenant", used.slug, "--json", *map(str, arguments)])
        connection.set_tenant(used)
        return Result(status, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def spartito(live_tenant: Any) -> Callable[..., Result]:
    """Runs a command in a process of its own, with `--json`, on `live_tenant`."""

    def call(*arguments: str, **environment: str) -> Result:
        command = [
            sys.executable,
            "-m",
            "spartito.cli.main",
            "--tenant",
            live_tenant.slug,
            "--json",
            *map(str, arguments),
        ]
        done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    return call


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "spartito.cli.main", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"SPARTITO_LOG_LEVEL": "error"})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/healthz", timeout=5)
                break
            assert process.poll() is None, "the server ended at once"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def browser_program() -> str | None:
    """Debian's or another Chromium on the path; None lets Playwright use its own."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def _browser() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        program = browser_program()
        if program is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no browser: apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(_browser: Any, site: str) -> Iterator[Any]:
    context = _browser.new_context(base_url=site, locale="it-IT", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
    yield page
    context.close()
    assert errors == []


@dataclass
class MailServer:
    url: str
    messages: list[email.message.EmailMessage]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    from aiosmtpd.controller import Controller

    received: list[email.message.EmailMessage] = []

    class Keep:
        async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
            received.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
            return "250 kept"

    controller = Controller(Keep(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield MailServer(f"smtp://127.0.0.1:{controller.port}", received)
    controller.stop()
