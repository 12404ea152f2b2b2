"""Who may say yes, and what a no must say."""

from datetime import date

import pytest

from spartito.actions.clearing import grant_action, refuse_action, waiting_for_approval
from spartito.actions.models import Message, Task
from spartito.actions.operations import ActionRefused, release_message
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.journal.operations import write

pytestmark = pytest.mark.usefixtures("tenant", "english")


@pytest.fixture
def notice():
    whose = debtor()
    made = plan(whose, [late_invoice(whose)], waits_for="approval", step="formal_notice", template="formal_notice")
    rest_of_the_day()
    return made


def decide(word, action, user, **kw):
    return word(user=user, customers=[action.account_id], as_of=TODAY, action=action.pk, **kw)


def test_it_is_composed_and_held(notice):
    message = Message.objects.get(planned_action=notice)
    assert (message.status, message.held_because, bool(message.subject)) == ("held", "approval", True)


def test_a_call_that_waits_is_nobodys_task_yet():
    whose = debtor()
    plan(whose, [late_invoice(whose)], channel="phone", waits_for="approval")
    rest_of_the_day()
    assert not Task.objects.exists()


def test_nobody_lets_it_go_by_another_door(notice):
    message = Message.objects.get(planned_action=notice)
    with pytest.raises(ActionRefused, match="does not wait for a person"):
        release_message(user=None, customers=[notice.account_id], as_of=TODAY, message=message.pk)


def test_only_who_may_decide_on_requests_grants(notice):
    with pytest.raises(ActionRefused, match="may not decide"):
        decide(grant_action, notice, person("anna", "collector_global"))
    carla = person("carla", "ceo")
    assert decide(grant_action, notice, carla).cleared_by == carla
    assert not waiting_for_approval(user=carla, as_of=TODAY).exists()
    with pytest.raises(ActionRefused, match="does not wait for an approval"):
        decide(grant_action, notice, carla)


def test_who_caused_it_does_not_grant_it():
    whose, boss, other = debtor(), person("boss", "credit_manager"), person("carla", "ceo")
    item = late_invoice(whose)
    whose.account = whose
    whose.save()
    write(business_date=TODAY, verb="hold.released", customer=whose.pk, user=boss, data={})
    made = plan(whose, [item], waits_for="approval")
    with pytest.raises(ActionRefused, match="another person decides"):
        decide(grant_action, made, boss)
    assert decide(grant_action, made, other).cleared_on == TODAY


def test_a_no_says_what_becomes_of_the_step(notice):
    carla = person("carla", "ceo")
    for said in ({}, {"skip": True, "not_before": date(2026, 12, 1)}):
        with pytest.raises(ActionRefused, match="either not before which day"):
            decide(refuse_action, notice, carla, **said)
    refused = decide(refuse_action, notice, carla, not_before=date(2026, 12, 1), because="Christmas")
    assert (refused.withdrawn_because, refused.params["not_before"]) == ("not_before", "2026-12-01")
    assert Message.objects.get(planned_action=notice).status == "withdrawn"
