"""An outcome taken back takes its order block with it, unless somebody else needs that one."""

import pytest

from spartito.actions.models import Attempt, Task
from spartito.actions.outcomes import record_outcome, undo_outcome
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day
from spartito.journal.models import Entry
from spartito.portfolio.models import Block
from spartito.portfolio.operations import put_block

pytestmark = pytest.mark.usefixtures("tenant", "english")


@pytest.fixture
def anna():
    return person("anna", "credit_manager")


@pytest.fixture
def called(anna):
    """(customer, document, task): a call that ends with a refusal, for which a block of level 3 is to come at once."""
    whose = debtor(collector=anna)
    document = late_invoice(whose)
    plan(whose, [document], channel="phone", step="call")
    rest_of_the_day()
    return whose, document, Task.objects.get()


def refuse_and_block(called, anna, *, level=3):
    whose, document, task = called
    record_outcome(user=anna, customers=[whose.pk], as_of=TODAY, task=task.pk, code="RIF")
    attempt = Attempt.objects.latest("id")
    plan(whose, [document], action="order_block", step="block", params={"level": level, "ordered_by": [attempt.pk]})
    rest_of_the_day()


def undo(called, anna):
    whose, _document, task = called
    undo_outcome(user=anna, customers=[whose.pk], as_of=TODAY, task=task.pk)
    rest_of_the_day()


def in_force():
    return [(block.level, block.put_by_id) for block in Block.objects.filter(released_on=None)]


def test_a_block_that_only_the_outcome_wanted_ends_with_it(called, anna):
    refuse_and_block(called, anna)
    assert in_force() == [(3, None)]
    undo(called, anna)
    assert in_force() == []
    assert Entry.objects.get(verb="block.released").data == {"level": 3, "because": "undone"}


def test_a_block_that_another_step_needs_falls_to_that_level(called, anna):
    whose, document, _task = called
    plan(whose, [document], action="order_block", step="warning", params={"level": 1})
    rest_of_the_day()
    refuse_and_block(called, anna)
    undo(called, anna)
    assert in_force() == [(1, None)]
    assert Entry.objects.get(verb="block.lowered").data == {"level": 1, "because": "undone"}


def test_a_level_that_a_person_put_stays(called, anna):
    whose, _document, _task = called
    put_block(user=anna, customers=[whose.pk], as_of=TODAY, level=2, reason="on request of sales")
    refuse_and_block(called, anna)
    assert in_force() == [(3, anna.pk)]
    undo(called, anna)
    assert in_force() == [(2, anna.pk)]


def test_a_block_that_a_person_replaced_meanwhile_is_left_alone(called, anna):
    whose, _document, _task = called
    refuse_and_block(called, anna)
    put_block(user=anna, customers=[whose.pk], as_of=TODAY, level=5, reason="everything stops")
    undo(called, anna)
    assert in_force() == [(5, anna.pk)]
