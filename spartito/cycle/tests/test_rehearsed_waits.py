"""Days that a rehearsal might name too late, each as a small world: nights of everybody plan the same."""

from datetime import date, timedelta

import pytest

from spartito.cycle.rehearsal import rehearse
from spartito.cycle.tests.test_rehearsal import DAYS, MONDAY, foretold, lived
from spartito.portfolio import steps as portfolio
from spartito.portfolio.models import Payment, PaymentType
from spartito.reference.models import ExchangeRate
from spartito.strategies import steps as strategies
from spartito.strategies.models import Progress, Version
from spartito.strategies.operations import load_strategy, publish_strategy
from tests.builders import customer, invoice

pytestmark = pytest.mark.usefixtures("english")
HEAD = "strategy: prova\npriority: 1\ndays_between_steps: 1\n"
LETTERS = """
steps:
  - {code: first, days: 4, channel: email, template: first_reminder}
  - {code: second, days: 10, channel: email, template: second_reminder, conditions: {item_amount: {">=": 100}}}
"""
ONE_A_FORTNIGHT = HEAD + "contact_limit: {max: 1, days: 14}\nabsorb_lower: 30\n"


def in_force(policy):
    load_strategy(source=policy)
    publish_strategy(code="prova")


def both_plan(tenant, policy, who):
    """What a rehearsal and the nights plan for the customer, as (day, step)."""
    portfolio.refresh(as_of=MONDAY, run_id=None)
    strategies.enrol(as_of=MONDAY, run_id=None)
    told = rehearse(tenant=tenant, source=policy, as_of=MONDAY, days=DAYS, only=[who.pk])
    nights = [(day, step) for _account, day, step in lived([who.pk], MONDAY)]
    return [(day, step) for _account, day, step in foretold(told, "live")], nights


def dollars_worth_more_from(day):
    """150 dollars are 75 euros until then, and 150 from then on."""
    ExchangeRate.objects.filter(currency="USD").delete()
    ExchangeRate.objects.create(currency_id="USD", day=date(2026, 1, 1), rate=2)
    ExchangeRate.objects.create(currency_id="USD", day=day, rate=1)


def test_a_rate_to_come_makes_a_document_large_enough_for_a_step(tenant):
    in_force(HEAD + LETTERS)
    dollars_worth_more_from(MONDAY + timedelta(2))
    who = customer("USA", email="a@cliente.example")
    invoice(who, "FT1", issued=date(2026, 2, 1), due=MONDAY, amount=150, currency="USD")
    rehearsed, nights = both_plan(tenant, HEAD + LETTERS, who)
    assert rehearsed == nights == [(date(2026, 3, 6), "first"), (date(2026, 3, 12), "second")]


def test_a_rate_to_come_lifts_a_document_over_the_minimum(tenant):
    policy = HEAD + "minimum_item: 100\n" + LETTERS
    in_force(policy)
    dollars_worth_more_from(MONDAY + timedelta(14))
    who = customer("USA", email="a@cliente.example")
    invoice(who, "FT1", issued=date(2026, 2, 1), due=MONDAY - timedelta(5), amount=150, currency="USD")
    rehearsed, nights = both_plan(tenant, policy, who)
    assert rehearsed == nights == [(date(2026, 3, 16), "first"), (date(2026, 3, 17), "second")]


def test_what_waits_before_its_due_date_stops_waiting_after_it(tenant):
    """The notice of W waits for the contact limit until W is due; then that of L, below A's, is absorbed at once."""
    policy = (
        ONE_A_FORTNIGHT
        + """
steps:
  - {code: early, days: -10, channel: email, template: first_reminder}
  - {code: check, days: -6, action: task}
  - {code: notice, days: -3, channel: email, template: first_reminder}
  - {code: second, days: 20, channel: email, template: second_reminder}
"""
    )
    in_force(policy)
    who, version = customer("TRE", email="a@cliente.example"), Version.objects.get(strategy__code="prova")
    for number, day in (("A", 6), ("W", 7), ("L", 14)):
        item = invoice(who, number, issued=date(2026, 2, 1), due=date(2026, 3, day), amount=500)
        if number != "L":
            Progress.objects.create(item=item, level="check", level_on=date(2026, 2, 28), version=version)
    rehearsed, nights = both_plan(tenant, policy, who)
    assert nights[:2] == [(date(2026, 3, 3), "notice"), (date(2026, 3, 10), "check")]
    assert rehearsed == nights


def test_a_repeated_step_waits_for_a_due_date_that_was_put_off(tenant):
    policy = (
        HEAD
        + """
steps:
  - {code: last, days: 3, channel: email, template: first_reminder, conditions: {item_payment_type: [BON]}, repeat_every: 15}
"""
    )
    in_force(policy)
    who, version = customer("PROROGA", email="a@cliente.example"), Version.objects.get(strategy__code="prova")
    bank = PaymentType.objects.get(code="BON")
    item = invoice(who, "FT1", issued=date(2026, 1, 1), due=date(2026, 3, 6), amount=500, payment_type=bank)
    Progress.objects.create(item=item, level="last", level_on=date(2026, 2, 10), version=version)
    rehearsed, nights = both_plan(tenant, policy, who)
    assert rehearsed == nights == [(date(2026, 3, 9), "last"), (date(2026, 3, 24), "last")]


def test_money_to_come_that_nobody_allocated_ends_a_wait(tenant):
    """What W owes is no longer enough with it; then the early notice of L, below what A got, is absorbed at once."""
    policy = (
        ONE_A_FORTNIGHT
        + """
steps:
  - {code: early, days: -10, channel: email, template: first_reminder}
  - {code: check, days: -6, action: task}
  - {code: first, days: 5, channel: email, template: first_reminder}
"""
    )
    in_force(policy)
    who = customer("ACCONTO", email="a@cliente.example")
    for number, due in (("A", date(2026, 2, 26)), ("W", date(2026, 2, 27)), ("L", date(2026, 3, 14))):
        invoice(who, number, issued=date(2026, 2, 1), due=due, amount=500)
    Payment.objects.create(
        creditor=who.creditor, customer=who, day=date(2026, 3, 6), amount=5000, unallocated=5000, currency="EUR"
    )
    rehearsed, nights = both_plan(tenant, policy, who)
    assert nights == [(date(2026, 3, 3), "first"), (date(2026, 3, 9), "check")]
    assert rehearsed == nights
