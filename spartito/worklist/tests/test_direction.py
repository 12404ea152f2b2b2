"""Sharing work out and moving it: minutes, languages, substitutes, moves by hand, what a move would change."""

from datetime import date, timedelta

import pytest

from spartito.access.models import OrgUnit
from spartito.actions.models import Attempt, OutcomeCode, Task
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.journal.models import Entry
from spartito.platform.errors import Refused
from spartito.worklist import direction
from spartito.worklist.models import Absence, Assignment, Monitoring
from spartito.worklist.operations import (
    allow_single_persons,
    end_absence,
    give_tasks,
    plan_tasks,
    record_absence,
    set_capacity,
    set_efforts,
    set_languages,
)
from spartito.worklist.queries import day

pytestmark = pytest.mark.usefixtures("tenant")
THURSDAY = TODAY + timedelta(days=1)
SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


def call(code, **facts):
    whose = debtor(code, **facts)
    plan(whose, [late_invoice(whose, f"FT-{code}")], channel="phone", step="call", assign_to="collector", version_id=7)
    return whose


def holders():
    return dict(Assignment.objects.values_list("task__customer__code", "user__username"))


def all_tasks():
    return list(Task.objects.order_by("pk").values_list("pk", flat=True))


def everybody():
    return list(Task.objects.values_list("customer", flat=True))


def test_who_has_less_time_gets_less():
    anna, _bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    set_capacity(user=anna, minutes_a_day=360)
    for n in range(30):
        call(f"OLD{n:02}", collector=anna)
    rest_of_the_day()
    for n in range(10):
        call(f"NEW{n}")
    rest_of_the_day()
    new = [who for code, who in holders().items() if code.startswith("NEW")]
    assert new.count("bruno") >= 7
    assert new.count("anna") >= 1


def test_a_german_customer_goes_to_who_speaks_german():
    anna = person("anna", "collector_global")
    person("bruno", "collector_global")
    set_languages(user=anna, languages=["DE ", "fr"])
    for n in range(4):
        call(f"C{n}", language="de")
    rest_of_the_day()
    assert set(holders().values()) == {"anna"}


def test_nobody_speaks_it_so_everybody_may():
    person("anna", "collector_global")
    call("C1", language="sv")
    rest_of_the_day()
    assert holders() == {"C1": "anna"}


def test_a_substitute_who_does_not_see_the_customer_is_passed_over():
    north = OrgUnit.objects.create(kind="area", code="NORD")
    anna, sergio = person("anna", "collector_global"), person("sergio", "collector_sector", area="NORD")
    person("capo", "credit_manager")
    call("IN", area=north, collector=anna)
    call("OUT", collector=anna)
    rest_of_the_day()
    record_absence(
        user=None, customers=[], as_of=TODAY, person=anna.pk, starts_on=THURSDAY, ends_on=THURSDAY, substitute=sergio.pk
    )
    rest_of_the_day(THURSDAY)
    assert holders() == {"IN": "sergio", "OUT": "capo"}
    rest_of_the_day(date(2026, 11, 20))
    assert holders() == {"IN": "anna", "OUT": "anna"}


def test_what_somebody_has_by_role_goes_to_the_substitute_too_and_comes_back():
    anna = person("anna", "collector_global")
    call("C1")
    rest_of_the_day()
    bruno, _carlo = person("bruno", "collector_global"), person("carlo", "collector_global")
    record_absence(
        user=None, customers=[], as_of=TODAY, person=anna.pk, starts_on=THURSDAY, ends_on=THURSDAY, substitute=bruno.pk
    )
    rest_of_the_day(THURSDAY)
    assert holders() == {"C1": "bruno"}
    rest_of_the_day(date(2026, 11, 20))
    assert holders() == {"C1": "anna"}


def test_without_a_substitute_a_colleague_of_the_role_takes_it_until_the_return():
    anna = person("anna", "collector_global")
    person("capo", "credit_manager")
    call("C1")
    rest_of_the_day()
    person("carlo", "collector_global")
    record_absence(user=None, customers=[], as_of=TODAY, person=anna.pk, starts_on=THURSDAY, ends_on=THURSDAY)
    rest_of_the_day(THURSDAY)
    assert holders() == {"C1": "carlo"}
    rest_of_the_day(date(2026, 11, 20))
    assert holders() == {"C1": "anna"}


