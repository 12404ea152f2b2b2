"""A draft rehearsed over 90 days on the whole portfolio, and what people notice of it meanwhile."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from django_tenants.utils import tenant_context

from bench.imports import slug_of
from bench.pages import p95
from bench.reaction import spread, work
from bench.results import Measure
from spartito.actions.models import Task
from spartito.strategies.models import Strategy
from spartito.tenants.models import Tenant

DAYS = 90
MINUTES = 5  # "within minutes": for 100,000 customers
MILLION = 1_000_000
CLICKS = 100
PAUSE = 1.0  # seconds between two clicks, so that they fall on all of a rehearsal and not on its first seconds


def measure(items: int) -> Iterator[Measure]:
    """Seconds for the standard strategy with five days between two steps instead of seven; clicks alone, then while it rehearses."""
    tenant = Tenant.objects.get(slug=slug_of(items))
    size = f"{items:,} items"
    with tenant_context(tenant):
        tasks = list(Task.objects.filter(status="open").values_list("id", "customer_id"))
        Random(5).shuffle(tasks)
        half = len(tasks) // 2
        alone = work(tasks[:half][:CLICKS], tenant)
        with _rehearsal_beside(tenant) as child:
            beside = list(_clicks_until_it_ends(child, tasks[half:], tenant))
            told, seconds = child.ended()
    label = f"{items // 10:,} customers × {DAYS} days"
    bar = 60 * MINUTES if items >= MILLION else None
    yield Measure("rehearsal", label, seconds, "s", bar=bar, note=_differences(told))
    yield Measure("rehearsal", f"one action alone, {size}, p95", p95(alone), "ms", note=spread(alone))
    yield Measure(
        "rehearsal", f"one action while it rehearses, {size}, p95", p95(beside), "ms", bar=100, note=spread(beside)
    )
    yield Measure("rehearsal", f"one action while it rehearses ÷ alone, {size}, p95", p95(beside) / p95(alone), "×")


def _clicks_until_it_ends(child: "Beside", tasks: list[tuple[int, int]], tenant: Tenant) -> Iterator[float]:
    """Seconds of one action after another, as a person works, while the rehearsal lasts."""
    waiting = iter(tasks)
    while child.lasts() and (task := next(waiting, None)):
        yield from work([task], tenant)
        time.sleep(PAUSE)


def _differences(told: dict[str, Any]) -> str:
    """How much differs, and on how many days."""
    days = sum(1 for day in told["by_day"] if day["live"] != day["draft"])
    totals = told["totals"]
    return (
        f"{totals['live']['calls']:,} → {totals['draft']['calls']:,} calls, {totals['live']['messages']:,} → "
        f"{totals['draft']['messages']:,} messages, {days} days differ, {told['changes']['customers']:,} customers change"
    )


@dataclass
class Beside:
    """A rehearsal in a process of its own."""

    process: subprocess.Popen[bytes]
    out: Path

    def lasts(self) -> bool:
        return self.process.poll() is None

    def ended(self) -> tuple[dict[str, Any], float]:
        """Waits for its end: what it told, and the seconds it took."""
        if self.process.wait():
            raise RuntimeError(f"the rehearsal ended with {self.process.returncode}")
        told = json.loads(self.out.read_text())
        return told, told["seconds"]


@contextmanager
def _rehearsal_beside(tenant: Tenant) -> Iterator[Beside]:
    with tempfile.TemporaryDirectory() as folder:
        draft, out = Path(folder) / "draft.yaml", Path(folder) / "out.json"
        draft.write_text(shorter_waits())
        command = [sys.executable, "-m", "spartito.cli.main", "strategy", "rehearse", str(draft), "--days", str(DAYS),
                   "--tenant", tenant.slug, "--json"]  # fmt: skip
        with out.open("w") as target:
            child = subprocess.Popen(command, stdout=target)
        try:
            yield Beside(child, out)
        finally:
            child.kill()
            child.wait()


def shorter_waits() -> str:
    """The standard strategy's text with five days between two steps instead of seven: nearly every customer follows it."""
    source = Strategy.objects.get(code="standard").live_version.source  # type: ignore[union-attr]
    return source.replace("days_between_steps: 7", "days_between_steps: 5")
