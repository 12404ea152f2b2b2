"""Every user action is one call: the operation, then what follows from it, or nothing at all."""

from datetime import date

import pytest

from spartito.actions.models import PlannedAction
from spartito.cycle.act import act
from spartito.cycle.runs import run_cycle
from spartito.portfolio.models import Customer, Hold, Position
from tests.builders import customer, invoice

MONDAY = date(2026, 3, 2)


@pytest.fixture
def late(tenant):
    who = customer("C1", email="c1@cliente.example")
    invoice(who, "FT1", issued=date(2026, 1, 1), due=date(2026, 2, 10), amount=1000)
    return who


def put_hold(*, user, customers, as_of):
    return [Hold.objects.create(customer_id=one, kind="manual", starts_on=as_of) for one in customers]


def refuse(*, user, customers, as_of):
    Customer.objects.filter(pk__in=customers).update(name="mai")
    raise ValueError("no")


def test_the_reaction_decides_for_the_customers_of_the_action_at_once(late, tenant):
    decided = act(lambda **_: "letta", user=None, customers=[late.id], as_of=MONDAY)
    assert decided.result == "letta"
    assert [action.step_code for action in decided.planned] == [PlannedAction.objects.get().step_code]
    assert Position.objects.get(customer=late).overdue == 1000


def test_a_hold_put_by_a_person_withdraws_what_had_not_left(late, tenant):
    run_cycle(tenant=tenant, as_of=MONDAY)
    assert PlannedAction.objects.get().withdrawn_on is None
    decided = act(put_hold, user=None, customers=[late.id], as_of=MONDAY)
    assert PlannedAction.objects.get().withdrawn_on == MONDAY
    assert decided.planned == []
    assert decided.withdrawn + decided.closed == 1


def test_an_operation_that_fails_leaves_nothing_behind(late, tenant):
    with pytest.raises(ValueError, match="no"):
        act(refuse, user=None, customers=[late.id], as_of=MONDAY)
    late.refresh_from_db()
    assert late.name == "Cliente C1"
    assert not PlannedAction.objects.exists()


def test_a_reaction_is_never_before_the_last_run(late, tenant):
    run_cycle(tenant=tenant, as_of=MONDAY)
    tenant.refresh_from_db()
    decided = act(lambda **_: None, user=None, customers=[late.id], as_of=date(2026, 2, 1))
    assert decided.as_of == MONDAY


def test_the_payer_of_a_customer_is_decided_for_together_with_it(tenant):
    payer = customer("PAGA", email="paga@cliente.example")
    shop = customer("NEGOZIO", payer=payer)
    invoice(shop, "FT1", issued=date(2026, 1, 1), due=date(2026, 2, 10), amount=1000)
    run_cycle(tenant=tenant, as_of=date(2026, 2, 9))
    decided = act(lambda **_: None, user=None, customers=[shop.id], as_of=MONDAY)
    assert [action.account_id for action in decided.planned] == [payer.id]
