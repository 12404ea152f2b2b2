"""Who gets what, in which order, and what a person's day looks like."""

import contextlib
from datetime import date, timedelta

import pytest

from spartito.access.models import OrgUnit
from spartito.actions.models import Task
from spartito.actions.outcomes import record_outcome
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, pay, person, plan, rest_of_the_day
from spartito.portfolio.models import Salesperson
from spartito.worklist.models import Assignment
from spartito.worklist.operations import give_task, record_absence, set_capacity
from spartito.worklist.queries import NoSuchTask, NotOwnTask, day, task_to_work, tasks_of, worklist_json
from spartito.worklist.risk import riskiest

pytestmark = pytest.mark.usefixtures("tenant")
THURSDAY = date(2026, 11, 19)


def call(code="C1", assign_to="collector", amount="1000.00", on=TODAY, **facts):
    whose = debtor(code, **facts)
    plan(whose, [late_invoice(whose, f"FT-{code}", amount)], channel="phone", step="call", on=on, assign_to=assign_to)
    return whose


def who_has(code):
    held = Assignment.objects.get(task__customer__code=code, task__status="open")
    return held.user.username if held.user else None


def test_the_customers_own_collector_gets_the_call():
    anna, _ = person("anna", "collector_global"), person("bruno", "collector_global")
    call(collector=anna)
    rest_of_the_day()
    assert who_has("C1") == "anna"


def test_a_new_collector_of_the_customer_gets_it_the_next_run():
    anna, bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    whose = call(collector=anna)
    rest_of_the_day()
    whose.collector = bruno
    whose.save()
    rest_of_the_day()
    assert who_has("C1") == "bruno"


def test_without_one_the_closest_scope_wins_over_the_global_collector():
    lombardy = OrgUnit.objects.create(kind="area", code="LOM", name="Lombardia")
    milan = OrgUnit.objects.create(kind="area", code="MI", name="Milano", parent=lombardy)
    person("globale", "collector_global")
    person("lombarda", "collector_sector", area="LOM")
    person("romana", "collector_sector", area="LAZ")
    call("C1", area=milan)
    call("C2")
    rest_of_the_day()
    assert (who_has("C1"), who_has("C2")) == ("lombarda", "globale")


def test_a_sector_collector_without_a_scope_gets_nothing():
    person("vuota", "collector_sector")
    person("capo", "credit_manager")
    call()
    rest_of_the_day()
    assert who_has("C1") == "capo"


def test_accounts_are_shared_out_and_stay_with_whom_they_went():
    for name in ("anna", "bruno"):
        person(name, "collector_global")
    for n in range(6):
        call(f"C{n}")
    rest_of_the_day()
    shared = {n: who_has(f"C{n}") for n in range(6)}
    assert sorted(shared.values()) == ["anna"] * 3 + ["bruno"] * 3
    rest_of_the_day(THURSDAY)
    assert {n: who_has(f"C{n}") for n in range(6)} == shared


def test_a_call_for_the_salesperson_goes_to_the_person_behind_the_code():
    luca = person("luca", "salesperson", salesperson="S1")
    call(assign_to="salesperson", salesperson=Salesperson.objects.create(code="S1", user=luca))
    rest_of_the_day()
    assert who_has("C1") == "luca"


def test_a_role_that_nobody_holds_falls_to_the_credit_manager_and_a_task_of_nobody_is_seen_by_them():
    call("C1", assign_to="customer_care")
    rest_of_the_day()
    assert who_has("C1") is None
    capo = person("capo", "credit_manager")
    assert [task.customer.code for task in tasks_of(capo, TODAY)] == ["C1"]
    rest_of_the_day()
    assert who_has("C1") == "capo"


def test_a_substitute_stands_in_and_hands_back():
    anna, bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    call(collector=anna)
    rest_of_the_day()
    record_absence(
        user=anna, customers=[], as_of=TODAY, person=anna.pk, starts_on=THURSDAY, ends_on=THURSDAY, substitute=bruno.pk
    )
    rest_of_the_day(THURSDAY)
    assert who_has("C1") == "bruno"
    (row,) = day(bruno, THURSDAY).rows
    assert row.tasks[0].stands_in_for == anna.pk
    rest_of_the_day(date(2026, 11, 20))
    assert who_has("C1") == "anna"


def test_a_task_given_by_hand_stays_where_it_was_given():
    anna, bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    whose = call(collector=anna)
    rest_of_the_day()
    give_task(user=anna, customers=[whose.pk], as_of=TODAY, task=Task.objects.get().pk, to=bruno.pk)
    rest_of_the_day(THURSDAY)
    assert who_has("C1") == "bruno"


def test_more_money_comes_first_and_what_is_carried_over_rises():
    anna = person("anna", "collector_global")
    call("SMALL", amount="500", collector=anna)
    call("BIG", amount="90000", collector=anna)
    rest_of_the_day()
    assert [task.customer.code for task in tasks_of(anna, TODAY)] == ["BIG", "SMALL"]
    before = Assignment.objects.get(task__customer__code="SMALL").priority
    rest_of_the_day(THURSDAY)
    after = Assignment.objects.get(task__customer__code="SMALL")
    assert after.priority >= before + 4
    assert after.reasons["points"]["carried"] == 4


