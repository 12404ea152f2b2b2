"""What an address that leads nowhere answers on the server people use, which runs Django's handlers in other threads."""

from datetime import date

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.test import AsyncClient, Client

from spartito.access.operations import create_user


def test_a_form_grown_old_leads_on(tenant):
    answer = Client(enforce_csrf_checks=True).post(f"/t/{tenant.slug}/account/login/", {"login": "anna"})
    assert answer.status_code == 403
    assert f'href="/t/{tenant.slug}/"' in answer.content.decode()


@pytest.fixture
def reader(tenant):
    cache.clear()
    client = AsyncClient(raise_request_exception=False)
    signed_in = Client()
    signed_in.force_login(
        create_user(user=None, as_of=date(2026, 11, 2), username="anna", profile="salesperson"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    client.cookies = signed_in.cookies
    return lambda path: async_to_sync(client.get)(f"/t/{tenant.slug}{path}")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nothing/here/", 404, "Questa pagina non esiste"),
        ("/customers/999999999/", 404, "Questa pagina non esiste"),
        ("/users/", 403, "Il tuo profilo non lo consente"),
    ],
)
def test_the_page_is_shown_with_its_way_out(reader, path, status, says):
    answer = reader(path)
    assert answer.status_code == status
    assert says in answer.content.decode()
