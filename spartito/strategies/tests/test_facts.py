"""Facts: each says what a credit manager would count by hand, all are worked out at once, nobody sees beyond their own."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from spartito.access.operations import create_user
from spartito.portfolio import steps as portfolio
from spartito.portfolio.models import Block, CreditClass, Customer, Hold
from spartito.strategies import steps as strategies
from spartito.strategies.conditions import FACTS, matching, values_of
from spartito.strategies.conditions_text import condition_of
from spartito.strategies.models import ConditionResult, Strategy
from spartito.strategies.operations import load_strategy, publish_strategy
from tests.builders import customer, invoice, move

DAY = date(2026, 3, 2)


@pytest.fixture
def rossi(tenant):
    """1,000 overdue since 20 days, 500 to come, a year of payments: 300 paid 10 days late, 100 in time."""
    who = customer("ROSSI", credit_limit=3000, credit_class=CreditClass.objects.get(code="ENT"), rating="B")
    open_one = invoice(who, "A1", issued=DAY - timedelta(50), due=DAY - timedelta(20), amount=1000)
    invoice(who, "A2", issued=DAY - timedelta(5), due=DAY + timedelta(25), amount=500)
    for number, amount, late in (("P1", 300, 10), ("P2", 100, 0)):
        paid = invoice(who, number, issued=DAY - timedelta(120), due=DAY - timedelta(90), amount=amount)
        move(paid, on=DAY - timedelta(90 - late), by=-amount)
    returned = invoice(who, "R1", issued=DAY - timedelta(300), due=DAY - timedelta(270), amount=50, returned_on=DAY - timedelta(268))  # fmt: skip
    move(returned, on=DAY - timedelta(270), by=-50)
    Hold.objects.create(customer=who, item=open_one, amount=400, kind="dispute", starts_on=DAY)
    Block.objects.create(customer=who, level=2, reason="overdue", starts_on=DAY)
    portfolio.refresh(as_of=DAY, run_id=None)
    return who


def value(who, name):
    leaf = {"text": "x", "yes_no": True}.get(FACTS[name].type, 0)
    condition = condition_of({name: leaf if FACTS[name].type in ("text", "yes_no") else {">": leaf}}, facts={name: FACTS[name].type}, where="")  # fmt: skip
    return values_of(account=who.pk, condition=condition, as_of=DAY)[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("overdue", 1000), ("days_overdue", 20), ("overdue_items", 1), ("open_items", 2), ("exposure", 1500),
        ("disputed", 400), ("on_hold", 400), ("credit_limit", 3000), ("limit_use", 50), ("returned_12m", 1),
        ("turnover_12m", 1950), ("days_late_12m", Decimal(3000) / 450), ("paid_late_12m", Decimal(30000) / 450),
        ("is_new", False), ("block_level", 2), ("is_public_body", True), ("credit_class", "ENT"), ("rating", "B"),
        ("contacts_30d", 0), ("days_since_contact", None), ("broken_promises_12m", 0), ("is_consumer", False),
    ],
)  # fmt: skip
def test_a_fact_says_what_one_counts_by_hand(rossi, name, expected):
    found = value(rossi, name)
    assert found == expected if not isinstance(expected, Decimal) else abs(found - expected) < Decimal("0.0001")


def test_every_fact_can_be_asked_of_everybody_and_has_a_label_and_a_room(rossi):
    for name, fact in FACTS.items():
        value(rossi, name)
        assert fact.label_it
        assert fact.label_en
        assert fact.room in ("portfolio", "actions", "strategies")


POLICY = """
strategy: {code}
priority: 1
applies_to: {applies}
steps:
  - {{code: first, days: 3, channel: email, template: first_reminder, conditions: {first}}}
  - {{code: call, days: 10, channel: phone, conditions: {call}}}
"""


def test_all_conditions_are_kept_true_by_one_statement_and_follow_the_facts(rossi, django_assert_max_num_queries):
    other = customer("BIANCHI", rating="A")
    invoice(other, "B1", issued=DAY - timedelta(50), due=DAY - timedelta(20), amount=90)
    portfolio.refresh(as_of=DAY, run_id=None)
    load_strategy(source=POLICY.format(
        code="prova", applies="{rating: [A, B]}", first='{overdue: {">=": 500}}', call='{any: [{limit_use: {">": 40}}, {is_public_body: no}]}'
    ).replace("no}]", "false}]"))  # fmt: skip
    publish_strategy(code="prova")
    strategies.enrol(as_of=DAY, run_id=None)
    strategies.decide(as_of=DAY, run_id=None)
    version = Strategy.objects.get(code="prova").live_version

    def holding(step):
        steps = {s.code: s.pk for s in version.steps.all()}
        rows = ConditionResult.objects.filter(version=version, step=steps.get(step))
        return sorted(Customer.objects.filter(pk__in=rows.values("account")).values_list("code", flat=True))

    assert holding(None) == ["BIANCHI", "ROSSI"]
    assert holding("first") == ["ROSSI"]
    assert holding("call") == ["BIANCHI", "ROSSI"]
    Customer.objects.filter(pk=rossi.pk).update(credit_limit=100000)
    strategies.decide(as_of=DAY, run_id=None, customers=[rossi.pk])
    assert holding("call") == ["BIANCHI"]
    assert holding("first") == ["ROSSI"], "conditions of others and of other steps stay"


def test_a_condition_counts_the_customers_that_one_sees(rossi):
    customer("BIANCHI", rating="B")
    portfolio.refresh(as_of=DAY, run_id=None)
    manager = create_user(user=None, as_of=DAY, username="rosa", profile="credit_manager")
    seller = create_user(user=None, as_of=DAY, username="vera", profile="salesperson", scopes=[("salesperson", "V9")])
    condition = condition_of({"rating": ["B"]}, facts={"rating": "text"}, where="")
    assert matching(condition=condition, user=manager, as_of=DAY) == 2
    assert matching(condition=condition, user=seller, as_of=DAY) == 0
    both = condition_of(
        {"rating": ["B"], "overdue": {">": 10}}, facts={"rating": "text", "overdue": "amount"}, where=""
    )
    assert matching(condition=both, user=manager, as_of=DAY) == 1
