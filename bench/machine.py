"""What ran the benchmark, and how a command is timed."""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def describe() -> dict[str, str]:
    """The machine's size in words, and how busy it was (load average of 15 minutes)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "database": _database(),
        "load": f"{os.getloadavg()[2]:.1f}",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version'), current_setting('shared_buffers')")
        version, buffers = cursor.fetchone()
    return f"PostgreSQL {version}, shared_buffers {buffers}"


@dataclass
class Ran:
    """One command: its JSON, wall seconds and the most memory its Python held (MB)."""

    result: dict[str, Any]
    seconds: float
    peak_mb: float


class CommandFailed(Exception):
    """A command of the product ended badly; its last words."""


def run_spartito(*arguments: str) -> Ran:
    """`spartito … --json` as a user would run it, in a process of its own."""
    command = [sys.executable, "-m", "spartito.cli.main", *arguments, "--json"]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if child.returncode:
            raise CommandFailed(f"{' '.join(arguments)}: {errors.read()[-2000:]}")
        return Ran(json.load(out), seconds, used.ru_maxrss / 1024)
