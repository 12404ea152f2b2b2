"""The due-date ledger looks ahead: the engine's own next step of each customer stands on its day."""

from typing import Any

import pytest
from django.test import Client

from spartito.actions.models import PlannedAction
from spartito.portfolio.models import Customer
from spartito.strategies.explain import explain
from spartito.web.tests.visits import browser_of, person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_each_day_shows_what_explain_foretells_and_nothing_is_kept(manager: Client, today: Any) -> None:
    before = PlannedAction.objects.count()
    told = {
        customer: action
        for customer in Customer.objects.all()
        if (action := explain(customer=customer, as_of=today)["next_action"])
    }
    assert told
    for customer, action in told.items():
        month = manager.get("/t/test/duedates/ahead/", {"month": f"{action['date']:%Y-%m}"}, headers=HTMX).text
        assert f'id="ahead-{action["date"]}"' in month
        day = manager.get("/t/test/duedates/ahead/", {"day": action["date"].isoformat()}, headers=HTMX).text
        assert customer.code in day
        assert f'<span class="code">{action["step"]}</span>' in day
    assert PlannedAction.objects.count() == before


def test_a_salesperson_sees_only_the_steps_of_own_customers(manager: Client, today: Any) -> None:
    told = explain(customer=Customer.objects.get(code="C1"), as_of=today)["next_action"]
    asked = {"day": told["date"].isoformat()}
    seller = browser_of(person("vito", "area_manager", [("area", "SUD")]))
    assert "Officine Rossi" in manager.get("/t/test/duedates/ahead/", asked, headers=HTMX).text
    assert "Officine Rossi" not in seller.get("/t/test/duedates/ahead/", asked, headers=HTMX).text
