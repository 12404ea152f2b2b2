"""Publishing a policy at size: its text checked, its conditions compiled, its rows written, and whom they hold for counted."""

import time
from collections.abc import Iterator
from statistics import median

from django.db import transaction
from django_tenants.utils import tenant_context

from bench.imports import slug_of
from bench.rehearsal import shorter_waits
from bench.results import Measure
from spartito.access.models import User
from spartito.access.operations import create_user
from spartito.strategies.conditions import matching
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

TIMES = 7


def measure(items: int) -> Iterator[Measure]:
    """Seconds to load and publish the standard strategy's next version; then to count the customers of a condition."""
    tenant = Tenant.objects.get(slug=slug_of(items))
    label = f"{items:,} items"
    with tenant_context(tenant):
        taken = [_publish() for _ in range(TIMES)]
        yield Measure("publish", f"compile and validate, {label}, longest of {TIMES}", max(taken), "s", bar=1)
        counted = [_count(tenant) for _ in range(TIMES)]
        yield Measure("publish", f"customers of a condition, {label}, median", median(counted) * 1000, "ms")


def _publish() -> float:
    """Published and taken back: the next measure finds the tenant as it was."""
    with transaction.atomic():
        started = time.perf_counter()
        version = load_strategy(source=shorter_waits())
        publish_strategy(code=version.strategy.code, number=version.number)
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def _count(tenant: Tenant) -> float:
    condition = {"all": [{"fact": "overdue", "operator": ">=", "value": "1000"},
                         {"fact": "days_overdue", "operator": ">=", "value": "30"}]}  # fmt: skip
    user = _credit_manager(tenant)
    started = time.perf_counter()
    matching(condition=condition, user=user, as_of=business_date(tenant))
    return time.perf_counter() - started


def _credit_manager(tenant: Tenant) -> User:
    known = User.objects.filter(username="credit_manager").first()
    return known or create_user(
        user=None, as_of=business_date(tenant), username="credit_manager", profile="credit_manager", full_name="Manager"
    )
