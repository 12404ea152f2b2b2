"""What makes a task urgent: each criterion, the weights, and that nothing waits for ever."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from spartito.actions.models import Task
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.platform.errors import Refused
from spartito.portfolio.models import Hold
from spartito.worklist.models import Assignment
from spartito.worklist.operations import set_weights
from spartito.worklist.queries import tasks_of
from spartito.worklist.rules import DEFAULT_WEIGHTS

pytestmark = pytest.mark.usefixtures("tenant")


def call(code, amount="1000.00", due=date(2026, 10, 1), **facts):
    whose = debtor(code, **facts)
    plan(whose, [late_invoice(whose, f"FT-{code}", amount, due)], channel="phone", step="call", assign_to="collector")
    return whose


def points(code):
    return Assignment.objects.get(task__customer__code=code).reasons["points"]


def test_the_parts_add_up_and_each_is_what_the_page_says():
    person("anna", "collector_global")
    call("C1", amount="9900.00", due=date(2026, 10, 4), rating="E", credit_limit=Decimal(9900))
    rest_of_the_day()
    found = points("C1")
    assert found["amount"] == 24  # 50 x 0.24 x log10(100)
    assert found["age"] == 15  # 45 of 90 days, of 30
    assert found["rating"] == 15
    assert found["limit"] == 5  # 100 per cent of it, half-way from 80 to 120, of 10
    assert found["value"] == 3  # 10 x 0.25 x log10(10.9)
    assert Assignment.objects.get().priority == sum(found.values())


@pytest.mark.parametrize(("rating", "expected"), [("A", 0), ("C", 8), ("E", 15), ("", 0)])
def test_a_worse_rating_comes_first(rating, expected):
    call("C1", rating=rating)
    rest_of_the_day()
    assert points("C1")["rating"] == expected


def test_a_promise_not_kept_counts_until_it_is_paid_or_old():
    whose = call("C1")
    hold = Hold.objects.create(
        customer=whose, kind="promise", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 10), because="al telefono"
    )
    rest_of_the_day()
    assert points("C1")["promise"] == 15
    Hold.objects.filter(pk=hold.pk).update(released_on=date(2026, 11, 5))
    rest_of_the_day()
    assert points("C1")["promise"] == 0
    Hold.objects.filter(pk=hold.pk).update(
        released_on=None, starts_on=TODAY - timedelta(days=120), ends_on=TODAY - timedelta(days=91)
    )
    rest_of_the_day()
    assert points("C1")["promise"] == 0


def test_a_promise_about_one_document_is_kept_by_paying_that_one():
    whose = call("C1")
    other = late_invoice(whose, "FT-2", "50.00")
    Hold.objects.create(
        customer=whose, item=other, kind="promise", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 10)
    )
    rest_of_the_day()
    assert points("C1")["promise"] == 15
    from spartito.actions.tests.stage import pay

    pay(other)
    rest_of_the_day()
    assert points("C1")["promise"] == 0


def test_the_small_and_old_overtakes_whatever_is_new():
    """The most a new task can have is the sum of the other weights; waiting adds its weight a day without an end."""
    anna = person("anna", "collector_global")
    call("OLD", amount="30.00", due=TODAY - timedelta(days=1))
    rest_of_the_day()
    most = sum(points for name, points in DEFAULT_WEIGHTS.items() if name not in ("carried", "waiting"))
    day = TODAY + timedelta(days=7 * (5 + most // DEFAULT_WEIGHTS["waiting"]) // 5 + 7)
    whose = debtor("NEW", rating="E", credit_limit=Decimal(1))
    huge = late_invoice(whose, "FT-NEW", "90000000.00", due=TODAY - timedelta(days=400))
    plan(whose, [huge], on=day, channel="phone", step="call", assign_to="collector", must=True)
    rest_of_the_day(day)
    assert [task.customer.code for task in tasks_of(anna, day)] == ["OLD", "NEW"]
    assert points("OLD")["waiting"] > 0


def test_other_weights_change_the_order_at_once():
    anna = person("anna", "collector_global")
    call("RICH", amount="50000.00", due=TODAY - timedelta(days=2))
    call("LATE", amount="60.00", due=TODAY - timedelta(days=100))
    rest_of_the_day()
    assert [task.customer.code for task in tasks_of(anna, TODAY)] == ["RICH", "LATE"]
    set_weights(user=anna, customers=[], as_of=TODAY, weights={"amount": 0, "age": 100})
    assert [task.customer.code for task in tasks_of(anna, TODAY)] == ["LATE", "RICH"]
    assert points("RICH")["amount"] == 0


@pytest.mark.parametrize("weights", [{"amount": 101}, {"amount": -1}, {"waiting": 0}, {"mood": 10}])
def test_weights_that_cannot_be_are_refused_and_nothing_changes(weights):
    call("C1")
    rest_of_the_day()
    before = points("C1")
    with pytest.raises(Refused):
        set_weights(user=None, customers=[], as_of=TODAY, weights=weights)
    assert points("C1") == before
    assert Task.objects.count() == 1
