"""Planned actions become messages, tasks and blocks, and are withdrawn when they lose their reason."""

from datetime import date, time, timedelta

import pytest

from spartito.actions.models import Attempt, Message, PlannedAction, Task
from spartito.actions.operations import release_message
from spartito.actions.outcomes import record_outcome
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, pay, person, plan, rest_of_the_day
from spartito.journal.models import Entry
from spartito.portfolio.models import Block, Contact, Hold, Item
from spartito.portfolio.operations.holds import extend_hold, put_hold, release_hold
from spartito.portfolio.visibility import visible_to

pytestmark = pytest.mark.usefixtures("tenant")


def test_an_email_step_becomes_a_queued_message_to_the_accounts_office():
    bianchi = debtor()
    Contact.objects.create(
        customer=bianchi, role="accounting", name="Ufficio Fornitori", email="fornitori@bianchi.example"
    )
    plan(bianchi, [late_invoice(bianchi)])
    rest_of_the_day()
    message = Message.objects.get()
    assert (message.status, message.channel, message.goes_by) == ("queued", "email", "email")
    assert (message.to_name, message.to_address) == ("Ufficio Fornitori", "fornitori@bianchi.example")


def test_a_phone_step_becomes_a_task_and_a_second_day_changes_nothing():
    bianchi = debtor()
    plan(bianchi, [late_invoice(bianchi)], channel="phone", step="call")
    rest_of_the_day()
    rest_of_the_day()
    task = Task.objects.get()
    assert (task.kind, task.step_code, task.due_on, task.status) == ("phone", "call", TODAY, "open")
    assert not PlannedAction.objects.filter(is_carried_out=False).exists()


def test_the_same_step_taken_again_leaves_one_call_unless_it_is_about_other_documents():
    bianchi = debtor()
    first, second = late_invoice(bianchi), late_invoice(bianchi, "FT2")
    for days, items in [(0, [first, second]), (1, [first]), (2, [first, second])]:
        plan(bianchi, items, channel="phone", step="call", on=TODAY + timedelta(days=days))
        rest_of_the_day(TODAY + timedelta(days=days))
        statuses = list(Task.objects.order_by("due_on").values_list("status", flat=True))
        # The second call is for one of the two documents alone: the first one is still wanted for the other.
        assert statuses == [["open"], ["open", "open"], ["withdrawn", "withdrawn", "open"]][days]
    assert not PlannedAction.objects.exclude(withdrawn_on=None).exists()
    told = Entry.objects.filter(verb="task.withdrawn").values_list("data__because", "data__instead")
    assert set(told) == {("repeated", Task.objects.get(status="open").pk)}


@pytest.mark.parametrize("held", [False, True])
def test_a_call_goes_when_later_ones_together_stand_for_all_that_may_still_be_asked(held):
    bianchi = debtor()
    first, second = late_invoice(bianchi), late_invoice(bianchi, "FT2")
    for days, items in enumerate([[first, second], [first], [second]]):
        day = TODAY + timedelta(days=days)
        if held and days == 1:  # nothing may be asked of the second: the first call has nothing more to say
            put_hold(user=None, as_of=day, customers=[bianchi.pk], kind="dispute", because="merce resa", item=second.pk)
        if held and days == 2:
            break
        plan(bianchi, items, channel="phone", step="call", on=day)
        rest_of_the_day(day)
    statuses = list(Task.objects.filter(kind="phone").order_by("due_on").values_list("status", flat=True))
    assert statuses == (["withdrawn", "open"] if held else ["withdrawn", "open", "open"])


def test_what_left_the_account_and_is_on_hold_does_not_keep_its_old_call():
    """An account's call spoke of a customer's document, too; the customer goes its own way and is put on hold."""
    bianchi, verdi = debtor(), debtor("C2")
    own, theirs = late_invoice(bianchi), late_invoice(verdi, "FT2")
    plan(bianchi, [own, theirs], channel="phone", step="call", on=TODAY - timedelta(days=10))
    rest_of_the_day(TODAY - timedelta(days=10))
    put_hold(user=None, as_of=TODAY, customers=[verdi.pk], kind="manual", because="accordi")
    plan(bianchi, [own], channel="phone", step="call")
    rest_of_the_day()
    calls = Task.objects.filter(kind="phone").order_by("due_on")
    assert list(calls.values_list("status", "note")) == [("withdrawn", "repeated"), ("open", "")]


