"""Payment education: who enters and by what chance, what the treated get, and what can honestly be said of it."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import DatabaseError, transaction

from spartito.access.operations import create_user
from spartito.actions.models import Message, PlannedAction
from spartito.communications.composing import current_rendition, write
from spartito.cycle.daily import DAY as STEPS
from spartito.strategies.education import effect
from spartito.strategies.education_rules import Account, effect_of
from spartito.strategies.models import Education, Occasion
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.strategies.policy_text import StrategyRefused
from tests.builders import customer, invoice, move

POLICY = """
strategy: everybody
priority: 1
education: {hold_out: %s, for: {late_payer: true}}
periodic:
  - {code: thanks, every: quarter, day: 10, channel: email, template: thanks_on_time, lists: nothing, when: {education: [treated], paid_on_time_90d: true}}
  - {code: delays, every: year, month: 1, day: 15, channel: email, template: delays_statement, lists: delays, when: {education: [treated]}}
steps:
  - {code: courtesy, days: -7, channel: email, template: courtesy, conditions: {education: [treated]}}
  - {code: first, days: 5, channel: email, template: first_reminder}
"""


def live(day):
    for _name, step in STEPS:
        step(as_of=day, run_id=None, customers=None)


def policy(hold_out=15):
    load_strategy(source=POLICY % hold_out)
    publish_strategy(code="everybody")


def late_payer(code, *, days=20, year=2025, **facts):
    """Three documents paid so many days late, in May, June and July."""
    who = customer(code, email=f"{code.lower()}@cliente.example", **facts)
    for month in (5, 6, 7):
        due = date(year, month, 1)
        paid = invoice(who, f"{code}-{month}", issued=due - timedelta(30), due=due, amount=1000)
        move(paid, on=due + timedelta(days), by=-1000)
    return who


def contacts(who):
    rows = PlannedAction.objects.filter(account=who, withdrawn_on=None).order_by("due_on")
    return list(rows.values_list("due_on", "step_code"))


def test_repeat_late_payers_enter_once_and_chance_leaves_some_out_for_good(tenant):
    policy(30)
    for number in range(120):
        late_payer(f"C{number:03}")
    customer("PUNTUALE")
    live(date(2025, 9, 1))
    groups = dict(Education.objects.values_list("account__code", "group"))
    assert "PUNTUALE" not in groups
    assert len(groups) == 120
    assert 20 <= sum(group == "held_out" for group in groups.values()) <= 54, "about 30 per cent"
    Education.objects.filter(account__code__in=["C000", "C001", "C002"]).delete()
    live(date(2025, 9, 8))
    assert dict(Education.objects.values_list("account__code", "group")) == groups, "the same hash, the same group"
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Education.objects.update(group="treated")


def test_only_the_treated_are_thanked_and_reminded_earlier(tenant):
    policy(50)
    people = [late_payer(f"C{number}") for number in range(12)]
    live(date(2025, 8, 20))
    for who in people:
        invoice(who, f"{who.code}-N", issued=date(2025, 9, 1), due=date(2025, 10, 31), amount=100)
    live(date(2025, 10, 24))
    for who in people:
        theirs = who.items.get(document_number=f"{who.code}-N")
        move(theirs, on=date(2025, 10, 30), by=-100)
    Message.objects.update(status="sent", sent_on=date(2025, 10, 24))
    live(date(2025, 11, 10))
    live(date(2026, 1, 12))
    for who in people:
        group = who.education.group
        courtesy, thanks = (date(2025, 10, 24), "courtesy"), (date(2026, 1, 12), "thanks")
        assert contacts(who) == ([courtesy, thanks] if group == "treated" else [])
    assert {who.education.group for who in people} == {"treated", "held_out"}


@pytest.fixture
def delayed(tenant):
    """The worked example of the law: 12,200.00 due on 31/12/2024, 5,000.00 in May 2025, the rest in September 2026."""
    policy()

    def of(**facts):
        who = customer("ROSSI", email="conti@rossi.example", **facts)
        item = invoice(who, "FT1", issued=date(2024, 10, 31), due=date(2024, 12, 31), amount=12200)
        move(item, on=date(2025, 5, 15), by=-5000)
        move(item, on=date(2026, 9, 10), by=-7200)
        Education.objects.create(account=who, enrolled_on=date(2026, 1, 1), hold_out=15, group="treated")
        live(date(2027, 1, 15))
        return current_rendition(Message.objects.select_related("account", "creditor").get(template="delays_statement"))

    return of


def test_the_statement_of_delays_tells_the_interest_that_was_not_charged(delayed):
    rendition = delayed()
    assert rendition.fields["delays"] == {
        "kind": "late",
        "total": "1482.81",
        "documents": [{"number": "FT1", "due": "2024-12-31", "paid": "2026-09-10", "days": 618, "amount": "12200.00", "interest": "1482.81"}],
    }  # fmt: skip
    text = write(Message.objects.get(), rendition).text
    assert "1.482,81" in text
    assert "non Vi abbiamo addebitato" in text.replace("\n", " ")


def test_a_consumer_has_the_legal_rate(delayed):
    fields = delayed(is_consumer=True).fields["delays"]
    assert (fields["kind"], fields["total"] < "300") == ("legal", True)


def test_without_a_late_payment_there_is_no_statement_of_delays(tenant):
    policy()
    who = customer("ROSSI", email="conti@rossi.example")
    Education.objects.create(account=who, enrolled_on=date(2026, 1, 1), hold_out=15, group="treated")
    live(date(2027, 1, 15))
    assert Occasion.objects.get(code="delays").waits_for == "nothing_open"


def test_an_inferred_closing_is_no_fact_of_how_somebody_pays(tenant):
    policy()
    who = late_payer("ROSSI")
    STEPS[0][1](as_of=date(2025, 8, 29), run_id=None, customers=None)
    assert set(who.items.values_list("closing_cause", flat=True)) == {"paid"}
    who.items.update(closing_cause="unknown")
    live(date(2025, 9, 1))
    assert not Education.objects.exists()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{hold_out: 15}", "education: for: missing"),
        ("{hold_out: 2, for: {late_payer: true}}", "education: hold_out: 2 is not between 5 and 50"),
        ("{share: 15, for: {late_payer: true}}", "education: share: not a known key"),
        ("yes", "education: must be a mapping"),
    ],
)
def test_what_education_may_say(tenant, english, written, told):
    with pytest.raises(StrategyRefused, match=told):
        load_strategy(source=(POLICY % 15).replace("{hold_out: 15, for: {late_payer: true}}", written))


def people(group, number, *, before, since, seed):
    draw = Random(seed)
    return [
        Account(group, 100 * draw.gauss(before, 8), 100.0, 100 * draw.gauss(since, 8), 100.0) for _ in range(number)
    ]


def test_few_accounts_say_nothing_and_that_is_what_is_said():
    found = effect_of(
        people("treated", 200, before=30, since=10, seed=1) + people("held_out", 29, before=30, since=30, seed=2)
    )
    assert (found.verdict, found.difference) == ("too_few", None)
    assert effect_of([]).verdict == "too_few"


def test_a_real_change_is_told_with_its_range_and_no_change_is_not():
    real = effect_of(
        people("treated", 300, before=30, since=20, seed=3) + people("held_out", 60, before=30, since=30, seed=4)
    )
    assert real.verdict == "earlier"
    assert real.low < -10 < real.high < 0
    assert abs(real.treated.change + 10) < 2
    none = [
        effect_of(
            people("treated", 300, before=30, since=30, seed=n) + people("held_out", 60, before=30, since=30, seed=-n)
        ).verdict
        for n in range(100, 200)
    ]
    assert none.count("unclear") >= 88, "of a hundred times without an effect about five are mistaken for one"


def test_what_both_groups_change_alike_is_no_effect(tenant):
    groups = {"treated": 40, "held_out": 35}
    for group, number in groups.items():
        for n in range(number):
            who = late_payer(f"{group[0]}{n}", days=20 + n % 5)
            Education.objects.create(account=who, enrolled_on=date(2025, 8, 1), hold_out=15, group=group)
            later = invoice(who, f"{who.code}-Z", issued=date(2025, 9, 1), due=date(2025, 10, 1), amount=500)
            move(later, on=date(2025, 10, 11 + n % 5), by=-500)
    for day in (date(2025, 8, 1), date(2025, 12, 1)):
        STEPS[0][1](as_of=day, run_id=None, customers=None)
    manager = create_user(user=None, as_of=date(2025, 12, 1), username="rosa", profile="credit_manager")
    found = effect(user=manager, as_of=date(2025, 12, 1))
    assert (found.treated.accounts, found.held_out.measured) == (40, 35)
    assert (round(found.treated.before), round(found.treated.since)) == (22, 12)
    assert found.verdict == "unclear"
    seller = create_user(
        user=None, as_of=date(2025, 12, 1), username="vera", profile="salesperson", scopes=[("salesperson", "V9")]
    )
    assert effect(user=seller, as_of=date(2025, 12, 1)).treated.accounts == 0
