"""A rehearsal tells what a draft changes, by the engine itself, and leaves nothing behind."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection, transaction

from spartito.actions.models import PlannedAction
from spartito.actions.steps import carry_out, withdraw
from spartito.cycle.ahead import DONE_ON_ITS_DAY, working_days
from spartito.cycle.prediction import expect_payments
from spartito.cycle.rehearsal import RehearsalRefused, put_in_force, rehearse
from spartito.platform.errors import Refused
from spartito.portfolio import steps as portfolio
from spartito.portfolio.models import CreditClass, Movement
from spartito.strategies import outlook
from spartito.strategies import steps as strategies
from spartito.strategies.occasions import plan_occasions
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.strategies.tests.worlds import Lives, random_policy
from tests.builders import customer, invoice, move

pytestmark = pytest.mark.usefixtures("english")
MONDAY = date(2026, 3, 2)
LIVE = """
strategy: prova
priority: 1
days_between_steps: 3
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: call, days: 15, channel: phone, assign_to: collector}
  - {code: formal_notice, days: 30, channel: registered_letter, template: formal_notice}
"""
EARLIER_CALL = LIVE.replace("days: 15", "days: 10")
SECOND_LETTER = LIVE + "  - {code: last, days: 45, channel: letter, template: second_reminder}\n"
NO_CALL = "\n".join(line for line in LIVE.splitlines() if "phone" not in line)


def ledger(tenant):
    """Two customers a few days late, one with a habit of paying 12 days late; everybody follows `prova`."""
    load_strategy(source=LIVE)
    publish_strategy(code="prova")
    where = {"address": "Via Roma 1", "city": "Bologna", "postal_code": "40100"}
    habitual = customer("PUNTUALE", email="a@cliente.example", **where)
    late = customer("TARDIVO", email="b@cliente.example", **where)
    for number in range(4):
        due = MONDAY - timedelta(60 + number)
        paid = invoice(habitual, f"V{number}", issued=due - timedelta(30), due=due, amount=100)
        move(paid, on=due + timedelta(12), by=-100)
    invoice(habitual, "FT1", issued=date(2026, 2, 1), due=MONDAY, amount=500)
    invoice(late, "FT2", issued=date(2026, 2, 1), due=MONDAY, amount=800)
    portfolio.refresh(as_of=MONDAY, run_id=None)
    return {"habitual": habitual, "late": late}


def test_a_draft_equal_to_what_is_in_force_changes_nothing(tenant):
    ledger(tenant)
    for text in (LIVE, LIVE + "\n# the same, written again\n"):
        told = rehearse(tenant=tenant, source=text, as_of=MONDAY)
        assert told["changes"] == {"customers": 0, "more": 0, "less": 0, "moved": 0}
        assert told["totals"]["live"] == told["totals"]["draft"]
        assert told["totals"]["live"]["messages"] == 3  # two first reminders, one formal notice
        assert all(day["live"] == day["draft"] for day in told["by_day"])
        assert all(person["live"] == person["draft"] for person in told["by_person"])


def test_customers_who_get_more_less_or_the_same_on_another_day_are_told_apart(tenant):
    ledger(tenant)
    moved = rehearse(tenant=tenant, source=EARLIER_CALL, as_of=MONDAY)
    assert moved["changes"] == {"customers": 2, "more": 1, "less": 0, "moved": 1}
    # called on the tenth day after the due date, two days before its habit makes it pay
    assert [each["customer"] for each in moved["more"]] == ["PUNTUALE"]
    change = moved["moved"][0]
    assert (change["customer"], change["changes"][0]["step"]) == ("TARDIVO", "call")
    assert (change["changes"][0]["live"], change["changes"][0]["draft"]) == ([date(2026, 3, 17)], [date(2026, 3, 12)])
    more = rehearse(tenant=tenant, source=SECOND_LETTER, as_of=MONDAY)
    assert [each["customer"] for each in more["more"]] == ["TARDIVO"]
    less = rehearse(tenant=tenant, source=NO_CALL, as_of=MONDAY)
    assert [each["customer"] for each in less["less"]] == ["TARDIVO"]
    assert less["totals"]["draft"]["calls"] == 0 < less["totals"]["live"]["calls"]


def test_money_comes_by_each_customers_own_habit_and_needless_contacts_are_counted(tenant):
    ledger(tenant)
    told = rehearse(tenant=tenant, source=EARLIER_CALL, as_of=MONDAY)
    assert told["cash"]["curve"] == [{"date": date(2026, 3, 16), "amount": 500, "items": 1, "so_far": 500}]
    assert told["cash"]["not_expected"] == 800
    # the first reminder a week before the habitual payment, and with the draft the call two days before
    assert told["complaints"] == {"within_days": 7, "live": 1, "draft": 2}


def test_letters_cost_what_reference_says(tenant):
    ledger(tenant)
    told = rehearse(tenant=tenant, source=SECOND_LETTER, as_of=MONDAY)
    by_channel = {row["channel"]: row for row in told["by_channel"]}
    assert (by_channel["letter"]["live"], by_channel["letter"]["draft"]) == (0, 1)
    assert told["totals"]["draft"]["cost"] - told["totals"]["live"]["cost"] == by_channel["letter"]["unit_cost"] > 0


def test_one_customer_can_be_opened_with_every_action_and_its_reason(tenant):
    found = ledger(tenant)
    told = rehearse(tenant=tenant, source=EARLIER_CALL, as_of=MONDAY, only=[found["late"].pk])
    actions = [(each["side"], each["step"], each["date"]) for each in told["actions"]]
    assert ("draft", "call", date(2026, 3, 12)) in actions
    assert ("live", "call", date(2026, 3, 17)) in actions
    assert {each["why"]["document"] for each in told["actions"]} == {"FT2"}


def test_a_text_that_is_no_policy_and_days_out_of_range_are_refused(tenant):
    ledger(tenant)
    with pytest.raises(Refused, match="step first: days"):
        rehearse(tenant=tenant, source=LIVE.replace("days: 5", "days: often"), as_of=MONDAY)
    for days in (0, 367):
        with pytest.raises(RehearsalRefused, match="from 1 to 366"):
            rehearse(tenant=tenant, source=LIVE, as_of=MONDAY, days=days)


def test_a_strategy_for_a_class_concerns_that_class_alone(tenant):
    found = ledger(tenant)
    found["late"].credit_class = CreditClass.objects.get(code="EST")
    found["late"].save()
    told = rehearse(tenant=tenant, source=NO_CALL.replace("prova", "estero").replace("priority: 1", "priority: 0\napplies_to: {credit_class: [EST]}"), as_of=MONDAY)  # fmt: skip
    assert told["live_version"] is None
    assert told["followers"] == 1
    assert [each["customer"] for each in told["less"]] == ["TARDIVO"]
    assert told["more"] == told["moved"] == []


# --- it is the engine ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "busy"), [*((seed, outlook.BUSY) for seed in range(6)), (1, 3), (4, 3)])
def test_a_rehearsal_plans_what_the_nights_would(tenant, monkeypatch, seed, busy):
    """Days of the accounts that have something due, against nights of everybody for every working day: once with what is
    in force, once with a draft put in force. Random policies: limits, quiet periods, absorbed and repeated steps, holds.
    """
    monkeypatch.setattr(outlook, "BUSY", busy)  # accounts of so many documents are looked at daily
    lives = Lives(seed, accounts=10)
    give_habits(lives)
    for _ in range(3):
        lives.next_day()
        lives.run_engine()
    start, customers = lives.day, [each.pk for each in lives.customers.values()]
    draft = json.dumps(random_policy(Random(1000 + seed), "p1"))
    told = rehearse(tenant=tenant, source=draft, as_of=start, days=DAYS, only=customers)
    let_expected_money_come(customers, start=start, until=start + timedelta(DAYS))
    assert foretold(told, "live") == lived(customers, start), seed
    put_in_force(source=draft)
    assert foretold(told, "draft") == lived(customers, start), seed


DAYS = 30


def give_habits(lives):
    """Every customer paid four documents, each some days late: so payments are expected of it."""
    for number, (code, who) in enumerate(lives.customers.items()):
        for place in range(4):
            due = lives.day - timedelta(100 + place)
            paid = invoice(who, f"V{code}{place}", issued=due - timedelta(30), due=due, amount=100)
            move(paid, on=due + timedelta(3 * number % 50 + place), by=-100)


def foretold(told, side):
    return sorted((a["account_id"], a["date"], a["step"]) for a in told["actions"] if a["side"] == side and a["step"])


def lived(customers, start):
    """What nights of everybody plan on every working day; then all of it is taken back."""
    with transaction.atomic():
        for day in working_days(after=start, until=start + timedelta(DAYS)):
            night(day, customers)
        rows = PlannedAction.objects.filter(due_on__gt=start, withdrawn_on=None, origin="engine")
        found = sorted(rows.values_list("account_id", "due_on", "step_code"))
        transaction.set_rollback(True)
    return found


def let_expected_money_come(customers, *, start, until):
    with transaction.atomic():
        expect_payments(as_of=start, until=until, customers=customers)
        with connection.cursor() as cursor:
            cursor.execute("select item_id, amount, day from pg_temp.expected_payment")
            expected = cursor.fetchall()
        transaction.set_rollback(True)
    Movement.objects.bulk_create(
        Movement(item_id=item, amount=-amount, day=day, cause="paid") for item, amount, day in expected
    )


def night(day, customers):
    portfolio.refresh(as_of=day, run_id=None)
    withdraw(as_of=day, run_id=None)
    strategies.give_back_levels(as_of=day, run_id=None)
    strategies.decide(as_of=day, run_id=None)
    plan_occasions(as_of=day, run_id=None)
    carry_out(as_of=day, run_id=None)
    with connection.cursor() as cursor:
        for statement in DONE_ON_ITS_DAY:
            cursor.execute(statement.replace("pg_temp.", ""), {"as_of": day, "customers": customers})
