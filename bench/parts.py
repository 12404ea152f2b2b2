"""One part at one size, in a process of its own with a time limit: what it measured before the limit is kept."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from bench.results import Measure

# The server notices by itself that a part was ended, and ends its statement.
SERVER_OPTIONS = "-c client_connection_check_interval=1000"
# Seconds allowed, by part; at a million items the second.
LIMITS = {
    "import": (240, 660),
    "reaction": (75, 105),
    "publish": (60, 60),
    "rehearsal": (300, 2_400),
    "pages": (100, 130),
    "letters": (90, 90),
    "replay": (180, 180),
}
MILLION = 1_000_000
SIZELESS = ("letters", "replay")
LAST_LINES = 1500


def limit_of(part: str, items: int) -> int:
    """Seconds the part may take at this size."""
    return LIMITS[part][items >= MILLION]


def run_part(*, part: str, items: int, seconds: float) -> list[Measure]:
    """What the part measured within `seconds`; a part that fails or is ended adds one row that says why."""
    if seconds < 1:
        return [Measure(part, "not finished", None, "", items=items, note="no time was left (--minutes)")]
    with tempfile.TemporaryDirectory() as folder:
        found, words = Path(folder) / "measures", Path(folder) / "words"
        why = _run(part=part, items=items, seconds=seconds, found=found, words=words)
        lines = found.read_text().splitlines() if found.exists() else []
    measures = [Measure(**json.loads(line)) for line in lines]
    if why:
        measures.append(Measure(part, "not finished", None, "", items=items, note=why))
    return measures


def _run(*, part: str, items: int, seconds: float, found: Path, words: Path) -> str:
    """Why the part did not end well, or nothing."""
    command = [sys.executable, "-m", "bench", "--part", part, "--items", str(items), "--into", str(found)]
    options = f"{os.environ.get('PGOPTIONS', '')} {SERVER_OPTIONS}".strip()
    with words.open("w") as out:
        child = subprocess.Popen(
            command, stdout=out, stderr=out, start_new_session=True, env=os.environ | {"PGOPTIONS": options}
        )
        try:
            status = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return f"ended after {seconds:.0f} s"
        finally:
            _end(child)
    return "" if status == 0 else _last_line(words.read_text()[-LAST_LINES:], status)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the part's process and those it started, by its own process group."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _last_line(words: str, status: int) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return " ".join((lines[-1] if lines else f"exit status {status}").replace("|", "/").split())[:300]


def measure_here(*, part: str, items: int, into: Path) -> None:
    """Measures in this process; every value is written down as soon as it is known."""
    with into.open("a") as target:
        for measure in _measures(part)(items):
            measure.items = items
            target.write(json.dumps(asdict(measure)) + "\n")
            target.flush()
            print(f"{time.strftime('%H:%M:%S')} {measure.part}: {measure.what} {measure.value}", file=sys.stderr)


def _measures(part: str) -> Callable[[int], Iterator[Measure]]:
    from bench import imports, letters, pages, publish, reaction, rehearsal, replay

    if part in SIZELESS:
        sizeless = {"letters": letters.measure, "replay": replay.measure}[part]
        return lambda _items: sizeless()
    by_size = {
        "import": imports.measure, "pages": pages.measure, "reaction": reaction.measure, "rehearsal": rehearsal.measure,
        "publish": publish.measure,
    }  # fmt: skip
    return by_size[part]
