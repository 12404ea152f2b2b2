"""Pages at size: through the whole middleware, as three people, with a cycle running beside."""

import time
from collections.abc import Iterator
from datetime import date
from statistics import median, quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from bench.beside import cycle_beside
from bench.imports import slug_of
from bench.ledger import BIGGEST
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
ROUNDS, FEWEST = 60, 5
SECONDS_A_PAGE = 3
MAX_MS, MAX_QUERIES = 100, 25


def measure(items: int) -> Iterator[Measure]:
    """p95 and queries of today's score, customer and ageing pages, as each of PEOPLE."""
    tenant = Tenant.objects.get(slug=slug_of(items))
    with tenant_context(tenant):
        day = business_date(tenant)
        clients = {profile: _client(profile, scopes, day) for profile, scopes in PEOPLE.items()}
        pages = [(profile, what, url) for profile in PEOPLE for what, url in _pages(tenant, profile)]
        counts = [_queries(clients[profile], url) for profile, _what, url in pages]
        with cycle_beside(slug=tenant.slug, after=day):
            for (profile, what, url), count in zip(pages, counts, strict=True):
                label = f"{what} as {profile}, {items:,} items"
                if isinstance(count, str):
                    yield Measure("pages", label, None, "", note=count)
                else:
                    yield from _measures(label, _times(clients[profile], url), count)


def p95(seconds: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return quantiles(seconds, n=20, method="inclusive")[18] * 1000


def _measures(label: str, seconds: list[float], queries: int) -> Iterator[Measure]:
    note = f"median {median(seconds) * 1000:.0f} ms, {queries} queries, {len(seconds)} calls"
    yield Measure("pages", f"{label}, p95", p95(seconds), "ms", bar=MAX_MS, note=note)
    if queries > MAX_QUERIES:
        yield Measure("pages", f"{label}, queries", queries, "queries", bar=MAX_QUERIES)


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


def _pages(tenant: Tenant, profile: str) -> list[tuple[str, str]]:
    """Today's score, a usual customer of that person, the biggest customer (for who sees all), ageing, the list."""
    root = f"/t/{tenant.slug}"
    mine = Customer.objects.exclude(code=BIGGEST).order_by("code")
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
        biggest = Customer.objects.get(code=BIGGEST)
        pages.append(("customer of 5,000 items", f"{root}/customers/{biggest.pk}/"))
    return pages


def _queries(client: Client, url: str) -> int | str:
    """Queries of the second call; the page's own words where it fails."""
    try:
        _get(client, url)
        with CaptureQueriesContext(connection) as captured:
            _get(client, url)
    except Exception as failure:  # one page's failure leaves the others their numbers
        return f"{type(failure).__name__}: {failure}".replace("|", "/")[:200]
    return len(captured)


def _times(client: Client, url: str) -> list[float]:
    """Seconds of ROUNDS calls, or of as many (at least FEWEST) as SECONDS_A_PAGE allow."""
    taken: list[float] = []
    while len(taken) < ROUNDS and (len(taken) < FEWEST or sum(taken) < SECONDS_A_PAGE):
        started = time.perf_counter()
        _get(client, url)
        taken.append(time.perf_counter() - started)
    return taken


def _get(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url} answered {response.status_code}")
    response.getvalue()
