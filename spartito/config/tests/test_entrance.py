"""The way in: monitors, the login, and what keeps others out."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

LOGIN = "/t/test/account/login/"


@pytest.fixture
def person(tenant):
    cache.clear()  # counts of failed logins
    return get_user_model().objects.create_user("lucia", password="una frase lunga 7")


def log_in(client, password, username="lucia"):
    return client.post(LOGIN, {"login": username, "password": password})


def test_monitors_are_answered(db, client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_metrics_are_for_this_machine_or_the_token(db, client, monkeypatch):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 403
    monkeypatch.setenv("SPARTITO_METRICS_TOKEN", "secret")
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9", headers={"Authorization": "Bearer x"}).status_code == 403


def test_the_right_password_opens_and_the_session_stays_on_the_tenants_path(person, client):
    answer = log_in(client, "una frase lunga 7")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/t/test/")
    assert answer.cookies["spartito_session"]["path"] == "/t/test"


def test_guessing_is_stopped(person, client):
    for number in range(10):
        log_in(client, f"wrong {number}")
    assert log_in(client, "una frase lunga 7").status_code != 302


def test_guessing_is_stopped_across_processes(person, client):
    """Each process counts in its own memory; the failures in the database count for all."""
    statuses = []
    for number in range(10):
        cache.clear()
        statuses.append(log_in(client, f"wrong {number}").status_code)
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_nobody_signs_up(tenant, client):
    client.post(
        "/t/test/account/signup/",
        {"username": "eve", "password1": "una frase lunga 7", "password2": "una frase lunga 7"},
    )
    assert not get_user_model().objects.filter(username="eve").exists()


def test_every_page_forbids_foreign_and_inline_scripts(tenant, client):
    policy = client.get(LOGIN).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_a_form_without_its_token_is_refused(person):
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, "una frase lunga 7").status_code == 403


def test_a_session_of_one_tenant_opens_nothing_in_another(person, client, tenant):
    from spartito.platform.connection import connection
    from spartito.tenants.models import Tenant

    log_in(client, "una frase lunga 7")
    connection.set_schema_to_public()
    Tenant.objects.create(slug="other", schema_name="template_tenant", name="Altra S.p.A.")
    connection.set_tenant(tenant)
    stolen = client.cookies["spartito_session"].value
    thief = Client()
    thief.cookies["spartito_session"] = stolen
    assert thief.get("/t/other/").status_code == 302
    assert thief.get("/t/other/").headers["Location"].startswith("/t/other/account/login/")


def test_a_forgotten_password_promises_no_mail_where_none_can_leave(person, client, settings):
    address, asked = "/t/test/account/password/reset/", 'name="email"'
    for answer in (client.get(address), client.post(address, {"email": "lucia@rossi.example"})):
        assert answer.status_code == 200
        assert "Chi amministra Spartito in azienda ne assegna una nuova" in answer.text
        assert asked not in answer.text
    settings.EMAIL_CONFIGURED = True
    assert asked in client.get(address).text
