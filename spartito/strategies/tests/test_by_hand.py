"""The engine against the clerk: random ledgers, policies and histories, all at once and customer by customer.

`SPARTITO_WORLDS=2000` lives as many, other ones every time; the suite always the same few.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spartito.strategies.tests.worlds import Lives

WORLDS = int(os.environ.get("SPARTITO_WORLDS", 0))
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.django_db
@given(seed=st.integers(0, 2**32), is_alone=st.booleans())
# Worlds in which the two once said different things:
@example(seed=800444, is_alone=True)  # a promise breaks on the day on which another policy is given
@example(seed=810297, is_alone=False)  # of two contacts that get a word one goes on waiting for another
@example(seed=800638, is_alone=False)  # two contacts have waited and may go on one day
@example(seed=820313, is_alone=False)  # a letter that repeats itself left, the one before, never sent, is withdrawn
@settings(max_examples=WORLDS or 10, deadline=None, suppress_health_check=SLOW, derandomize=not WORLDS)
def test_the_engine_decides_as_the_rules_say(tenant, seed, is_alone):
    with transaction.atomic():
        lives = Lives(seed)
        for _ in range(9):
            lives.next_day()
            lives.run_engine(one_by_one=is_alone)
            lives.run_by_hand()
            assert lives.said_by_engine() == lives.said_by_hand(), (seed, lives.day)
        transaction.set_rollback(True)