def test_the_day_agreed_for_a_call_is_that_of_the_one_that_takes_its_place():
    bianchi, anna = debtor(), person("anna", "collector_global")
    item = late_invoice(bianchi)
    plan(bianchi, [item], channel="phone", step="call")
    rest_of_the_day()
    agreed, again = TODAY + timedelta(days=12), TODAY + timedelta(days=9)
    record_outcome(
        user=anna,
        customers=[bianchi.pk],
        as_of=TODAY,
        task=Task.objects.get().pk,
        code="RIC",
        on=agreed,
        at=time(15, 30),
    )
    plan(bianchi, [item], channel="phone", step="call", on=again)
    rest_of_the_day(again)
    (task,) = Task.objects.filter(status="open")
    assert (task.due_on, task.not_before, task.at_time) == (again, agreed, time(15, 30))


def test_a_call_of_a_campaign_is_not_the_step_of_the_same_code():
    bianchi = debtor()
    item = late_invoice(bianchi)
    plan(bianchi, [], mentioned=[item], channel="phone", step="call", occasion_id=1)
    rest_of_the_day()
    tomorrow = TODAY + timedelta(days=1)
    plan(bianchi, [item], channel="phone", step="call", on=tomorrow)
    rest_of_the_day(tomorrow)
    assert Task.objects.filter(status="open").count() == 2


def test_a_measure_becomes_work_for_the_role_it_names():
    bianchi = debtor()
    item = late_invoice(bianchi)
    plan(bianchi, [item], action="task", step="decide", assign_to="cfo")
    plan(bianchi, [item], action="propose_legal", step="legal")
    rest_of_the_day()
    assert set(Task.objects.values_list("kind", "assign_to", "step_code")) == {
        ("internal", "cfo", "decide"),
        ("review", "credit_manager", "legal"),
    }


def test_a_proposal_of_legal_action_shows_the_customer_to_the_lawyers_until_it_is_paid():
    bianchi, neri = debtor(), debtor("C2")
    item = late_invoice(bianchi)
    plan(bianchi, [item], action="propose_legal", step="legal")
    lara = person("lara", "lawyer_internal")
    rest_of_the_day()
    assert set(visible_to(lara, TODAY)) == {bianchi}
    rest_of_the_day(TODAY + timedelta(days=1))
    bianchi.refresh_from_db()
    neri.refresh_from_db()
    assert (bianchi.legal_proposed_on, neri.legal_proposed_on) == (TODAY, None)
    pay(item, on=TODAY + timedelta(days=2))
    rest_of_the_day(TODAY + timedelta(days=2))
    assert not visible_to(lara, TODAY + timedelta(days=2)).exists()


def test_an_order_block_is_raised_never_lowered():
    bianchi = debtor()
    item = late_invoice(bianchi)
    for step, level, expected in [("warn", 2, 2), ("stop", 3, 3), ("soft", 1, 3)]:
        plan(bianchi, [item], action="order_block", step=step, params={"level": level})
        rest_of_the_day()
        assert Block.objects.get(customer=bianchi, released_on__isnull=True).level == expected
    assert Entry.objects.filter(verb="block.raised").count() == 2


def test_without_an_email_the_fallback_letter_goes():
    bianchi = debtor(email="")
    plan(bianchi, [late_invoice(bianchi)], params={"fallback": ["letter"]})
    rest_of_the_day()
    message = Message.objects.get()
    assert (message.channel, message.goes_by, message.status) == ("email", "letter", "queued")
    assert message.to_address == "Via Garibaldi 3\n10121 Torino (TO)"


