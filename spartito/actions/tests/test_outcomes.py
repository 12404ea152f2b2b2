"""Outcomes, and what they do; dropping an action; contacts that no step asked for."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from spartito.actions.models import Attempt, Message, PlannedAction, Task
from spartito.actions.operations import (
    ActionRefused,
    drop_action,
    record_contact,
    record_outcome,
    undo_outcome,
    write_note,
)
from spartito.actions.rules import OUTCOMES, Consequence, consequence, together
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.journal.models import Entry

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
        ("DONE", {"results": [{"code": "PDP", "documents": ["FT99"]}]}, "FT99"),
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
        user=anna, customers=[whose.pk], as_of=TODAY, direction="in", code="EC", note="Chiede estratto conto"
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


@given(
    some.lists(some.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=4),
    some.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_together_a_contact_closes_or_comes_back(codes, tomorrow):
    several = [consequence(code=code, closes=OUTCOMES[code][2], next_working_day=tomorrow, on=None) for code in codes]
    whole = together(several)
    assert whole.closes == any(OUTCOMES[code][2] for code in codes)
    assert (whole.not_before is None) == whole.closes
    assert whole.find_contact == ("ERR" in codes)
    assert isinstance(whole, Consequence)


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
