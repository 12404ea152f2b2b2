"""Lets the jobs that wait be done."""

import os
import subprocess
import sys


def worker() -> None:
    """Every job that waits, and no other, by a worker of its own."""
    command = [sys.executable, "-m", "spartito.cli.main", "worker", "--once"]
    subprocess.run(command, env=os.environ | {"SPARTITO_LOG_LEVEL": "error"}, check=True, timeout=120)
