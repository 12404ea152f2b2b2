"""What must hold for any ledger, policy and history."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.actions.models import ActionItem, PlannedAction
from spartito.strategies.explain import explain
from spartito.strategies.models import TakenStep
from spartito.strategies.tests.worlds import Lives

SEEDS = st.integers(0, 2**32)
FEW = settings(
    max_examples=5, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@given(seed=SEEDS)
@FEW
def test_never_twice_never_two_never_paid(tenant, seed):
    with transaction.atomic():
        lives = Lives(seed)
        for _ in range(8):
            lives.next_day()
            paid = {number for number, item in lives.world.items.items() if item.open <= 0}
            lives.run_engine()
            before = lives.said_by_engine()
            today = ActionItem.objects.filter(planned_action__due_on=lives.day, planned_action__withdrawn_on=None)
            assert not paid & set(today.values_list("item__document_number", flat=True)), "a paid item is never dunned"
            lives.run_engine()
            assert lives.said_by_engine() == before, "run twice is run once"
        taken = Counter(TakenStep.objects.filter(voided_on=None).values_list("item", "step_code", "again"))
        assert set(taken.values()) <= {1}, "never the same step twice for an item"
        contacts = PlannedAction.objects.filter(kind="contact", withdrawn_on=None)
        assert set(Counter(contacts.values_list("account", "due_on")).values()) <= {1}, "never two contacts a day"
        given_back = TakenStep.objects.filter(planned_action__withdrawn_on__isnull=False, voided_on=None)
        kept = given_back.exclude(planned_action__withdrawn_because__in=["paid", "skipped"])
        assert not kept.exists(), "withdrawn is not taken"
        transaction.set_rollback(True)


@given(seed=SEEDS)
@FEW
def test_all_at_once_is_customer_by_customer(tenant, seed):
    with transaction.atomic():
        lives = Lives(seed, accounts=4)
        for _ in range(5):
            lives.next_day()
            with transaction.atomic():
                lives.run_engine(one_by_one=True)
                alone = lives.said_by_engine()
                transaction.set_rollback(True)
            lives.run_engine()
            assert lives.said_by_engine() == alone
        transaction.set_rollback(True)


@given(seed=SEEDS)
@FEW
def test_the_evening_before_says_what_the_morning_plans(tenant, seed):
    with transaction.atomic():
        lives = Lives(seed, accounts=5)
        for _ in range(4):
            lives.next_day()
            lives.run_engine()
            evening, morning = lives.day, lives.day + timedelta(days=1)
            foretold = {code: explain(customer=each, as_of=evening) for code, each in lives.customers.items()}
            lives.day = morning
            lives.run_engine()
            for code, told in foretold.items():
                _compare(lives, code, told, morning)
        transaction.set_rollback(True)


def _compare(lives: Lives, code: str, told: dict, morning) -> None:  # type: ignore[no-untyped-def,type-arg]
    customer = lives.customers[code]
    moved = TakenStep.objects.filter(item__customer=customer, taken_on=morning, voided_on=None)
    expected = {i["document"]: i["next_step"] for i in told["items"] if i["next_date"] == morning}
    assert dict(moved.values_list("item__document_number", "step_code")) == expected
    # What waits for a word or an approval is asked, not done: it is foretold for the day on which it goes.
    done = PlannedAction.objects.filter(account=customer, due_on=morning, withdrawn_on=None, waits_for="")
    planned = done.order_by("kind", "id").first()
    foretold = told["next_action"] if told["next_action"] and told["next_action"]["date"] == morning else None
    foretold = None if foretold and "waits_for" in foretold else foretold
    assert (planned.step_code if planned else None) == (foretold["step"] if foretold else None)