def test_the_day_has_a_row_a_customer_with_everything_and_says_why():
    anna = person("anna", "collector_global")
    whose = call("C1", amount="1234.50", collector=anna)
    plan(whose, [late_invoice(whose, "FT2", "10")], action="task", step="decide", assign_to="collector")
    rest_of_the_day()
    (row,) = day(anna, TODAY).rows
    assert {each.task.kind for each in row.tasks} == {"phone", "internal"}
    assert row.overdue == pytest.approx(1244.50)
    phone = next(each for each in row.tasks if each.task.kind == "phone")
    assert "FT-C1" in phone.why
    assert "1.234,50 EUR" in phone.why
    assert "48" in phone.why


def test_what_exceeds_the_day_is_for_when_time_allows():
    anna = person("anna", "collector_global")
    set_capacity(user=anna, minutes_a_day=20)
    for n in range(3):
        call(f"C{n}", amount=str(1000 * (n + 1)), collector=anna)
    rest_of_the_day()
    assert [(row.customer.code, row.if_time_allows) for row in day(anna, TODAY).rows] == [
        ("C2", False),
        ("C1", False),
        ("C0", True),
    ]


def test_a_postponed_task_comes_back_on_its_day_not_carried_over():
    anna = person("anna", "collector_global")
    whose = call(collector=anna)
    rest_of_the_day()
    record_outcome(
        user=anna,
        customers=[whose.pk],
        as_of=TODAY,
        task=Task.objects.get().pk,
        code="POST",
        on=TODAY + timedelta(days=5),
    )
    assert day(anna, TODAY).rows == []
    monday = TODAY + timedelta(days=5)
    rest_of_the_day(monday)
    (row,) = day(anna, monday).rows
    assert not row.carried_over


def test_somebody_who_may_not_see_the_customer_does_not_see_the_task():
    anna = person("anna", "collector_global")
    whose = call(collector=anna)
    rest_of_the_day()
    stranger = person("luca", "salesperson", salesperson="S9")
    Assignment.objects.update(user=stranger)
    assert day(stranger, TODAY).rows == []
    assert whose.pk


def test_the_json_of_a_day():
    anna = person("anna", "collector_global")
    call(collector=anna, on=TODAY - timedelta(days=1))
    rest_of_the_day(TODAY - timedelta(days=1))
    rest_of_the_day()
    told = worklist_json(anna, TODAY)
    (task,) = told["tasks"]
    assert (told["user"], told["date"]) == ("anna", TODAY)
    assert {key: task[key] for key in ("customer", "kind", "step", "due", "carried_over", "overdue")} == {
        "customer": "C1",
        "kind": "phone",
        "step": "call",
        "due": TODAY - timedelta(days=1),
        "carried_over": True,
        "overdue": "1000.00",
    }


def test_a_salesperson_sees_own_riskiest_positions_and_what_was_done():
    luca = person("luca", "salesperson", salesperson="S1")
    seller = Salesperson.objects.create(code="S1", user=luca)
    call("MINE", amount="5000", salesperson=seller)
    call("OTHER", amount="9000")
    rest_of_the_day()
    assert [(each.customer.code, each.days, each.next_tasks) for each in riskiest(luca, TODAY)] == [("MINE", 48, 1)]


def test_a_paid_customer_leaves_the_day():
    anna = person("anna", "collector_global")
    whose = call(collector=anna)
    rest_of_the_day()
    pay(whose.items.get())
    rest_of_the_day()
    assert day(anna, TODAY).rows == []


def who_may_work(code, *people):
    (task,) = Task.objects.filter(customer__code=code, status="open")
    may = []
    for each in people:
        with contextlib.suppress(NotOwnTask):
            may.append(task_to_work(each, TODAY, task.pk) and each.username)
    return may


def test_whose_tasks_a_person_may_work():
    """Design 8: collectors work tasks, a department its own, salespeople their own alone."""
    luca, sara = person("luca", "salesperson", salesperson="S1"), person("sara", "sales_manager")
    others = [person(name, name) for name in ("cash_clerk", "customer_care", "collector_global", "credit_manager")]
    seller = Salesperson.objects.create(code="S1", user=luca)
    call("SOLD", assign_to="salesperson", salesperson=seller)
    call("CHECK", assign_to="cash", salesperson=seller)
    rest_of_the_day()
    assert who_may_work("SOLD", luca, sara, *others) == ["luca", "collector_global", "credit_manager"]
    second = person("second", "cash_clerk")
    assert who_may_work("CHECK", luca, second, *others) == [
        "second",
        "cash_clerk",
        "collector_global",
        "credit_manager",
    ]
    record_absence(
        user=None, customers=[], as_of=TODAY, person=luca.pk, starts_on=TODAY, ends_on=TODAY, substitute=sara.pk
    )
    rest_of_the_day()
    assert who_has("SOLD") == "sara"
    assert who_may_work("SOLD", luca, sara) == ["luca", "sara"]
    call("UNSEEN", assign_to="collector")
    rest_of_the_day()
    with pytest.raises(NoSuchTask):
        who_may_work("UNSEEN", luca)
