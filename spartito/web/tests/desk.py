"""Whoever works the calls of one customer with three invoices, on a Friday."""

from datetime import date

from django.test import Client

from spartito.access.operations import create_user
from spartito.actions.models import PlannedAction, Task
from spartito.cycle.daily import DAY
from spartito.portfolio.models import Creditor

TODAY = date(2026, 11, 20)


def live(day):
    for _name, step in DAY:
        step(as_of=day, run_id=None)


def person(profile, name="", **scopes):
    return create_user(
        user=None, as_of=TODAY, username=name or profile, profile=profile, password="Spartito-prova-26",
        scopes=list(scopes.items()),
    )  # fmt: skip


def enter(tenant, user):
    client = Client()
    client.force_login(user)
    client.user = user
    client.prefix = f"/t/{tenant.slug}"
    # the middleware narrows the session to the tenant's path
    for morsel in client.cookies.values():
        morsel["path"] = "/"
    return client


def a_call(house, user):
    from spartito.worklist.models import Assignment

    debtor = Creditor.objects.get(customers__code="C1").customers.get(code="C1")
    action = PlannedAction.objects.create(
        account=debtor,
        creditor=debtor.creditor,
        due_on=TODAY,
        kind="contact",
        origin="manual",
        channel="phone",
        step_code="call",
    )
    task = Task.objects.create(planned_action=action, customer=debtor, kind="phone", due_on=TODAY, step_code="call")
    Assignment.objects.create(task=task, user=user, assigned_on=TODAY)
    return task
