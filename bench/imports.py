"""First import, daily import with 2 % changes and the cycle, against raw COPY of the same file."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from bench.ledger import COLUMNS, DAY, make_ledger
from bench.machine import Ran, run_spartito
from bench.results import Measure
from spartito.platform.connection import connection
from spartito.platform.home import folder
from spartito.tenants.models import Tenant

MAX_PYTHON_MB = 600


def measure(items: int) -> Iterator[Measure]:
    """All imports of one size; leaves tenant `bench-<items>` filled for the other parts."""
    ledger = make_ledger(items=items, folder=folder("bench-files"))
    slug, label, next_day = slug_of(items), f"{items:,} items", DAY + timedelta(days=1)
    drop(slug)
    run_spartito("tenant", "create", slug, "--name", f"Bench {items}", "--clock", "last_run")
    copy = raw_copy(ledger.first)
    yield Measure("import", f"raw COPY, {label}", copy, "s")
    first = _import(slug, ledger.first, DAY)
    yield Measure("import", f"first import, {label}", first.seconds, "s", note=_counts(first))
    yield Measure("import", f"first import, {label}, ÷ COPY", first.seconds / copy, "×", bar=15)
    first_cycle = run_spartito("cycle", "--tenant", slug, "--date", str(DAY))
    yield Measure("import", f"first cycle, {label}", first_cycle.seconds, "s", note=slowest_steps(first_cycle))
    copy = raw_copy(ledger.second)
    daily = _import(slug, ledger.second, next_day)
    yield Measure("import", f"daily import, 2 % changed, {label}", daily.seconds, "s", note=_counts(daily))
    cycle = run_spartito("cycle", "--tenant", slug, "--date", str(next_day))
    yield Measure("import", f"daily cycle, {label}", cycle.seconds, "s", note=slowest_steps(cycle))
    both = (daily.seconds + cycle.seconds) / copy
    yield Measure("import", f"daily import + cycle, {label}, ÷ COPY", both, "×", bar=6)
    peak = max(ran.peak_mb for ran in (first, first_cycle, daily, cycle))
    yield Measure("import", f"peak of Python, {label}", peak, "MB", bar=MAX_PYTHON_MB)


def growth(measures: list[Measure], *, sizes: tuple[int, ...]) -> list[Measure]:
    """How much longer ten times the items take, for sizes that are ten times one another."""
    if len(sizes) != 2 or sizes[1] != 10 * sizes[0]:
        return []
    small, large = (_seconds(measures, size) for size in sizes)
    return [
        Measure("growth", f"{what}, {sizes[1]:,} ÷ {sizes[0]:,} items", large[what] / small[what], "×", bar=11)
        for what in small
        if what in large and "COPY" not in what
    ]


def _seconds(measures: list[Measure], size: int) -> dict[str, float]:
    """What was measured in seconds at this size, by its name without the size."""
    timed = [m for m in measures if m.items == size and m.unit == "s"]
    return {m.what.rsplit(", ", 1)[0]: m.value for m in timed if m.value}


def slug_of(items: int) -> str:
    return f"bench-{items}"


def drop(slug: str) -> None:
    """Removes the tenant of an earlier run."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        return
    connection.set_schema_to_public()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'drop schema if exists "{tenant.schema_name}" cascade')
        cursor.execute("delete from tenants_domain where tenant_id = %s", [tenant.pk])
        cursor.execute("delete from tenants_tenant where id = %s", [tenant.pk])


def raw_copy(path: Path) -> float:
    """Seconds to COPY the file into a table of text columns: the yardstick."""
    connection.set_schema_to_public()
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"create table bench_raw ({columns})")
        started = time.perf_counter()
        with cursor.copy("copy bench_raw from stdin (format csv, header true)") as copy, path.open("rb") as source:
            while block := source.read(1 << 18):
                copy.write(block)
        seconds = time.perf_counter() - started
        cursor.execute("drop table bench_raw")
    return seconds


def _import(slug: str, path: Path, day: object) -> Ran:
    return run_spartito("import", "items", str(path), "--tenant", slug, "--date", str(day))


def _counts(ran: Ran) -> str:
    keys = ("created", "updated", "unchanged", "closed", "rejected")
    return ", ".join(f"{ran.result[key]:,} {key}" for key in keys if ran.result.get(key))


def slowest_steps(ran: Ran) -> str:
    """The three steps that took longest, with what was planned."""
    steps = sorted(ran.result["steps"], key=lambda step: -step["seconds"])[:3]
    return ", ".join(f"{s['name']} {s['seconds']:.1f} s" for s in steps) + f"; planned {ran.result['planned']:,}"
