"""What `explain` says on an evening is what the next working day plans: 500 random customers, word by word.

The evening before an ordinary day, before a weekend, before a holiday; each customer with a random ledger, policy and history.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from spartito.actions.models import PlannedAction
from spartito.portfolio.models import Customer
from spartito.strategies.explain import COPIES, explain
from spartito.strategies.models import TakenStep
from spartito.strategies.tests.by_hand import is_working
from spartito.strategies.tests.worlds import Lives

ACCOUNTS = 50
ASKED = "somebody is asked first"
EVENINGS = {
    "an ordinary day": (date(2026, 5, 12), [11, 12, 13, 15]),
    "a weekend": (date(2026, 4, 17), [21, 22, 23]),
    "a holiday": (date(2026, 6, 1), [33, 34, 35]),
}


@pytest.mark.parametrize(("before", "seed"), [(name, seed) for name, (_, seeds) in EVENINGS.items() for seed in seeds])
def test_the_evening_before_says_what_is_planned(tenant, monkeypatch, before, seed):
    evening = EVENINGS[before][0]
    # Only the morning is asked about; `test_properties` lives on.
    monkeypatch.setattr("spartito.strategies.explain.MOST_DAYS", 1)
    lives = a_past(seed, evening)
    foretold = {code: explain(customer=each, as_of=evening) for code, each in lives.customers.items()}
    morning = next_morning(lives)
    assert (morning == evening + timedelta(days=1)) == (before == "an ordinary day")
    told = {code: as_foretold(each, morning) for code, each in foretold.items()}
    happened = {code: as_planned(customer, morning) for code, customer in lives.customers.items()}
    for code, each in happened.items():
        if each["action"] == ASKED:  # foretold for the day on which it goes: after an answer, or the silence
            told[code]["action"] = ASKED
    assert told == happened
    assert TakenStep.objects.filter(taken_on=morning).exists(), "a morning on which nothing happens proves nothing"


def a_past(seed: int, evening: date) -> Lives:
    """Some weeks of random events and runs that end on this evening."""
    lives = Lives(seed, accounts=ACCOUNTS, first_day=evening - timedelta(days=24))
    for days_before in [*sorted(lives.random.sample(range(1, 24), 5), reverse=True), 0]:
        lives.day = evening - timedelta(days=days_before)
        for code in lives.random.sample(sorted(lives.customers), ACCOUNTS // 2):
            lives.new_item(code)
        for _ in range(ACCOUNTS // 5):
            lives.something_happens()
        lives.run_engine()
        lives.run_by_hand()
    with connection.cursor() as cursor:  # nobody else can count rows that are not committed
        cursor.execute(f"analyze {', '.join(COPIES)}")
    return lives


def next_morning(lives: Lives) -> date:
    """Runs every day until the next working one; on days off nothing is planned."""
    while True:
        lives.day += timedelta(days=1)
        lives.run_engine()
        if is_working(lives.day):
            return lives.day
        assert not TakenStep.objects.filter(taken_on=lives.day, voided_on=None).exists(), lives.day


def as_foretold(told: dict[str, Any], morning: date) -> dict[str, Any]:
    first = told["next_action"]
    is_then = first is not None and first["date"] == morning
    return {
        "moves": {i["document"]: i["next_step"] for i in told["items"] if i["next_date"] == morning},
        "action": (first["step"], first.get("channel") or first.get("action"), first["documents"]) if is_then else None,
    }


def as_planned(customer: Customer, morning: date) -> dict[str, Any]:
    moved = TakenStep.objects.filter(item__customer=customer, taken_on=morning, voided_on=None)
    planned = PlannedAction.objects.filter(account=customer, due_on=morning, withdrawn_on=None).order_by("kind", "id")
    first = planned.first()
    what = (first.step_code, first.channel or first.action, _documents(first)) if first else None
    return {
        "moves": dict(moved.values_list("item__document_number", "step_code")),
        "action": ASKED if first and first.waits_for == "consult" else what,
    }


def _documents(action: PlannedAction) -> list[str]:
    return list(action.action_items.order_by("listed_as").values_list("item__document_number", flat=True))
