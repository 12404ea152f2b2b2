"""Pages of today, the customer, users and start-up: who sees what, how many queries, what an act does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spartito.access.profiles import PROFILES
from spartito.actions.models import PlannedAction, Task
from spartito.portfolio.models import Creditor, Hold
from spartito.strategies.models import Version
from spartito.strategies.operations import load_strategy
from spartito.web.tests.desk import TODAY, a_call, enter, live, person
from tests.builders import invoice

MOST_QUERIES = 25


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_lands_somewhere(house, profile):
    client = enter(house, person(profile))
    client.get(f"{client.prefix}/")  # what is kept for minutes is read now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"{client.prefix}/")
    assert answer.status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(q["sql"][:170] for q in queries.captured_queries)


@pytest.mark.parametrize("items", [3, 120])
def test_customer_page_asks_the_same_whatever_the_customer_has(house, items):
    user = person("credit_manager")
    debtor = Creditor.objects.get(customers__code="C1").customers.get(code="C1")
    for number in range(items):
        invoice(
            debtor, f"X{number}", due=TODAY - timedelta(days=number), amount="10.00", issued=TODAY - timedelta(days=200)
        )
    a_call(house, user)
    live(TODAY)
    client = enter(house, user)
    client.get(f"{client.prefix}/customers/{debtor.pk}/")  # what is kept for minutes is read now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"{client.prefix}/customers/{debtor.pk}/")
    assert answer.status_code == 200
    assert "Rossi S.r.l." in answer.text
    assert len(queries) <= MOST_QUERIES, "\n".join(q["sql"][:170] for q in queries.captured_queries)


def test_what_a_director_is_asked_to_decide_bears_its_name(house):
    director = person("cfo")
    task = a_call(house, director)
    Task.objects.filter(pk=task.pk).update(kind="internal", subject="task", step_code="decide_legal")
    client = enter(house, director)
    assert "Decisione sull&#x27;azione legale" in client.get(f"{client.prefix}/").text
    client.post(f"{client.prefix}/tasks/{task.pk}/outcome/", {"code": "DONE", "note": "Si procede"})
    task.refresh_from_db()
    assert (task.status, task.note) == ("done", "Si procede")


def test_a_decision_is_called_as_the_strategy_that_asks_for_it_calls_it(house):
    director = person("cfo")
    task = a_call(house, director)
    for strategy, name in (("uno", "Primo parere"), ("due", "Secondo parere")):
        step = f'{{code: decide, name: {{it: "{name}"}}, days: 5, action: task, assign_to: cfo}}'
        load_strategy(source=f"strategy: {strategy}\nsteps:\n  - {step}\n")
    version = Version.objects.get(strategy__code="uno")
    PlannedAction.objects.filter(pk=task.planned_action_id).update(step_code="decide", version_id=version.pk)
    Task.objects.filter(pk=task.pk).update(kind="internal", subject="task", step_code="decide")
    cache.clear()
    shown = enter(house, director)
    assert "Secondo parere" not in shown.get(f"{shown.prefix}/").text
    cache.clear()


def test_an_outcome_closes_the_task_and_says_what_happens_now(house):
    user = person("collector_global")
    task = a_call(house, user)
    client = enter(house, user)
    page = client.get(f"{client.prefix}/")
    assert "Rossi S.r.l." in page.text
    answer = client.post(
        f"{client.prefix}/tasks/{task.pk}/outcome/", {"code": "DONE", "note": "Paga domani"}, follow=True
    )
    task.refresh_from_db()
    assert (task.status, task.note) == ("done", "Paga domani")
    assert "Cosa succede ora" in answer.text
    client.post(f"{client.prefix}/tasks/{task.pk}/undo/")
    task.refresh_from_db()
    assert task.status == "open"


def test_a_postponement_needs_its_day(house):
    user = person("collector_global")
    task = a_call(house, user)
    client = enter(house, user)
    answer = client.post(f"{client.prefix}/tasks/{task.pk}/outcome/", {"code": "POST"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    task.refresh_from_db()
    assert task.not_before is None


def test_order_desk_sees_no_amount(house):
    client = enter(house, person("order_desk"))
    debtor = Creditor.objects.get(customers__code="C1").customers.get(code="C1")
    page = client.get(f"{client.prefix}/customers/{debtor.pk}/").text
    assert "può ordinare" in page
    assert "500,00" not in page


def test_start_up_is_sorted_and_lifted_on_one_page(house):
    creditor = Creditor.objects.get(customers__code="C1")
    creditor.in_start_up = True
    creditor.save()
    debtor = creditor.customers.get(code="C1")
    client = enter(house, person("credit_manager"))
    page = client.get(f"{client.prefix}/startup/").text
    assert "Rossi S.r.l." in page
    assert "disabled" in page
    client.post(f"{client.prefix}/startup/{creditor.pk}/lift/")
    creditor.refresh_from_db()
    assert creditor.in_start_up
    until = TODAY + timedelta(days=10)
    sent = {
        f"kind-{debtor.pk}": "promised",
        f"until-{debtor.pk}": until.isoformat(),
        f"because-{debtor.pk}": "mail del 18",
    }
    client.post(f"{client.prefix}/startup/{creditor.pk}/sort/", sent)
    hold = Hold.objects.get(customer=debtor)
    assert (hold.kind, hold.ends_on, hold.source, hold.amount) == ("promise", until, "start_up", None)
    client.post(f"{client.prefix}/startup/{creditor.pk}/lift/")
    creditor.refresh_from_db()
    assert not creditor.in_start_up


def test_trend_ties_to_the_position_of_today(house):
    from spartito.portfolio.models import Position
    from spartito.web.today import trend

    last = trend.points(person("cfo"), TODAY, currency="EUR")[-1]
    position = Position.objects.get(customer__code="C1")
    assert (
        (last.open, last.overdue) == (Decimal("1500.00"), position.overdue) == (Decimal("1500.00"), Decimal("1000.00"))
    )
