"""Pages show first what is read first; the rest comes when it is wanted, and is the same for who reads without htmx."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from spartito.access.models import User
from spartito.actions.models import PlannedAction, Task
from spartito.portfolio.models import Customer, Position
from spartito.portfolio.steps import refresh
from spartito.tenants.models import Tenant
from spartito.web.tests.visits import browser_of, get, person
from spartito.worklist.models import Assignment


@pytest.fixture
def calls(ledger: None, today: date) -> list[Customer]:
    """Three customers to look for an address of, all of them Rosa's."""
    Task.objects.all().delete()
    rosa = person("rosa", "credit_manager")
    customers = list(Customer.objects.order_by("code"))
    for place, customer in enumerate(customers):
        task = Task.objects.create(
            customer=customer, kind="find_contact", assign_to="credit_manager", due_on=today, subject="no_address",
            planned_action=PlannedAction.objects.filter(account=customer).first(),
        )  # fmt: skip
        Assignment.objects.update_or_create(
            task=task, defaults={"user": rosa, "priority": 90 - place, "assigned_on": today, "reasons": {"signals": {}}}
        )
    return customers


def of_rosa() -> Client:
    return browser_of(User.objects.get(username="rosa"))


def test_the_first_row_of_the_score_is_whole_and_the_others_lead_to_theirs(calls: list[Customer]) -> None:
    page = get(of_rosa(), "/")
    assert page.count('name="code" value="DONE"') == 2  # done, and done with a note, of the first customer
    for customer in calls[1:]:
        assert f'hx-get="/t/test/score/{customer.pk}/"' in page
        assert f'href="/t/test/customers/{customer.pk}/"' in page


def test_a_row_that_is_opened_gets_its_why_and_its_outcomes(calls: list[Customer]) -> None:
    opened = get(of_rosa(), f"/score/{calls[1].pk}/", HX_Request="true")
    task = Task.objects.get(customer=calls[1])
    assert f"/tasks/{task.pk}/outcome/" in opened
    assert "indirizzo" in opened
    assert "<html" not in opened
    answer = of_rosa().get(f"/t/test/score/{calls[1].pk}/")
    assert (answer.status_code, answer.url) == (302, f"/t/test/customers/{calls[1].pk}/")


def test_a_row_with_nothing_left_to_do_is_no_longer_there(calls: list[Customer]) -> None:
    Task.objects.filter(customer=calls[1]).update(status="done", closed_on=F("due_on"))
    get(of_rosa(), f"/score/{calls[1].pk}/", status=404, HX_Request="true")


def test_a_customer_that_no_run_has_seen_stands_last_whichever_way_overdue_is_sorted(manager: Client) -> None:
    Position.objects.filter(customer__code="C1").delete()
    for sort in ("overdue", "-overdue"):
        page = get(manager, f"/customers/?sort={sort}")
        assert page.index("Officine Rossi") > page.index("Trattoria da Ugo")
        assert page.count("<tr data-row>") == 3


def test_the_totals_of_a_list_are_those_of_its_filters(manager: Client) -> None:
    assert 'hx-get="/t/test/customers/totals/?area=SUD"' in get(manager, "/customers/?area=SUD")
    totals = get(manager, "/customers/totals/?area=SUD", HX_Request="true")
    assert "2 clienti" in totals
    assert "5.088,40" in totals


def test_the_ageing_list_opens_on_the_day_of_the_last_run_and_says_which(
    manager: Client, today: date, tenant: Any
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(last_run_date=today + timedelta(days=3))
    assert "20/11/2026" in get(manager, "/ageing/")
    assert "23/11/2026" in get(manager, "/ageing/?date=2026-11-23")


def test_the_ageing_list_says_when_only_some_customers_stand_on_its_day(manager: Client, today: date) -> None:
    assert "Alcuni clienti" not in get(manager, "/ageing/")
    refresh(as_of=today + timedelta(days=1), run_id=None, customers=[Customer.objects.get(code="C1").pk])
    assert "Alcuni clienti" in get(manager, "/ageing/")
    refresh(as_of=today + timedelta(days=1), run_id=None)
    assert "Alcuni clienti" not in get(manager, "/ageing/")
