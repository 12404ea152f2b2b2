"""`education` of a policy: who is to learn to pay in time, and how many are left out so that the effect can be measured."""

from collections.abc import Mapping
from typing import Any

from spartito.strategies.conditions_text import condition_of
from spartito.strategies.facts import OF_ITEMS
from spartito.strategies.fields import known_keys, whole
from spartito.strategies.policy_text import StrategyRefused

HOLD_OUT = 15  # per cent
LEAST, MOST = 5, 50


def education_of(plain: Any, *, facts: Mapping[str, str]) -> dict[str, Any]:
    """{hold_out, conditions}, or {} where nothing is said. Raises StrategyRefused."""
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise StrategyRefused("education: must be a mapping such as {hold_out: 15, for: {late_payer: true}}")
    known_keys(plain, {"hold_out", "for"}, where="education: ")
    conditions = condition_of(plain.get("for"), facts=facts, where="education: for", not_here=OF_ITEMS)
    if not conditions:
        raise StrategyRefused("education: for: missing: say who is to be in it, such as {late_payer: true}")
    return {
        "hold_out": whole(plain, "hold_out", HOLD_OUT, low=LEAST, high=MOST, where="education: "),
        "conditions": conditions,
    }
