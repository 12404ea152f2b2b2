"""One strategy is for everybody else."""

import pytest

from spartito.strategies.models import Strategy
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.strategies.policy_text import StrategyRefused

pytestmark = pytest.mark.usefixtures("tenant", "english")
TEXT = "strategy: %s\ndefault: %s\nsteps:\n  - {code: first, days: 5, channel: phone}\n"


def put_in_force(code: str, mark: str) -> None:
    load_strategy(source=TEXT % (code, mark))
    publish_strategy(code=code)


def test_a_draft_that_waited_is_refused_when_another_became_the_default_meanwhile():
    Strategy.objects.update(is_default=False)
    load_strategy(source=TEXT % ("b", "true"))
    put_in_force("a", "true")
    with pytest.raises(StrategyRefused, match="default: strategy a is the one for everybody else"):
        publish_strategy(code="b")
    assert Strategy.objects.get(code="b").live_version is None


def test_a_second_default_is_refused_and_nothing_changes():
    Strategy.objects.update(is_default=False)
    put_in_force("a", "true")
    with pytest.raises(StrategyRefused, match="default: strategy a is the one for everybody else"):
        put_in_force("b", "true")
    assert not Strategy.objects.filter(code="b").exists()
    put_in_force("a", "false")
    put_in_force("b", "true")
    assert [each.code for each in Strategy.objects.filter(is_default=True)] == ["b"]
