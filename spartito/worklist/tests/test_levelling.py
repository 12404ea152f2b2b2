"""Work that no longer fits a day is shared out again: the longest waiting first, into free minutes alone."""

from datetime import timedelta

import pytest

from spartito.actions.models import Task
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.portfolio.models import Customer
from spartito.worklist import levelling
from spartito.worklist.models import Absence, Assignment
from spartito.worklist.operations import WorklistRefused, give_tasks, set_capacity, set_efforts, share_out

pytestmark = pytest.mark.usefixtures("tenant", "english")


@pytest.fixture
def boss():
    return person("boss", "credit_manager")


@pytest.fixture
def anna(boss):
    """She has room for two of the six calls she was given while she was alone; a call takes half an hour."""
    set_efforts(efforts={"phone": 30})
    anna = person("anna", "collector_global")
    for n in range(6):
        whose = debtor(f"C{n}")
        plan(
            whose,
            [late_invoice(whose, f"FT{n}")],
            channel="phone",
            step="call",
            assign_to="collector",
            on=TODAY - timedelta(days=6 - n),
        )
    rest_of_the_day()
    set_capacity(user=anna, minutes_a_day=60)
    return anna


def colleague(name, minutes):
    made = person(name, "collector_global")
    set_capacity(user=made, minutes_a_day=minutes)
    return made


def moves(found):
    return [(load.customer.code, load.to.username) for load in found.moves]


def kept_by(anna):
    first = Assignment.objects.filter(user=anna).order_by("-priority", "task__due_on", "task")[:2]
    return [each.task.customer.code for each in first]


def test_what_waits_longest_goes_first_and_only_into_free_minutes(anna, boss):
    colleague("bruno", 90)
    stays = kept_by(anna)
    found = levelling.proposal(boss, TODAY)
    beyond = [code for code in ("C0", "C1", "C2", "C3", "C4", "C5") if code not in stays]
    assert moves(found) == [(code, "bruno") for code in beyond[:3]]
    assert found.beyond == 1
    assert [(str(each.person), each.before, each.after) for each in found.changes] == [
        ("Anna", 180, 90),
        ("Bruno", 0, 90),
    ]


def test_two_colleagues_take_turns_by_the_room_they_have(anna, boss):
    colleague("bruno", 60)
    colleague("carla", 60)
    assert sorted(who for _code, who in moves(levelling.proposal(boss, TODAY))) == ["bruno", "bruno", "carla", "carla"]


def test_what_was_given_by_hand_stays_and_nobody_away_or_blind_takes_anything(anna, boss):
    away = colleague("bruno", 90)
    Absence.objects.create(user=away, starts_on=TODAY, ends_on=TODAY)
    person("sergio", "collector_sector", area="NOWHERE")
    assert moves(levelling.proposal(boss, TODAY)) == []
    Absence.objects.all().delete()
    tasks = list(Task.objects.values_list("pk", flat=True))
    everybody = list(Task.objects.values_list("customer", flat=True))
    give_tasks(user=boss, customers=everybody, as_of=TODAY, tasks=tasks, to=anna.pk)
    assert moves(levelling.proposal(boss, TODAY)) == []


def test_done_it_stays_done_also_after_the_night(anna, boss):
    bruno = colleague("bruno", 90)
    found = levelling.proposal(boss, TODAY)
    given = [(task.pk, load.to.pk) for load in found.moves for task in load.tasks]
    customers = [load.customer.pk for load in found.moves]
    assert share_out(user=boss, customers=customers, as_of=TODAY, given=given) == 3
    rest_of_the_day()
    assert Assignment.objects.filter(user=bruno, because="levelled").count() == 3
    assert moves(levelling.proposal(boss, TODAY)) == []


def test_what_was_done_meanwhile_is_left_out_and_nothing_at_all_is_refused(anna, boss):
    bruno = colleague("bruno", 90)
    task = Task.objects.order_by("pk").first()
    Task.objects.filter(pk=task.pk).update(status="done", closed_on=TODAY)
    with pytest.raises(WorklistRefused, match="look at the proposal again"):
        share_out(user=boss, customers=[task.customer_id], as_of=TODAY, given=[(task.pk, bruno.pk)])


def test_customers_that_are_hers_by_name_stay_unless_they_are_asked_for(anna, boss):
    bruno = colleague("bruno", 90)
    Customer.objects.update(collector=anna)
    Assignment.objects.update(because="named")
    found = levelling.proposal(boss, TODAY)
    assert (moves(found), found.named) == ([], 4)
    found = levelling.proposal(boss, TODAY, with_named=True)
    given = [(task.pk, bruno.pk) for load in found.moves for task in load.tasks]
    share_out(user=boss, customers=[load.customer.pk for load in found.moves], as_of=TODAY, given=given)
    rest_of_the_day()
    assert Assignment.objects.filter(user=bruno).count() == 3
