"""The embedded server: private, found again, started once whoever asks, and gone when told to."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from spartito.platform.database import LONGEST_SOCKET_FOLDER, Server, configuration


@pytest.fixture
def server():
    home = Path(tempfile.mkdtemp(prefix="spartito-server-"))  # pytest's own folders are closed to the server's user
    home.chmod(0o711)
    made = Server(home=home, quick=True)
    yield made
    made.stop()
    shutil.rmtree(home)


def test_it_starts_answers_and_stops(server):
    assert server.pid() is None
    server.ensure_running()
    first = server.pid()
    server.ensure_running()
    assert server.pid() == first
    with psycopg.connect(server.url()) as connection:
        facts = connection.execute(
            "select current_setting('listen_addresses'), current_setting('jit'), current_setting('server_version_num')::int,"
            " datcollate from pg_database where datname = current_database()"
        ).fetchone()
    assert facts == ("", "off", facts[2], "C.UTF-8")
    assert facts[2] // 10000 == 18
    assert server.stop()
    assert server.pid() is None


def test_its_socket_is_closed_to_others(server):
    server.ensure_running()
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    hba = (server.data.resolve() / "pg_hba.conf").read_text()
    assert "trust" not in hba


def test_many_processes_may_start_it_at_once(server):
    code = (
        "import sys; from pathlib import Path; from spartito.platform.database import Server;"
        "s = Server(home=Path(sys.argv[1]), quick=True); s.ensure_running(); print(s.pid())"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(server.home)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in processes}) == 1
    assert all(process.returncode == 0 for process in processes)


def test_it_comes_back_after_a_crash(server):
    server.ensure_running()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("set synchronous_commit = on")
        connection.execute("create table kept as select 1 as one")
    os.kill(server.pid(), 9)
    while server.pid() is not None:
        pass
    server.ensure_running()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("select one from kept").fetchone() == (1,)


def test_a_long_home_gets_a_short_socket_folder(tmp_path):
    server = Server(home=tmp_path / ("x" * 90))
    assert len(os.fsencode(server.socket_folder)) <= LONGEST_SOCKET_FOLDER


def test_only_tests_may_lose_data():
    assert "fsync" not in configuration(quick=False)
    assert "fsync = off" in configuration(quick=True)