def test_a_pec_goes_as_registered_letter_until_a_pec_mailbox_exists_and_else_waits_in_sight():
    bianchi = debtor(pec="bianchi@pec.example")
    item = late_invoice(bianchi)
    plan(bianchi, [item], channel="pec", params={"fallback": ["registered_letter"]})
    plan(bianchi, [item], channel="pec", on=TODAY - timedelta(days=1))
    rest_of_the_day()
    assert list(Message.objects.order_by("-due_on").values_list("goes_by", "status", "held_because")) == [
        ("registered_letter", "queued", ""),
        ("pec", "held", "no_channel"),
    ]


def test_without_any_address_a_message_waits_and_somebody_searches_until_one_turns_up():
    bianchi = debtor(email="", address="")
    plan(bianchi, [late_invoice(bianchi)], params={"fallback": ["letter"]})
    rest_of_the_day()
    assert list(Message.objects.values_list("status", "held_because")) == [("held", "no_address")]
    assert Task.objects.get(kind="find_contact").status == "open"

    bianchi.email = "nuova@bianchi.example"
    bianchi.save()
    rest_of_the_day()
    assert list(Message.objects.values_list("status", "to_address")) == [("queued", "nuova@bianchi.example")]
    assert Task.objects.get(kind="find_contact").status == "done"


def test_a_payment_withdraws_the_message_and_closes_the_call():
    bianchi = debtor()
    paid, called = late_invoice(bianchi), late_invoice(bianchi, "FT2")
    plan(bianchi, [paid])
    plan(bianchi, [called], channel="phone", on=TODAY - timedelta(days=1))
    rest_of_the_day()
    pay(paid)
    pay(called)
    rest_of_the_day()
    assert Message.objects.get().status == "withdrawn"
    assert Task.objects.get().status == "withdrawn"
    assert set(PlannedAction.objects.values_list("withdrawn_on", "withdrawn_because")) == {(TODAY, "paid")}


def test_one_item_left_keeps_the_message_and_a_mentioned_one_does_not():
    bianchi = debtor()
    moved, other = late_invoice(bianchi), late_invoice(bianchi, "FT2")
    plan(bianchi, [moved], mentioned=[other])
    rest_of_the_day()
    pay(other)
    rest_of_the_day()
    assert Message.objects.get().status == "queued"
    pay(moved)
    rest_of_the_day()
    assert Message.objects.get().status == "withdrawn"


@pytest.mark.parametrize(
    ("hold", "withdrawn"),
    [
        ({"kind": "dispute"}, True),
        ({"kind": "dispute", "ends_on": TODAY - timedelta(days=1), "starts_on": TODAY - timedelta(days=9)}, False),
        ({"kind": "manual", "released_on": TODAY}, False),
        ({"kind": "dispute", "amount": 400}, False),
        ({"kind": "dispute", "amount": 1000}, True),
    ],
)
def test_a_hold_that_covers_the_item_whole_today_withdraws(hold, withdrawn):
    bianchi = debtor()
    item = late_invoice(bianchi)
    plan(bianchi, [item])
    rest_of_the_day()
    Hold.objects.create(customer=bianchi, item=item, **({"starts_on": TODAY} | hold))
    rest_of_the_day()
    assert Message.objects.get().status == ("withdrawn" if withdrawn else "queued")
    assert PlannedAction.objects.get().withdrawn_because == ("hold" if withdrawn else "")


@pytest.mark.parametrize(
    ("what", "withdrawn"),
    [
        ({"withheld": 1000}, True),
        ({"vat_split": 900, "withheld": 100}, True),
        ({"retention": 1000}, True),
        ({"retention": 1000, "retention_release_date": TODAY}, False),
        ({"withheld": 200}, False),
    ],
)
def test_what_is_not_owed_is_not_asked_for(what, withdrawn):
    bianchi = debtor()
    item = late_invoice(bianchi)
    plan(bianchi, [item])
    rest_of_the_day()
    Item.objects.filter(pk=item.pk).update(**what)
    rest_of_the_day()
    assert Message.objects.get().status == ("withdrawn" if withdrawn else "queued")
    assert PlannedAction.objects.get().withdrawn_because == ("not_dunnable" if withdrawn else "")


