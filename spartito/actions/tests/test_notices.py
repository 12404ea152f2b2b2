"""`action: notify`: each role named gets a notice, which closes by being read and holds nothing back."""

from datetime import date

import pytest

from spartito.actions import steps as actions
from spartito.actions.models import ActionItem, PlannedAction, Task
from spartito.actions.outcomes import record_outcome, undo_outcome
from spartito.portfolio.models import Customer, Item
from tests.builders import customer, invoice

DAY = date(2026, 3, 2)


@pytest.fixture
def told(tenant):
    """An invoice that came to a step which tells two roles."""
    who = customer("ROSSI")
    Customer.objects.filter(pk=who.pk).update(account=who)
    item = invoice(who, "A1", due=date(2026, 2, 1), amount=1000)
    Item.objects.filter(pk=item.pk).update(open_amount=1000)
    action = PlannedAction.objects.create(
        account=who, creditor=who.creditor, due_on=DAY, kind="measure", action="notify", step_code="tell",
        params={"notify": ["salesperson", "area_manager"]},
    )  # fmt: skip
    ActionItem.objects.create(planned_action=action, item=item, role="moved", open_amount=1000)
    actions.carry_out(as_of=DAY, run_id=None)
    return action


def notices(action):
    return Task.objects.filter(about=action).order_by("assign_to")


def test_each_role_gets_one(told):
    actions.carry_out(as_of=DAY, run_id=None)
    rows = notices(told).values_list("assign_to", "kind", "subject", "step_code", "due_on", "status")
    assert list(rows) == [
        ("area_manager", "internal", "notify", "tell", DAY, "open"),
        ("salesperson", "internal", "notify", "tell", DAY, "open"),
    ]


def test_read_by_one_it_stays_for_the_other(told):
    first, second = notices(told)
    record_outcome(user=None, customers=[first.customer_id], as_of=DAY, task=first.pk, code="DONE")
    assert [each.status for each in notices(told)] == ["done", "open"]
    undo_outcome(user=None, customers=[first.customer_id], as_of=DAY, task=first.pk)
    assert [each.status for each in notices(told)] == ["open", "open"]
    assert second.planned_action_id is None


def test_what_is_paid_needs_no_reading(told):
    Item.objects.update(open_amount=0, closed_on=DAY, closing_cause="paid")
    actions.withdraw(as_of=DAY, run_id=None)
    assert {each.status for each in notices(told)} == {"withdrawn"}
    assert PlannedAction.objects.get(pk=told.pk).withdrawn_because == "paid"


def test_what_somebody_read_already_stays_told(told):
    first = notices(told).first()
    record_outcome(user=None, customers=[first.customer_id], as_of=DAY, task=first.pk, code="DONE")
    Item.objects.update(open_amount=0, closed_on=DAY, closing_cause="paid")
    actions.withdraw(as_of=DAY, run_id=None, customers=[first.customer_id])
    assert [each.status for each in notices(told)] == ["done", "withdrawn"]
    assert PlannedAction.objects.get(pk=told.pk).withdrawn_on is None


def test_a_notice_without_roles_is_for_who_the_step_is_assigned_to(told):
    PlannedAction.objects.filter(pk=told.pk).update(is_carried_out=False, params={}, assign_to="cfo")
    notices(told).delete()
    actions.carry_out(as_of=DAY, run_id=None, customers=[told.account_id])
    assert [each.assign_to for each in notices(told)] == ["cfo"]
