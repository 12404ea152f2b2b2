"""Periodic texts: when they are due, what the text may say of them, and what stands against one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from spartito.actions.models import ActionItem, Message, PlannedAction
from spartito.cycle.act import act
from spartito.cycle.daily import DAY as STEPS
from spartito.portfolio.models import Hold, Item
from spartito.strategies.models import Occasion, Periodic
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.strategies.periods import next_day_of, period_of
from spartito.strategies.policy_text import StrategyRefused
from tests.builders import customer, invoice, move

DAY = date(2026, 3, 5)  # a Thursday
POLICY = """
strategy: everybody
priority: 1
contact_limit: {max: 1, days: 7}
quiet: [{from: 08-08, to: 08-25}]
periodic:
  - {code: statement, every: month, day: 5, channel: email, fallback: [letter], template: account_statement}
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
"""


def live(day, customers=None):
    for _name, step in STEPS:
        step(as_of=day, run_id=None, customers=customers)


@pytest.fixture
def rossi(tenant):
    load_strategy(source=POLICY)
    publish_strategy(code="everybody")
    who = customer("ROSSI", email="conti@rossi.example")
    invoice(who, "FT1", issued=date(2026, 1, 1), due=date(2026, 4, 30), amount=100)
    return who


def contacts():
    rows = PlannedAction.objects.filter(kind="contact", withdrawn_on=None).order_by("due_on", "id")
    return list(rows.values_list("due_on", "step_code"))


@pytest.mark.parametrize(
    ("every", "month", "day", "as_of", "wanted"),
    [
        ("month", 1, 5, date(2026, 3, 5), date(2026, 3, 5)),
        ("month", 1, 5, date(2026, 3, 4), None),
        ("month", 1, 5, date(2026, 3, 19), date(2026, 3, 5)),
        ("month", 1, 5, date(2026, 3, 20), None),
        ("month", 1, 28, date(2026, 3, 10), date(2026, 2, 28)),
        ("quarter", 2, 10, date(2026, 5, 12), date(2026, 5, 10)),
        ("quarter", 2, 10, date(2026, 4, 12), None),
        ("year", 12, 28, date(2027, 1, 3), date(2026, 12, 28)),
        ("year", 1, 15, date(2026, 1, 20), date(2026, 1, 15)),
    ],
)
def test_a_text_is_tried_for_so_many_days_from_its_own(every, month, day, as_of, wanted):
    found = period_of(every=every, month=month, day=day, within=14, as_of=as_of)
    assert (found.wanted_on if found else None) == wanted


def test_the_next_day_of_a_text_lies_after_today():
    assert next_day_of(every="month", month=1, day=5, as_of=date(2026, 12, 5)) == date(2027, 1, 5)
    assert next_day_of(every="quarter", month=1, day=5, as_of=date(2026, 1, 4)) == date(2026, 1, 5)
    assert next_day_of(every="year", month=2, day=1, as_of=date(2026, 2, 1)) == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{code: s, channel: email}", "periodic s: every: missing"),
        ("{code: s, every: week, channel: email}", "periodic s: every: 'week' is not one of month, quarter, year"),
        ("{code: s, every: month}", "periodic s: channel: missing"),
        ("{code: s, every: month, channel: phone}", "periodic s: channel: 'phone' is not one of"),
        ("{code: s, every: month, channel: email, day: 31}", "periodic s: day: 31 is not between 1 and 28"),
        ("{code: s, every: month, month: 1, channel: email}", "periodic s: month: only of a quarter or a year"),
        ("{code: s, every: quarter, month: 4, channel: email}", "periodic s: month: 4 is not between 1 and 3"),
        ("{code: s, every: month, channel: email, days: 3}", "periodic s: days: not a known key"),
        ("{code: s, every: month, channel: email, when: {colour: 1}}", "periodic s: when: colour: not a known fact"),
        ("{code: first, every: month, channel: email}", "periodic first: code: used twice in the text"),
        ("{every: month, channel: email}", "periodic 1: code"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tenant, english, written, told):
    source = POLICY.replace(
        "{code: statement, every: month, day: 5, channel: email, fallback: [letter], template: account_statement}",
        written,
    )
    with pytest.raises(StrategyRefused, match=told.replace("(", r"\(")):
        load_strategy(source=source)
    assert not Periodic.objects.filter(code="s").exists()


def test_the_statement_lists_what_is_open_and_moves_no_level(rossi):
    invoice(rossi, "FT2", issued=date(2026, 1, 1), due=date(2026, 3, 3), amount=50)
    paid = invoice(rossi, "FT3", issued=date(2026, 1, 1), due=date(2026, 2, 1), amount=70)
    move(paid, on=date(2026, 2, 1), by=-70)
    live(DAY)
    assert contacts() == [(DAY, "statement")]
    message = Message.objects.get()
    assert (message.goes_by, message.status, message.template) == ("email", "queued", "account_statement")
    assert list(ActionItem.objects.order_by("listed_as").values_list("item__document_number", "role")) == [
        ("FT2", "mentioned"),
        ("FT1", "mentioned"),
    ]
    assert message.subject == "Estratto conto al 05/03/2026: 150,00 EUR (documenti: 2)"
    assert not rossi.items.filter(progress__level="statement").exists()


def test_a_reaction_plans_what_a_night_would(rossi):
    live(DAY, customers=[rossi.pk])
    assert contacts() == [(DAY, "statement")]


def test_once_a_period_is_a_promise_of_the_database(rossi):
    live(DAY)
    live(DAY)
    assert contacts() == [(DAY, "statement")]
    occasion = Occasion.objects.get(account=rossi)
    with pytest.raises(IntegrityError, match="strategies_occasion_once_a_period"), transaction.atomic():
        Occasion.objects.create(account=rossi, code="statement", period=occasion.period, wanted_on=DAY, until=DAY)
    twin = PlannedAction.objects.get()
    twin.pk, twin.due_on = None, date(2026, 3, 6)
    with pytest.raises(IntegrityError, match="actions_plannedaction_once_an_occasion"), transaction.atomic():
        twin.save()


def test_another_version_of_the_policy_does_not_send_it_again(rossi):
    live(DAY)
    load_strategy(source=POLICY.replace("day: 5,", "day: 6,"))
    publish_strategy(code="everybody")
    Message.objects.update(status="sent", sent_on=DAY)
    live(date(2026, 3, 16))
    assert contacts() == [(DAY, "statement")]


@pytest.mark.parametrize(
    ("kind", "goes"),
    [("do_not_contact", False), ("legal", False), ("insolvency", False), ("manual", False), ("dispute", True),
     ("promise", True), ("plan", True), ("payment_check", True)],
)  # fmt: skip
def test_which_holds_of_the_whole_customer_stop_a_statement(rossi, kind, goes):
    Hold.objects.create(customer=rossi, kind=kind, starts_on=date(2026, 3, 1))
    live(DAY)
    assert bool(contacts()) is goes
    assert Occasion.objects.get(account=rossi).waits_for == ("" if goes else "hold")


def test_a_statement_counts_and_waits_for_the_contact_limit(rossi):
    live(DAY)
    Message.objects.update(status="sent", sent_on=DAY)
    Item.objects.update(due_date=date(2026, 3, 1))
    live(date(2026, 3, 9))
    assert contacts() == [(DAY, "statement")], "the first reminder is due and waits for the limit"
    live(date(2026, 3, 12))
    assert contacts() == [(DAY, "statement"), (date(2026, 3, 12), "first")]


def test_nothing_goes_on_quiet_days_or_without_a_document(rossi):
    live(date(2026, 8, 10))
    assert (contacts(), Occasion.objects.get(account=rossi).waits_for) == ([], "quiet")
    other = customer("BIANCHI", email="conti@bianchi.example")
    live(DAY)
    assert Occasion.objects.get(account=other, period=date(2026, 3, 1)).waits_for == "nothing_open"


def test_a_statement_not_yet_left_is_withdrawn_when_all_was_paid(rossi):
    live(DAY)
    move(rossi.items.get(), on=date(2026, 3, 6), by=-100)
    live(date(2026, 3, 6))
    assert PlannedAction.objects.get().withdrawn_because == "paid"
    assert Message.objects.get().status == "withdrawn"
    live(date(2026, 3, 9))
    assert contacts() == []


def test_what_a_person_put_off_goes_on_that_day(rossi):
    live(DAY)
    PlannedAction.objects.update(withdrawn_on=DAY, withdrawn_because="not_before", params={"not_before": "2026-03-11"})
    Message.objects.update(status="withdrawn")
    live(date(2026, 3, 9))
    assert contacts() == []
    live(date(2026, 3, 11))
    assert contacts() == [(date(2026, 3, 11), "statement")]


def test_releasing_a_hold_lets_it_go_the_same_minute(rossi):
    hold = Hold.objects.create(customer=rossi, kind="do_not_contact", starts_on=date(2026, 3, 1))
    live(DAY)

    def release(*, user, customers, as_of):
        Hold.objects.filter(pk=hold.pk).update(released_on=as_of)

    decided = act(release, user=None, customers=[rossi.pk], as_of=DAY)
    assert [action.step_code for action in decided.planned] == ["statement"]