def test_what_left_already_is_not_withdrawn():
    bianchi = debtor()
    item = late_invoice(bianchi)
    plan(bianchi, [item])
    rest_of_the_day()
    Message.objects.update(status="sent", sent_on=TODAY, sent_by="email")
    pay(item)
    rest_of_the_day()
    assert Message.objects.get().status == "sent"
    assert PlannedAction.objects.get().withdrawn_on is None


def test_a_call_that_was_tried_closes_on_payment_but_counts_as_made():
    bianchi = debtor()
    item = late_invoice(bianchi)
    plan(bianchi, [item], channel="phone", step="call")
    rest_of_the_day()
    anna = person("anna", "collector_global")
    record_outcome(user=anna, customers=[bianchi.pk], as_of=TODAY, task=Task.objects.get().pk, code="NR")
    pay(item)
    rest_of_the_day()
    assert Task.objects.get().status == "withdrawn"
    assert PlannedAction.objects.get().withdrawn_on is None
    assert Attempt.objects.count() == 1


def test_five_working_days_unsent_a_message_waits_for_a_person_who_lets_it_go():
    bianchi = debtor()
    plan(bianchi, [late_invoice(bianchi)])
    rest_of_the_day()
    rest_of_the_day(date(2026, 11, 25))  # five working days later
    assert Message.objects.get().status == "held"  # waits for data by now
    assert Message.objects.get().held_because == "waiting_data"
    rest_of_the_day(date(2026, 11, 26))
    assert Message.objects.get().held_because == "stale"
    assert Task.objects.get(subject="stale_message").status == "open"

    release_message(user=None, customers=[bianchi.pk], as_of=date(2026, 11, 26), message=Message.objects.get().pk)
    rest_of_the_day(date(2026, 11, 27))
    assert Message.objects.get().held_because == "waiting_data"
    assert Task.objects.get(subject="stale_message").status == "done"


def test_a_hold_is_reviewed_by_its_owner_on_its_day_once_and_again_when_put_off():
    bianchi, carla = debtor(), person("carla", "credit_manager")
    late_invoice(bianchi)
    (hold,) = put_hold(user=carla, customers=[bianchi.pk], as_of=TODAY, kind="manual", because="accordi")
    assert hold.review_on == TODAY + timedelta(days=14)
    rest_of_the_day(hold.review_on - timedelta(days=1))
    assert not Task.objects.exists()
    rest_of_the_day(hold.review_on)
    rest_of_the_day(hold.review_on)
    task = Task.objects.select_related("assignment").get()
    assert (task.kind, task.subject, task.due_on, task.assignment.user) == (
        "review",
        "hold_review",
        hold.review_on,
        carla,
    )
    later = hold.review_on + timedelta(days=5)
    extend_hold(user=carla, customers=[bianchi.pk], as_of=hold.review_on, hold=hold.pk, review_on=later)
    rest_of_the_day(hold.review_on)
    task.refresh_from_db()
    assert task.status == "withdrawn"
    rest_of_the_day(later)
    assert list(Task.objects.filter(status="open").values_list("due_on", flat=True)) == [later]


def test_a_review_falls_on_a_working_day_and_goes_with_its_hold():
    bianchi, carla = debtor(), person("carla", "credit_manager")
    saturday = date(2026, 11, 28)
    (hold,) = put_hold(
        user=carla, customers=[bianchi.pk], as_of=TODAY, kind="dispute", because="merce", review_on=saturday
    )
    rest_of_the_day(saturday)
    assert not Task.objects.exists()
    monday = saturday + timedelta(days=2)
    rest_of_the_day(monday)
    assert Task.objects.get().due_on == monday
    release_hold(user=carla, customers=[bianchi.pk], as_of=monday, hold=hold.pk, because="risolta")
    rest_of_the_day(monday)
    assert Task.objects.get().status == "withdrawn"


def test_a_hold_without_an_owner_is_reviewed_by_the_collector():
    bianchi = debtor()
    Hold.objects.create(customer=bianchi, kind="dispute", starts_on=TODAY, review_on=TODAY, source="file")
    rest_of_the_day()
    assert Task.objects.get().assign_to == "collector"
