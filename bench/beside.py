"""A cycle running beside: days run one after the other in a process of their own until told to stop."""

import os
import subprocess
import sys
from contextlib import contextmanager

LOOP = """
import os, subprocess, sys
from datetime import date, timedelta
slug, day = sys.argv[1], date.fromisoformat(sys.argv[2])
parent = os.getppid()
while os.getppid() == parent:
    day += timedelta(days=1)
    subprocess.run([sys.executable, "-m", "spartito.cli.main", "cycle", "--tenant", slug, "--date", str(day), "--json"],
                   stdout=subprocess.DEVNULL)
"""


@contextmanager
def cycle_beside(*, slug: str, after: object):  # type: ignore[no-untyped-def]
    """Runs the cycle of the days after `after` while the block measures."""
    runner = subprocess.Popen([sys.executable, "-c", LOOP, slug, str(after)], start_new_session=True)
    try:
        yield runner
    finally:
        os.killpg(runner.pid, 15)
        runner.wait()
