"""One user action at size, with a cycle running beside: everything `cycle.act` does, committed."""

import time
from collections.abc import Iterator
from random import Random

from django.db import OperationalError, connection
from django_tenants.utils import tenant_context

from bench.beside import cycle_beside
from bench.imports import slug_of
from bench.pages import p95
from bench.results import Measure
from spartito.access.models import User
from spartito.actions.models import Task
from spartito.actions.outcomes import record_outcome
from spartito.cycle.act import act
from spartito.platform.errors import Refused
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

ACTIONS = 150
SECONDS, FEWEST = 25, 5
# Longer than this nobody waits: the action is given up and counted with it.
PATIENCE = 10


def measure(items: int) -> Iterator[Measure]:
    """Marks tasks as done, one after the other, alone and beside a cycle."""
    tenant = Tenant.objects.get(slug=slug_of(items))
    label = f"{items:,} items"
    with tenant_context(tenant):
        tasks = list(Task.objects.filter(status="open").values_list("id", "customer_id"))
        if len(tasks) < 2 * FEWEST:
            raise RuntimeError(f"{len(tasks)} open tasks are too few to measure")
        Random(3).shuffle(tasks)
        half = len(tasks) // 2
        alone = work(tasks[: min(half, ACTIONS)], tenant)
        yield Measure("reaction", f"one action alone, {label}, p95", p95(alone), "ms", note=spread(alone))
        with cycle_beside(slug=tenant.slug, after=business_date(tenant)):
            beside = work(tasks[half : half + ACTIONS], tenant)
        what = f"one action beside a cycle, {label}, p95"
        yield Measure("reaction", what, p95(beside), "ms", bar=100, note=spread(beside))


def work(tasks: list[tuple[int, int]], tenant: Tenant) -> list[float]:
    """Seconds of each action, for at most SECONDS in all. `tasks`: (task, customer)."""
    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{PATIENCE}s'")
    user = User.objects.filter(username="credit_manager").first()
    until = time.perf_counter() + SECONDS
    taken: list[float] = []
    for task, customer in tasks:
        if time.perf_counter() > until:
            break
        if Task.objects.filter(pk=task, status="open").exists():
            tenant.refresh_from_db(fields=["last_run_date"])
            taken.append(_one(task, customer, user, tenant))
    return taken


def _one(task: int, customer: int, user: User | None, tenant: Tenant) -> float:
    started = time.perf_counter()
    try:
        act(record_outcome, user=user, customers=[customer], as_of=business_date(tenant), task=task, code="DONE")
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
    except Refused:
        pass  # the cycle beside closed it first
    return time.perf_counter() - started


def spread(seconds: list[float]) -> str:
    """Median, longest and how many, in words."""
    ordered = sorted(seconds)
    return f"median {ordered[len(ordered) // 2] * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms, {len(ordered)} actions"
