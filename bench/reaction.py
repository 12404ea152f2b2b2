"""One user action at size, with a cycle running beside: everything `cycle.act` does, committed."""

import time
from random import Random

from bench.beside import cycle_beside
from bench.imports import slug_of
from bench.ledger import Ledger
from bench.pages import p95
from bench.results import Measure
from spartito.access.models import User
from spartito.actions.models import Task
from spartito.actions.operations import record_outcome
from spartito.cycle.act import act
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

ACTIONS = 150


def measure(*, ledger: Ledger) -> list[Measure]:
    """Marks tasks as done, one after the other, alone and beside a cycle."""
    tenant = Tenant.objects.get(slug=slug_of(ledger))
    tasks = list(Task.objects.filter(status="open").values_list("id", "customer_id"))
    Random(3).shuffle(tasks)
    alone = _work(tasks[:ACTIONS], tenant)
    with cycle_beside(slug=tenant.slug, after=business_date(tenant)):
        beside = _work(tasks[ACTIONS : 2 * ACTIONS], tenant)
    label = f"{ledger.items:,} items"
    return [
        Measure("reaction", f"one action alone, {label}, p95", p95(alone), "ms", note=_spread(alone)),
        Measure(
            "reaction", f"one action beside a cycle, {label}, p95", p95(beside), "ms", bar=100, note=_spread(beside)
        ),
    ]


def _work(tasks: list[tuple[int, int]], tenant: Tenant) -> list[float]:
    user = User.objects.filter(username="credit_manager").first()
    taken = []
    for task, customer in tasks:
        if not Task.objects.filter(pk=task, status="open").exists():
            continue
        tenant.refresh_from_db(fields=["last_run_date"])
        started = time.perf_counter()
        act(record_outcome, user=user, customers=[customer], as_of=business_date(tenant), task=task, code="DONE")
        taken.append(time.perf_counter() - started)
    return taken


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"median {ordered[len(ordered) // 2] * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms, {len(ordered)} actions"
