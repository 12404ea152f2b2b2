"""Coming in: with the right password, with a profile in force, and not by guessing."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from spartito.access.operations import AccessRefused, create_user, end_profile, retire_user
from spartito.tenants.queries import business_date

WORD = "una-parola-lunga"


@pytest.fixture
def today(tenant) -> date:
    return business_date(tenant)


def enter(name, word=WORD, client=None):
    """Status and address of the answer to the login form, and whether one is in."""
    client = client or Client()
    tenant = connection.tenant
    answer = client.post("/t/test/account/login/", {"login": name, "password": word})
    inside = client.get("/t/test/").status_code == 200
    connection.set_tenant(tenant)
    return answer.status_code, answer.headers.get("Location", ""), inside


def person(today, **values):
    return create_user(user=None, as_of=today, username="lia", profile="collector_global", password=WORD, **values)


def test_the_right_password_opens(today):
    person(today)
    assert enter("lia") == (302, "/t/test/", True)


def test_a_wrong_password_does_not_and_too_many_close_the_door(today):
    person(today)
    client = Client()
    for _ in range(9):
        assert enter("lia", "sbagliata", client)[2] is False
    assert enter("lia", WORD, client)[2] is False


def test_who_is_retired_or_whose_profile_ended_stays_outside(today):
    lia = person(today)
    end_profile(user=None, assignment=lia.assignments.get().pk, last_day=today - timedelta(days=1))
    assert enter("lia")[2] is False
    ugo = create_user(user=None, as_of=today, username="ugo", profile="ceo", password=WORD)
    retire_user(user=None, target=ugo)
    assert enter("ugo")[2] is False


def test_weak_passwords_and_taken_names_are_refused(today):
    person(today)
    with pytest.raises(AccessRefused):
        create_user(user=None, as_of=today, username="ada", profile="ceo", password="12345")
    with pytest.raises(AccessRefused, match="LIA"):
        create_user(user=None, as_of=today, username="LIA", profile="ceo")
