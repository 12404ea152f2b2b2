"""Pages at size: through the whole middleware, as three people, with a cycle running beside."""

import time
from collections.abc import Iterable
from datetime import date
from statistics import quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.beside import cycle_beside
from bench.imports import slug_of
from bench.ledger import Ledger
from bench.results import Measure
from spartito.access.models import User
from spartito.access.operations import create_user
from spartito.portfolio.models import Customer
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

PEOPLE = {
    "salesperson": (("salesperson", "V007"),),
    "area_manager": (("area", "A07"), ("area", "A08")),
    "credit_manager": (),
}
ROUNDS = 60
MAX_MS, MAX_QUERIES = 100, 25


def measure(*, ledger: Ledger) -> list[Measure]:
    """p95 and queries of today's score, customer and ageing pages, as each of PEOPLE."""
    tenant = Tenant.objects.get(slug=slug_of(ledger))
    day = business_date(tenant)
    clients = {profile: _client(profile, scopes, day) for profile, scopes in PEOPLE.items()}
    pages = [(profile, what, url) for profile in PEOPLE for what, url in _pages(tenant, profile, ledger)]
    queries = {(profile, what): _queries(clients[profile], url) for profile, what, url in pages}
    with cycle_beside(slug=tenant.slug, after=day):
        taken = {(profile, what): _times(clients[profile], url) for profile, what, url in pages}
    return list(_measures(ledger, taken, queries))


def p95(seconds: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return quantiles(seconds, n=20, method="inclusive")[18] * 1000


def _measures(
    ledger: Ledger, taken: dict[tuple[str, str], list[float]], queries: dict[tuple[str, str], int]
) -> Iterable[Measure]:
    for (profile, what), seconds in taken.items():
        label = f"{what} as {profile}, {ledger.items:,} items"
        count = queries[profile, what]
        yield Measure("pages", f"{label}, p95", p95(seconds), "ms", bar=MAX_MS, note=f"{count} queries")
        if count > MAX_QUERIES:
            yield Measure("pages", f"{label}, queries", count, "queries", bar=MAX_QUERIES)


def _client(profile: str, scopes: tuple[tuple[str, str], ...], day: date) -> Client:
    user = User.objects.filter(username=profile).first() or create_user(
        user=None,
        as_of=day,
        username=profile,
        profile=profile,
        scopes=scopes,
        full_name=profile.replace("_", " ").title(),
    )
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _pages(tenant: Tenant, profile: str, ledger: Ledger) -> list[tuple[str, str]]:
    """Today's score, a usual customer of that person, the biggest customer (for who sees all), ageing, the list."""
    root = f"/t/{tenant.slug}"
    mine = Customer.objects.exclude(code=ledger.biggest).order_by("code")
    if profile == "salesperson":
        mine = mine.filter(salesperson__code="V007")
    elif profile == "area_manager":
        mine = mine.filter(area__code__in=["A07", "A08"])
    usual = mine[len(mine) // 2 : len(mine) // 2 + 1][0]
    pages = [
        ("today's score", f"{root}/"),
        ("customer", f"{root}/customers/{usual.pk}/"),
        ("ageing", f"{root}/ageing/"),
        ("customers list", f"{root}/customers/"),
    ]
    if profile == "credit_manager":
        biggest = Customer.objects.get(code=ledger.biggest)
        pages.append(("customer of 5,000 items", f"{root}/customers/{biggest.pk}/"))
    return pages


def _queries(client: Client, url: str) -> int:
    _get(client, url)
    with CaptureQueriesContext(connection) as captured:
        _get(client, url)
    return len(captured)


def _times(client: Client, url: str) -> list[float]:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        _get(client, url)
        taken.append(time.perf_counter() - started)
    return taken


def _get(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url} answered {response.status_code}")
    if response.streaming:
        b"".join(response.streaming_content)
