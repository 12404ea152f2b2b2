"""Whom to call: those the step of the open call names, else whom one would ask for money first."""

from datetime import date

from spartito.access.operations import create_user
from spartito.actions.models import PlannedAction, Task
from spartito.portfolio.models import Contact, Customer
from spartito.worklist.guidance import guidance_of
from tests.builders import customer

DAY = date(2026, 3, 2)


def test_a_step_says_whom_to_call(tenant):
    anna = create_user(user=None, as_of=DAY, username="anna", profile="credit_manager")
    who = customer("ROSSI")
    Customer.objects.filter(pk=who.pk).update(account=who)
    for role in ("accounting", "finance", "owner", "lawyer"):
        Contact.objects.create(customer=who, role=role, name=role, phone="02 1", is_preferred=role == "finance")

    def people():
        return [each.role for each in guidance_of(anna, DAY, who.pk, timezone="Europe/Rome").people]

    assert people() == ["finance", "accounting", "owner"]
    call = PlannedAction.objects.create(
        account=who, creditor=who.creditor, due_on=DAY, kind="contact", channel="phone", params={"to": ["lawyer", "owner"]}
    )  # fmt: skip
    task = Task.objects.create(planned_action=call, customer=who, kind="phone", due_on=DAY)
    assert people() == ["lawyer", "owner", "finance"]
    Task.objects.filter(pk=task.pk).update(status="done", closed_on=DAY)
    assert people() == ["finance", "accounting", "owner"]
