"""The engine against the clerk: random ledgers, policies and histories, all at once and customer by customer."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.strategies.tests.worlds import Lives

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.django_db
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW, derandomize=True)
def test_the_engine_decides_as_the_rules_say(tenant, seed):
    with transaction.atomic():
        lives = Lives(seed)
        for _ in range(9):
            lives.next_day()
            lives.run_engine()
            lives.run_by_hand()
            assert lives.said_by_engine() == lives.said_by_hand(), (seed, lives.day)
        transaction.set_rollback(True)
