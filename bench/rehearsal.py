"""A draft rehearsed over 90 days on the whole portfolio, and what people notice of it meanwhile."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from django_tenants.utils import tenant_context

from bench.imports import slug_of
from bench.pages import p95
from bench.reaction import work
from bench.results import Measure
from spartito.actions.models import Task
from spartito.strategies.models import Strategy
from spartito.tenants.models import Tenant

DAYS = 90
MINUTES = 5  # "within minutes": for 100,000 customers
MILLION = 1_000_000


def measure(items: int) -> Iterator[Measure]:
    """Seconds for the standard strategy with its calls three days earlier; clicks alone, then while it rehearses."""
    tenant = Tenant.objects.get(slug=slug_of(items))
    label = f"{items // 10:,} customers × {DAYS} days"
    with tenant_context(tenant):
        tasks = list(Task.objects.filter(status="open").values_list("id", "customer_id"))
        Random(5).shuffle(tasks)
        half = len(tasks) // 2
        alone = work(tasks[:half][:100], tenant)
        with _rehearsal_beside(tenant) as ended:
            beside = work(tasks[half:][:100], tenant)
            told, seconds = ended()
    yield Measure(
        "rehearsal", label, seconds, "s", bar=60 * MINUTES if items >= MILLION else None, note=_differences(told)
    )
    yield Measure("rehearsal", f"one action alone, {items:,} items, p95", p95(alone), "ms")
    yield Measure("rehearsal", f"one action while it rehearses, {items:,} items, p95", p95(beside), "ms", bar=100)


def _differences(told: dict[str, Any]) -> str:
    """How much differs, and on how many days."""
    days = sum(1 for day in told["by_day"] if day["live"] != day["draft"])
    totals = told["totals"]
    return (
        f"{totals['live']['calls']:,} → {totals['draft']['calls']:,} calls, {totals['live']['messages']:,} → "
        f"{totals['draft']['messages']:,} messages, {days} days differ, {told['changes']['customers']:,} customers change"
    )


@contextmanager
def _rehearsal_beside(tenant: Tenant) -> Iterator[Any]:
    """Rehearses in a process of its own; the value yielded waits for its end and gives the result and the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        draft, out = Path(folder) / "draft.yaml", Path(folder) / "out.json"
        draft.write_text(earlier_calls())
        command = [sys.executable, "-m", "spartito.cli.main", "strategy", "rehearse", str(draft), "--days", str(DAYS),
                   "--tenant", tenant.slug, "--json"]  # fmt: skip
        began = time.perf_counter()
        with out.open("w") as target:
            child = subprocess.Popen(command, stdout=target)

        def ended() -> tuple[dict[str, Any], float]:
            if child.wait():
                raise RuntimeError(f"the rehearsal ended with {child.returncode}")
            return json.loads(out.read_text()), time.perf_counter() - began

        try:
            yield ended
        finally:
            child.kill()
            child.wait()


def earlier_calls() -> str:
    """The standard strategy's text with its first call three days earlier: nearly every customer follows it."""
    source = Strategy.objects.get(code="standard").live_version.source  # type: ignore[union-attr]
    return source.replace("days: 10, channel: phone", "days: 7, channel: phone")
