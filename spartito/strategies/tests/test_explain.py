"""What `explain` says of documents that nothing is planned for, or not yet."""

from datetime import date

import pytest

from spartito.portfolio.models import Hold
from spartito.portfolio.steps import refresh
from spartito.strategies.explain import explain
from spartito.strategies.operations import load_strategy, publish_strategy
from tests.builders import customer, invoice, move

DAY = date(2026, 11, 10)
POLICY = """
strategy: everybody
priority: 1
minimum_overdue: 100.00
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
"""


@pytest.fixture
def debtor(tenant):
    load_strategy(source=POLICY)
    publish_strategy(code="everybody")
    return customer("C1", email="c1@cliente.example")


def told_of(whose):
    refresh(as_of=DAY, run_id=None, customers=None)
    return {item["document"]: item for item in explain(customer=whose, as_of=DAY)["items"]}


def test_too_little_overdue_is_said_of_what_is_overdue(debtor):
    invoice(debtor, "LATE", due=date(2026, 10, 1), amount="60.00")
    invoice(debtor, "SOON", due=date(2026, 11, 20), issued=date(2026, 10, 20), amount="500.00")
    told = told_of(debtor)
    assert (told["LATE"]["dunnable"], told["LATE"]["why_not"]) == (True, "minimum_overdue")
    assert told["SOON"]["why_not"] is None


def test_credits_count_against_the_minimum(debtor):
    invoice(debtor, "LATE", due=date(2026, 10, 1), amount="160.00")
    assert told_of(debtor)["LATE"]["why_not"] is None
    invoice(debtor, "NC", due=date(2026, 10, 1), amount="-70.00", kind="credit_note")
    told = told_of(debtor)
    assert (told["LATE"]["why_not"], told["NC"]["why_not"]) == ("minimum_overdue", "credit")


def test_a_held_document_is_foretold_for_the_working_day_after_its_hold(debtor):
    held = invoice(debtor, "HELD", due=date(2026, 10, 1), amount="160.00")
    Hold.objects.create(customer=debtor, item=held, kind="manual", starts_on=DAY, ends_on=date(2026, 11, 20))
    told = told_of(debtor)["HELD"]
    assert (told["dunnable"], told["why_not"]) == (False, "hold")
    assert (told["next_step"], told["next_date"]) == ("first", date(2026, 11, 23))


def test_nothing_is_foretold_while_another_hold_has_no_end(debtor):
    invoice(debtor, "HELD", due=date(2026, 10, 1), amount="160.00")
    Hold.objects.create(customer=debtor, kind="manual", starts_on=DAY, ends_on=date(2026, 11, 20))
    Hold.objects.create(customer=debtor, kind="legal", starts_on=DAY)
    assert told_of(debtor)["HELD"]["next_date"] is None


def test_what_comes_before_a_payment_already_known_is_foretold(debtor):
    soon = invoice(debtor, "SOON", issued=date(2026, 10, 12), due=date(2026, 11, 12), amount="500.00")
    move(soon, on=date(2026, 11, 25), by="-500.00")
    refresh(as_of=DAY, run_id=None, customers=None)
    told = explain(customer=debtor, as_of=DAY)
    assert (told["next_action"]["step"], told["next_action"]["date"]) == ("first", date(2026, 11, 17))
    assert told["items"][0]["next_date"] == date(2026, 11, 17)
