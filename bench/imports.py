"""First import, daily import with 2 % changes and the cycle, against raw COPY of the same file."""

import time
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from bench.ledger import COLUMNS, DAY, Ledger
from bench.machine import Ran, run_spartito
from bench.results import Measure
from spartito.tenants.models import Tenant

MAX_PYTHON_MB = 600


def measure(*, ledger: Ledger) -> list[Measure]:
    """All imports of one size; leaves tenant `bench-<items>` filled for the other parts."""
    slug = slug_of(ledger)
    drop(slug)
    copy = raw_copy(ledger.first)
    run_spartito("tenant", "create", slug, "--name", f"Bench {ledger.items}", "--clock", "last_run")
    first = _import(slug, ledger.first, DAY)
    first_cycle = run_spartito("cycle", "--tenant", slug, "--date", str(DAY))
    copy_again = raw_copy(ledger.second)
    next_day = DAY + timedelta(days=1)
    daily = _import(slug, ledger.second, next_day)
    cycle = run_spartito("cycle", "--tenant", slug, "--date", str(next_day))
    label = f"{ledger.items:,} items"
    both = daily.seconds + cycle.seconds
    return [
        Measure("import", f"raw COPY, {label}", copy, "s"),
        Measure("import", f"first import, {label}", first.seconds, "s", note=_counts(first)),
        Measure("import", f"first import, {label}, ÷ COPY", first.seconds / copy, "×", bar=15),
        Measure("import", f"first cycle, {label}", first_cycle.seconds, "s", note=slowest_steps(first_cycle)),
        Measure("import", f"daily import, 2 % changed, {label}", daily.seconds, "s", note=_counts(daily)),
        Measure("import", f"daily cycle, {label}", cycle.seconds, "s", note=slowest_steps(cycle)),
        Measure("import", f"daily import + cycle, {label}, ÷ COPY", both / copy_again, "×", bar=6),
        Measure("import", f"peak of Python, {label}", max(first.peak_mb, daily.peak_mb, cycle.peak_mb), "MB", bar=MAX_PYTHON_MB),
    ]  # fmt: skip


def growth(small: list[Measure], large: list[Measure]) -> list[Measure]:
    """How much longer ten times the items take."""
    pairs = [(s, big) for s, big in zip(small, large, strict=True) if s.unit == "s" and "COPY" not in s.what]
    return [
        Measure("growth", s.what.rsplit(", ", 1)[0] + ", 1 M ÷ 100 k", big.value / s.value, "×", bar=11)
        for s, big in pairs
    ]


def slug_of(ledger: Ledger) -> str:
    return f"bench-{ledger.items}"


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