def test_back_earlier_than_said():
    anna, bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    call("C1", collector=anna)
    record_absence(
        user=None, customers=[], as_of=TODAY, person=anna.pk, starts_on=TODAY, ends_on=TODAY + timedelta(days=20),
        substitute=bruno.pk,
    )  # fmt: skip
    rest_of_the_day()
    assert holders() == {"C1": "bruno"}
    end_absence(user=None, customers=[], as_of=THURSDAY, absence=Absence.objects.get().pk)
    rest_of_the_day(THURSDAY)
    assert holders() == {"C1": "anna"}
    assert Absence.objects.get().ends_on == TODAY


@pytest.mark.parametrize(
    ("starts", "ends", "substitute"),
    [(5, 2, "bruno"), (-9, -3, "bruno"), (0, 3, "anna"), (3, 4, None), (0, 1, "carlo")],
    ids=["backwards", "past", "oneself", "twice", "substitute away, too"],
)
def test_absences_that_cannot_be(starts, ends, substitute):
    people = {name: person(name, "collector_global") for name in ("anna", "bruno", "carlo")}
    days = {"starts_on": TODAY + timedelta(days=3), "ends_on": TODAY + timedelta(days=4)}
    record_absence(user=None, customers=[], as_of=TODAY, person=people["anna"].pk, **days)
    record_absence(user=None, customers=[], as_of=TODAY, person=people["carlo"].pk, starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(Refused):
        record_absence(
            user=None, customers=[], as_of=TODAY, person=people["anna"].pk, starts_on=TODAY + timedelta(days=starts),
            ends_on=TODAY + timedelta(days=ends), substitute=substitute and people[substitute].pk,
        )  # fmt: skip
    assert Absence.objects.count() == 2


def test_many_tasks_are_given_at_once_and_stay():
    anna, bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    for n in range(3):
        call(f"C{n}", collector=anna)
    rest_of_the_day()
    effect = direction.effect_of_giving(person("capo", "credit_manager"), TODAY, tasks=all_tasks(), to=bruno)
    assert {(str(each.person), each.before, each.after) for each in effect.changes} == {
        ("Anna", 27, 0), ("Bruno", 0, 27),
    }  # fmt: skip
    assert set(holders().values()) == {"anna"}
    assert give_tasks(user=anna, customers=everybody(), as_of=TODAY, tasks=all_tasks(), to=bruno.pk) == 3
    rest_of_the_day(THURSDAY)
    assert set(holders().values()) == {"bruno"}
    assert Entry.objects.filter(verb="task.given").count() == 3


def test_a_task_is_not_given_to_who_does_not_see_its_customer_nor_is_any_other():
    anna, luca = person("anna", "collector_global"), person("luca", "salesperson", salesperson="S1")
    call("C1", collector=anna)
    rest_of_the_day()
    effect = direction.effect_of_giving(anna, TODAY, tasks=all_tasks(), to=luca)
    assert (effect.tasks, len(effect.hidden)) == ([], 1)
    with pytest.raises(Refused, match="Luca"):
        give_tasks(user=anna, customers=everybody(), as_of=TODAY, tasks=all_tasks(), to=luca.pk)
    assert holders() == {"C1": "anna"}


def test_nothing_is_given_to_somebody_away_or_when_one_task_is_closed():
    anna, bruno = person("anna", "collector_global"), person("bruno", "collector_global")
    call("C1", collector=anna)
    call("C2", collector=anna)
    rest_of_the_day()
    Absence.objects.create(user=bruno, starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(Refused):
        give_tasks(user=anna, customers=everybody(), as_of=TODAY, tasks=all_tasks(), to=bruno.pk)
    Absence.objects.all().delete()
    tasks = all_tasks()
    Task.objects.filter(pk=tasks[0]).update(status="done", closed_on=TODAY)
    with pytest.raises(Refused):
        give_tasks(user=anna, customers=everybody(), as_of=TODAY, tasks=tasks, to=bruno.pk)
    assert set(holders().values()) == {"anna"}


def test_a_contact_is_planned_for_another_day_for_a_reason():
    anna = person("anna", "collector_global")
    call("C1", collector=anna)
    rest_of_the_day()
    on = plan_tasks(user=anna, customers=everybody(), as_of=TODAY, tasks=all_tasks(), on=SATURDAY, because="fiera")
    assert on == MONDAY
    assert day(anna, TODAY).rows == []
    assert Entry.objects.get(verb="task.planned").data["because"] == "fiera"
    rest_of_the_day(MONDAY)
    (row,) = day(anna, MONDAY).rows
    assert not row.carried_over
    # and back again
    plan_tasks(user=anna, customers=everybody(), as_of=TODAY, tasks=all_tasks(), on=TODAY, because="ci sono")
    assert len(day(anna, TODAY).rows) == 1


@pytest.mark.parametrize(
    ("on", "because"), [(TODAY - timedelta(days=1), "x"), (TODAY + timedelta(days=181), "x"), (MONDAY, "  ")]
)
def test_not_into_the_past_not_for_ever_not_without_a_reason(on, because):
    call("C1")
    rest_of_the_day()
    with pytest.raises(Refused):
        plan_tasks(user=None, customers=everybody(), as_of=TODAY, tasks=all_tasks(), on=on, because=because)
    assert Task.objects.get().not_before is None


def test_the_work_of_everybody_in_minutes_with_steps_that_wait():
    anna, capo = person("anna", "collector_global"), person("capo", "credit_manager")
    set_efforts(efforts={"phone": 30})
    set_capacity(user=anna, minutes_a_day=45)
    for n in range(2):
        call(f"C{n}", collector=anna)
    rest_of_the_day()
    whole = direction.work(capo, TODAY, patience={7: 10})
    line = next(each for each in whole.lines if each.key == anna.pk)
    assert (line.tasks, line.customers, line.minutes, line.capacity, line.beyond) == (2, 2, 60, 45, 15)
    assert line.waiting_steps == 2
    assert direction.work(capo, TODAY + timedelta(days=10), patience={7: 10}).total.waiting_steps == 0


def test_what_single_persons_did_is_shown_only_by_agreement():
    anna, capo = person("anna", "collector_global"), person("capo", "credit_manager")
    whose = call("C1", collector=anna)
    rest_of_the_day()
    Attempt.objects.create(customer=whose, made_on=TODAY, user=anna, outcome=OutcomeCode.objects.get(pk="PDP"))
    by_person = direction.work(capo, TODAY)
    assert {line.done for line in by_person.lines} == {None}
    assert (by_person.total.done, by_person.total.promises) == (1, 1)
    with pytest.raises(Refused):
        allow_single_persons(allowed=True, agreement=" ")
    assert not Monitoring.objects.exists()
    allow_single_persons(allowed=True, agreement="Accordo RSU 3/2/2026")
    assert {line.done for line in direction.work(capo, TODAY).lines if line.key == anna.pk} == {1}


def test_the_manager_sees_only_what_he_may():
    north = OrgUnit.objects.create(kind="area", code="NORD")
    sergio = person("sergio", "collector_sector", area="NORD")
    call("IN", area=north)
    call("OUT")
    rest_of_the_day()
    assert direction.work(sergio, TODAY, by="customer").total.tasks == 1


def test_a_day_is_not_refilled_by_what_was_worked():
    """What exceeds the day stays outside it, however much of the day is done."""
    anna = person("anna", "collector_global")
    set_capacity(user=anna, minutes_a_day=18)
    for n in range(3):
        call(f"C{n}", collector=anna)
    rest_of_the_day()
    assert [row.if_time_allows for row in day(anna, TODAY).rows] == [False, False, True]
    first = day(anna, TODAY).rows[0].tasks[0].task
    Attempt.objects.create(
        task=first, customer=first.customer, made_on=TODAY, user=anna, outcome=OutcomeCode.objects.get(pk="DONE")
    )
    Task.objects.filter(pk=first.pk).update(status="done", closed_on=TODAY)
    assert [row.if_time_allows for row in day(anna, TODAY).rows] == [False, True]
