"""Outcomes, and what they do; dropping an action; contacts that no step asked for."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from spartito.actions.models import Attempt, Message, PlannedAction, Task
from spartito.actions.operations import ActionRefused, drop_action, write_note
from spartito.actions.outcomes import record_contact, record_outcome, undo_outcome
from spartito.actions.rules import DEFAULTS, OUTCOMES, consequence_of, shared_out
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.journal.models import Entry
from spartito.portfolio.models import Hold

pytestmark = pytest.mark.usefixtures("tenant", "english")
THURSDAY, FRIDAY, MONDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture
def anna():
    return person("anna", "collector_global")


@pytest.fixture
def task(anna):
    whose = debtor(collector=anna)
    plan(whose, [late_invoice(whose)], channel="phone", step="call")
    rest_of_the_day()
    return Task.objects.get()


def record(task, anna, code, as_of=TODAY, **kw):
    return record_outcome(user=anna, customers=[task.customer_id], as_of=as_of, task=task.pk, code=code, **kw)


def test_done_with_a_note_closes_and_is_in_the_history(task, anna):
    done = record(task, anna, "DONE", note="Pagano venerdì")
    assert (done.status, done.closed_on, done.closed_by, done.outcome_code) == ("done", TODAY, anna, "DONE")
    line = Entry.objects.get(verb="outcome.recorded")
    assert (line.user_id, line.data["note"], line.data["step"]) == (anna.pk, "Pagano venerdì", "call")


def test_a_no_answer_comes_back_the_next_working_day(task, anna):
    assert record(task, anna, "NR").not_before == THURSDAY
    assert record(task, anna, "OCC", as_of=FRIDAY).not_before == MONDAY
    assert Task.objects.get().status == "open"


def test_postponing_needs_a_day_ahead_and_lands_on_a_working_day(task, anna):
    with pytest.raises(ActionRefused, match="needs a date"):
        record(task, anna, "POST")
    with pytest.raises(ActionRefused, match="not after"):
        record(task, anna, "POST", on=TODAY)
    assert record(task, anna, "POST", on=date(2026, 11, 21)).not_before == MONDAY


def test_a_wrong_number_starts_one_search(task, anna):
    record(task, anna, "ERR")
    record(task, anna, "ERR")
    assert Task.objects.filter(kind="find_contact", subject="wrong_number").count() == 1


def test_one_contact_with_several_results_over_documents(task, anna):
    results = [{"code": "PDP", "documents": ["FT1"], "amount": Decimal(500), "on": FRIDAY}]
    done = record(task, anna, "DONE", results=results)
    assert done.status == "done"
    assert list(Attempt.objects.order_by("id").values_list("outcome", "amount", "documents")) == [
        ("DONE", None, []),
        ("PDP", Decimal("500.00"), ["FT1"]),
    ]
    with pytest.raises(ActionRefused, match="is closed already"):
        record(task, anna, "DONE")


def test_what_makes_no_sense_is_refused_and_changes_nothing(task, anna):
    for code, kw, reason in [
        ("XYZ", {}, "not known"),
        ("PDP", {"amount": Decimal(-1)}, "not above 0"),
        ("DONE", {"results": [{"code": "CON", "documents": ["FT99"]}]}, "FT99"),
    ]:
        with pytest.raises(ActionRefused, match=reason):
            record(task, anna, code, **kw)
    with pytest.raises(ActionRefused, match="not one of this customer"):
        record_outcome(user=anna, customers=[], as_of=TODAY, task=task.pk, code="DONE")
    assert not Attempt.objects.exists()


def test_an_outcome_is_taken_back_the_same_day(task, anna):
    record(task, anna, "NR")
    record(task, anna, "DONE", note="svista")
    undone = undo_outcome(user=anna, customers=[task.customer_id], as_of=TODAY, task=task.pk)
    assert (undone.status, undone.closed_on, undone.not_before) == ("open", None, THURSDAY)
    undone = undo_outcome(user=anna, customers=[task.customer_id], as_of=TODAY, task=task.pk)
    assert undone.not_before is None
    with pytest.raises(ActionRefused, match="no outcome"):
        undo_outcome(user=anna, customers=[task.customer_id], as_of=TODAY, task=task.pk)


def test_yesterdays_outcome_stays(task, anna):
    record(task, anna, "DONE")
    with pytest.raises(ActionRefused):
        undo_outcome(user=anna, customers=[task.customer_id], as_of=THURSDAY, task=task.pk)


def test_a_dropped_message_is_skipped_or_waits_for_a_day(anna):
    whose = debtor()
    for step, not_before, because in [("first", None, "skipped"), ("second", FRIDAY, "not_before")]:
        plan(whose, [late_invoice(whose, step)], step=step, on=TODAY if step == "first" else THURSDAY)
        rest_of_the_day()
        action = PlannedAction.objects.get(step_code=step)
        drop_action(
            user=anna,
            customers=[whose.pk],
            as_of=TODAY,
            action=action.pk,
            not_before=not_before,
            reason="Mi ha chiamato",
        )
        action.refresh_from_db()
        assert (action.withdrawn_because, action.message.status) == (because, "withdrawn")
    assert action.params["not_before"] == "2026-11-20"


def test_what_left_cannot_be_dropped(anna):
    whose = debtor()
    plan(whose, [late_invoice(whose)])
    rest_of_the_day()
    Message.objects.update(status="sent", sent_on=TODAY)
    with pytest.raises(ActionRefused, match="left the house"):
        drop_action(user=anna, customers=[whose.pk], as_of=TODAY, action=PlannedAction.objects.get().pk)


def test_an_inbound_call_counts_as_a_contact_and_moves_nothing(anna):
    whose = debtor()
    record_contact(
        user=anna, customers=[whose.pk], as_of=TODAY, direction="in", code="DONE", note="Chiede quando scade"
    )
    action = PlannedAction.objects.get()
    assert (action.origin, action.kind, action.channel, action.is_carried_out) == ("inbound", "contact", "phone", True)
    assert not action.action_items.exists()
    assert Attempt.objects.get().direction == "in"


def test_a_note_is_history_and_an_empty_one_refused(anna):
    whose = debtor()
    write_note(user=anna, customers=[whose.pk], as_of=TODAY, note=" Paga sempre il 10 ")
    assert Entry.objects.get(verb="note.written").data == {"note": "Paga sempre il 10"}
    with pytest.raises(ActionRefused):
        write_note(user=anna, customers=[whose.pk], as_of=TODAY, note="  ")


def test_a_search_given_up_is_not_opened_again_for_the_same_message(anna):
    whose = debtor(email="", address="")
    plan(whose, [late_invoice(whose)])
    rest_of_the_day()
    record(Task.objects.get(), anna, "DONE", note="Irreperibile")
    rest_of_the_day()
    assert not Task.objects.filter(status="open").exists()
    plan(whose, [late_invoice(whose, "FT2")], on=THURSDAY, step="second")
    rest_of_the_day(THURSDAY)
    assert Task.objects.filter(status="open", kind="find_contact").count() == 1


# --- what follows ----------------------------------------------------------------------------------------


def holds_of():
    rows = Hold.objects.filter(released_on=None).order_by("id")
    return [(hold.kind, hold.item and hold.item.document_number, hold.amount, hold.ends_on) for hold in rows]


def test_every_code_has_consequences_of_its_own():
    assert set(DEFAULTS) == set(OUTCOMES)
    for code, (_italian, _english, closes) in OUTCOMES.items():
        assert consequence_of(code, {}).comes_back(1) is not closes, code


def test_the_third_try_without_an_answer_asks_for_the_next_step(task, anna):
    record(task, anna, "NR")
    record(task, anna, "SEG", as_of=THURSDAY)
    third = record(task, anna, "OCC", as_of=MONDAY)
    assert (third.status, third.outcome_code) == ("done", "OCC")
    assert list(Attempt.objects.order_by("id").values_list("then", flat=True)) == ["", "", "next_step"]


def test_what_the_step_says_of_a_code_is_what_happens(task, anna):
    PlannedAction.objects.update(params={"outcomes": {"NR": {"retry_in": 2, "max": 2, "then": "notice"}, "PDP": {}}})
    assert record(task, anna, "NR", as_of=THURSDAY).not_before == MONDAY, "two days on is a Saturday"
    assert record(task, anna, "NR", as_of=MONDAY).status == "done"
    assert Attempt.objects.latest("id").then == "notice"


def test_a_promise_holds_until_its_day_and_grace(task, anna):
    with pytest.raises(ActionRefused, match="needs a date"):
        record(task, anna, "PDP", amount=Decimal(1000))
    PlannedAction.objects.update(params={"bank_lag": 2})
    record(task, anna, "PDP", amount=Decimal(1000), on=FRIDAY)
    assert holds_of() == [("promise", "FT1", None, date(2026, 11, 24))]
    assert Task.objects.get().status == "done"


def test_a_promise_of_a_part_holds_the_oldest_first(anna):
    whose = debtor(collector=anna)
    old, new = late_invoice(whose, "OLD", "300.00", due=date(2026, 9, 30)), late_invoice(whose, "NEW", "400.00")
    plan(whose, [new], channel="phone", step="call", mentioned=[old])
    rest_of_the_day()
    record(Task.objects.get(), anna, "PDP", amount=Decimal(500), on=FRIDAY)
    assert holds_of() == [("promise", "OLD", None, FRIDAY), ("promise", "NEW", Decimal("200.00"), FRIDAY)]


def test_several_results_act_on_their_own_items(anna):
    whose = debtor(collector=anna)
    items = [late_invoice(whose, number, "100.00") for number in ("A", "B", "C")]
    plan(whose, items, channel="phone", step="call")
    rest_of_the_day()
    results = [
        {"code": "CON", "documents": ["B"], "note": "merce resa"},
        {"code": "RIF", "documents": ["C"]},
    ]
    record(Task.objects.get(), anna, "PDP", amount=Decimal(100), on=FRIDAY, results=results)
    assert holds_of() == [("promise", "A", None, FRIDAY), ("dispute", "B", None, None)]
    asked = {each.outcome_id: (each.then, each.item_ids) for each in Attempt.objects.all()}
    assert asked == {"PDP": ("", [items[0].pk]), "CON": ("", [items[1].pk]), "RIF": ("next_step", [items[2].pk])}
    made = Task.objects.filter(status="open").values_list("subject", "assign_to")
    assert set(made) == {("notify", "customer_care"), ("notify", "credit_manager")}


def test_paid_already_is_checked_by_the_cashier(task, anna):
    record(task, anna, "PAG", on=date(2026, 11, 16), note="bonifico del 16")
    assert holds_of() == [("payment_check", "FT1", None, date(2026, 11, 25))]
    check = Task.objects.get(status="open")
    assert (check.kind, check.assign_to, check.due_on) == ("payment_check", "cash_clerk", TODAY)
    assert check.note.endswith("bonifico del 16")


def test_a_statement_asked_for_is_sent_and_followed_up(task, anna):
    again = record(task, anna, "EC")
    assert (again.status, again.not_before) == ("open", MONDAY)
    rest_of_the_day()
    message = Message.objects.get()
    assert (message.template, message.planned_action.origin, message.goes_by) == (
        "account_statement",
        "answer",
        "email",
    )
    assert [each.item.document_number for each in message.planned_action.action_items.all()] == ["FT1"]


def test_a_call_back_keeps_its_hour(task, anna):
    again = record(task, anna, "RIC", on=FRIDAY, at=time(15, 30))
    assert (again.not_before, again.at_time) == (FRIDAY, time(15, 30))


@pytest.mark.parametrize("code", sorted(set(OUTCOMES) - {"DONE"}))
def test_taking_back_leaves_nothing(task, anna, code):
    record(task, anna, code, on=FRIDAY, note="svista", results=[{"code": "CON", "documents": ["FT1"], "note": "x"}])
    rest_of_the_day()
    undo_outcome(user=anna, customers=[task.customer_id], as_of=TODAY, task=task.pk)
    rest_of_the_day()
    assert [(each.pk, each.not_before) for each in Task.objects.filter(status="open")] == [(task.pk, None)]
    assert not Hold.objects.exclude(released_on=TODAY).exists()
    assert not Message.objects.exclude(status="withdrawn").exists()
    assert not Attempt.objects.filter(undone_on=None).exists()


def test_an_answer_that_left_cannot_be_taken_back(task, anna):
    record(task, anna, "EC")
    Message.objects.update(status="sent", sent_on=TODAY)
    with pytest.raises(ActionRefused, match="left the house"):
        undo_outcome(user=anna, customers=[task.customer_id], as_of=TODAY, task=task.pk)


def test_a_promise_made_when_they_call_us_holds_what_is_overdue(anna):
    whose = debtor()
    late_invoice(whose, "LATE", "250.00")
    late_invoice(whose, "LATER", "90.00", due=date(2026, 12, 31))
    record_contact(user=anna, customers=[whose.pk], as_of=TODAY, direction="in", code="PDP", on=FRIDAY)
    assert holds_of() == [("promise", "LATE", None, FRIDAY)]


@given(
    some.decimals(0, 2_000, places=2),
    some.lists(some.decimals(Decimal("0.01"), 900, places=2), min_size=1, max_size=6),
)
def test_a_promise_is_shared_out_to_the_last_cent(promised, owed):
    parts = shared_out(promised, owed)
    held = [debt if part is None else part for debt, part in zip(owed, parts, strict=True)]
    assert sum(held) == min(promised, sum(owed))
    assert all(0 <= part <= debt for part, debt in zip(held, owed, strict=True))
    assert held == sorted(held, key=lambda part: part == 0), "the oldest first, nothing after the last part"
