"""Who opens pages on the small ledger of `conftest.py`, and what they get."""

from django.db import connection
from django.test import Client

from spartito.access.models import User
from spartito.access.operations import create_user
from spartito.cycle.models import Work
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date
from spartito.web import jobs


def person(name: str, profile: str, scopes: list[tuple[str, str]] | None = None) -> User:
    day = business_date(connection.tenant)
    return create_user(
        user=None, as_of=day, username=name, profile=profile, scopes=scopes or [], password="una-parola-lunga"
    )


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def get(client: Client, address: str, status: int = 200, **headers: str) -> str:
    answer = client.get(f"/t/test{address}", headers=headers)
    assert answer.status_code == status, (address, answer.status_code)
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode(errors="replace")


def rehearsed(client: Client, tenant: Tenant, draft: int, days: str = "30") -> Work:
    client.post(f"/t/test/strategies/standard/{draft}/rehearsal/", {"days": days})
    work = Work.objects.get(kind="rehearsal")
    jobs.rehearse_now(tenant=tenant, work=work.pk)
    work.refresh_from_db()
    return work
