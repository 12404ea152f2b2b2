"""Whom a message is addressed to: the first role that the step names with an address of the channel, then the next channel."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.actions import steps as actions
from spartito.actions.models import Message, PlannedAction, Task
from spartito.portfolio.models import Contact, Customer
from spartito.strategies.further import ADDRESSEES
from tests.builders import customer

DAY = date(2026, 3, 2)
POSTAL = {"address": "Via Roma 1", "city": "Bologna"}


def writes(whose, *, channel="email", **params):
    """A contact planned today, carried out: the message as it stands."""
    PlannedAction.objects.filter(account=whose).delete()
    Message.objects.filter(account=whose).delete()
    Task.objects.filter(customer=whose).delete()
    made = PlannedAction.objects.create(
        account=whose, creditor=whose.creditor, due_on=DAY, kind="contact", channel=channel, template="first_reminder",
        step_code="first", params=params,
    )  # fmt: skip
    actions.carry_out(as_of=DAY, run_id=None)
    return Message.objects.get(planned_action=made)


@pytest.fixture
def rossi(tenant):
    """The house, its accounts office, its owner and its lawyer, each with an e-mail address of their own."""
    who = customer("ROSSI", email="info@rossi.example", **POSTAL)
    Customer.objects.filter(pk=who.pk).update(account=who)
    for role in ("accounting", "owner", "lawyer"):
        Contact.objects.create(customer=who, role=role, name=role.title(), email=f"{role}@rossi.example")
    return who


def test_everybody_whom_a_step_may_name_is_a_role_of_a_contact_or_the_customer():
    ours = {"agent", "sales"}
    assert set(ADDRESSEES) == (set(Contact.Role.values) - ours) | {"customer"}


def test_a_step_that_names_nobody_writes_to_the_accounts_office(rossi):
    assert writes(rossi).to_address == "accounting@rossi.example"


def test_the_roles_are_tried_in_order(rossi):
    assert writes(rossi, to=["owner", "accounting"]).to_address == "owner@rossi.example"
    assert writes(rossi, to=["liquidator", "lawyer", "owner"]).to_address == "lawyer@rossi.example"
    assert writes(rossi, to=["customer"]).to_address == "info@rossi.example"


def test_of_two_in_a_role_the_preferred_one(rossi):
    Contact.objects.create(customer=rossi, role="owner", name="Socio", email="socio@rossi.example", is_preferred=True)
    assert writes(rossi, to=["owner"]).to_address == "socio@rossi.example"
    assert writes(rossi, to=["accounting"]).to_address == "accounting@rossi.example", "the preferred of another role"


def test_who_has_left_or_has_no_address_is_passed_over(rossi):
    Contact.objects.filter(role="owner").update(valid_until=DAY - timedelta(days=1))
    assert writes(rossi, to=["owner", "lawyer"]).to_address == "lawyer@rossi.example"
    Contact.objects.filter(role="lawyer").update(email="not an address")
    message = writes(rossi, to=["owner", "lawyer"])
    assert (message.status, message.held_because, message.goes_by) == ("held", "no_address", "")
    assert Task.objects.get(customer=rossi, kind="find_contact", status="open").message_id == message.pk


def test_without_an_address_of_the_channel_the_same_roles_are_tried_by_the_fallback(rossi):
    Contact.objects.filter(role="lawyer").update(email="", **POSTAL)
    message = writes(rossi, to=["lawyer"], fallback=["letter"])
    assert (message.goes_by, message.to_name, message.to_address) == ("letter", "Lawyer", "Via Roma 1\nBologna")


def test_a_formal_notice_goes_to_the_registered_domicile(rossi, monkeypatch):
    monkeypatch.setattr(actions, "CARRIED_CHANNELS", ["email", "pec", "registered_letter"])
    Contact.objects.filter(role="accounting").update(pec="conti@pec.example", is_preferred=True, **POSTAL)
    assert writes(rossi, channel="pec").to_address == "conti@pec.example", "a milder step writes where it can"
    formal = writes(rossi, channel="pec", formal=True, fallback=["registered_letter"])
    assert (formal.goes_by, formal.to_name) == ("registered_letter", "Cliente ROSSI"), "no registered PEC: by letter"
    Customer.objects.filter(pk=rossi.pk).update(pec="rossi@pec.example")
    assert writes(rossi, channel="pec", formal=True).to_address == "rossi@pec.example"
    Contact.objects.create(customer=rossi, role="pec", pec="domicilio@pec.example")
    assert writes(rossi, channel="pec", formal=True).to_address == "domicilio@pec.example"
    assert writes(rossi, channel="pec", formal=True, to=["accounting"]).to_address == "conti@pec.example", (
        "unless it says so"
    )


def by_hand(roles, channels, contacts, house):
    """(channel, address): the first channel, in it the first role, in it the preferred, else the first written down."""
    for channel in channels:
        field = {"email": "email", "letter": "city"}[channel]
        for role in roles:
            rows = [c for c in contacts if c["role"] == role and c["valid"]]
            rows = sorted(rows, key=lambda c: not c["is_preferred"])
            rows += [house] if role in ("customer", "pec") else []
            for row in rows:
                if row[field]:
                    return channel, row[field]
    return "", ""


@given(seed=st.integers(0, 2**32))
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_engine_finds_whom_a_clerk_would(tenant, seed):
    random = Random(seed)

    def place(name):
        return {
            "email": random.choice(["", f"{name}@x.example"]),
            "city": random.choice(["", f"Città {name}"]),
        }

    with transaction.atomic():
        house = place("casa")
        who = customer("C", address="Via 1", **house)
        Customer.objects.filter(pk=who.pk).update(account=who)
        contacts = []
        for number in range(random.randint(0, 5)):
            card = place(f"c{number}") | {
                "role": random.choice(["owner", "pec", "lawyer"]),
                "valid": random.random() < 0.8,
            }
            card["is_preferred"] = random.random() < 0.3 and not any(c["is_preferred"] for c in contacts)
            contacts.append(card)
            Contact.objects.create(
                customer=who, role=card["role"], name=f"c{number}", email=card["email"], address="Via 1", city=card["city"],
                is_preferred=card["is_preferred"], valid_until=None if card["valid"] else DAY - timedelta(days=3),
            )  # fmt: skip
        roles = random.sample(["owner", "pec", "lawyer", "customer"], random.randint(1, 4))
        channels = random.choice([["email"], ["email", "letter"], ["letter", "email"]])
        message = writes(who, channel=channels[0], to=roles, fallback=channels[1:])
        channel, address = by_hand(roles, channels, contacts, house)
        assert (message.goes_by, message.to_address.split("\n")[-1]) == (channel, address)
        transaction.set_rollback(True)
