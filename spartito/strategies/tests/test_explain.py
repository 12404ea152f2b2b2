"""What `explain` says of documents that nothing is planned for, or not yet."""

from datetime import date
from decimal import Decimal

import pytest

from spartito.portfolio.models import Hold, PaymentType
from spartito.portfolio.steps import refresh
from spartito.reference.models import ExchangeRate
from spartito.strategies.explain import explain
from spartito.strategies.models import Progress, Version
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


def test_what_a_rate_to_come_makes_large_enough_is_foretold(tenant):
    load_strategy(
        source=POLICY.replace("minimum_overdue: 100.00\n", "").replace(
            "reminder}", 'reminder, conditions: {item_amount: {">=": 100}}}'
        )
    )
    publish_strategy(code="everybody")
    ExchangeRate.objects.filter(currency="USD").delete()
    ExchangeRate.objects.create(currency_id="USD", day=date(2026, 1, 1), rate=2)
    ExchangeRate.objects.create(currency_id="USD", day=date(2026, 11, 19), rate=1)
    whose = customer("USA", email="usa@cliente.example")
    invoice(whose, "USD", due=date(2026, 10, 1), amount="150.00", currency="USD")
    assert told_of(whose)["USD"]["next_date"] == date(2026, 11, 19)


ASKING = """
strategy: asking
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder, conditions: {item_amount: {">=": 1000}}}
  - {code: call, days: 10, channel: phone, conditions: {any: [{item_amount: {">=": 5000}}, {not: {is_consumer: false}}]}}
  - {code: second, days: 20, channel: email, template: second_reminder, conditions: {overdue: {">": 1}}}
payment_types:
  RIB: {steps: [{code: bank, days: 5, channel: email, template: first_reminder, conditions: {item_days_overdue: {">": 99}}}]}
"""


@pytest.fixture
def asked(tenant):
    load_strategy(source=ASKING)
    publish_strategy(code="asking")
    whose = customer("C2")
    small = invoice(whose, "SMALL", due=date(2026, 11, 1), amount="999.99")
    invoice(whose, "LARGE", due=date(2026, 11, 1), amount="6000.00")
    Progress.objects.create(
        item=small, level="first", level_on=date(2026, 11, 6), version=Version.objects.get(strategy__code="asking")
    )
    invoice(whose, "BILL", due=date(2026, 11, 1), amount="10.00", payment_type=PaymentType.objects.get(code="RIB"))
    refresh(as_of=DAY, run_id=None, customers=None)
    return explain(customer=whose, as_of=DAY, asking=True)


def test_what_is_asked_of_each_document_is_told_comparison_by_comparison(asked):
    told = {item["document"]: [each.plain() for each in item["asks"]] for item in asked["items"]}
    large = {each["step"]: each for each in told["LARGE"]}
    assert [each["holds"] for each in large.values()] == [True, True]
    assert large["first"]["asks"] == {
        "fact": "item_amount", "operator": ">=", "asked": "1000", "value": Decimal("6000.00"), "holds": True,
    }  # fmt: skip
    assert large["call"]["missing"] == []
    assert [each.step.code for each in asked["asks"]] == ["second"], "what is asked of the account stands once"


def test_only_the_steps_a_document_has_to_come_to_are_told_with_what_is_missing(asked):
    told = {item["document"]: [each.plain() for each in item["asks"]] for item in asked["items"]}
    (call,) = told["SMALL"]
    assert (call["step"], call["holds"]) == ("call", False)
    wanted = {(each["fact"], each["must_hold"]) for each in call["missing"]}
    assert wanted == {("item_amount", True), ("is_consumer", False)}
    assert [each["step"] for each in told["BILL"]] == ["bank"], "its payment type has steps of its own"


def test_what_the_leaves_say_is_what_the_engine_does(asked):
    moves = {item["document"]: item["next_step"] for item in asked["items"]}
    assert moves == {"LARGE": "first", "SMALL": "second", "BILL": None}
