"""Why the engine does or does not act, in words: what it waits for, what its strategy asks, what would change it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from spartito.portfolio.models import Customer
from spartito.strategies.explain import explain
from spartito.strategies.leaves import Condition, conditions_of
from spartito.strategies.models import Strategy
from spartito.web import labels
from spartito.web.strategies.reading import fact_name, name_of, said_asked, said_value


@dataclass(frozen=True)
class Asked:
    """A step that asks something (`code` empty: the strategy itself): (what, what it is now, what it takes, holds)."""

    name: str
    code: str
    holds: bool
    leaves: list[tuple[str, str, str, bool]]


def told_of(customer: Customer, as_of: date) -> dict[str, Any]:
    """What the explanation shows of a customer: the engine's own, the leaves of its conditions, what would change it."""
    told = explain(customer=customer, as_of=as_of)
    for item in told["items"]:
        if item["dunnable"] and not (item["next_step"] or item["because"] or item["waits_for"] or item["why_not"]):
            item["why_not"] = "past_last_step" if item["level"] else "no_step"
        item["changes"] = labels.WOULD_CHANGE.get(item["waits_for"] or item["why_not"] or "", "")
    asked = [_asked(each) for each in conditions_of(account=customer.account_id or customer.pk, as_of=as_of)]
    return {
        "told": told,
        "strategy": Strategy.objects.filter(code=told["strategy"] or "").first(),
        "fits": [each for each in asked if not each.code],
        "asked": [each for each in asked if each.code],
        "rests": not told["next_action"] and not told["items"],
    }


def _asked(each: Condition) -> Asked:
    leaves = [
        (
            fact_name(leaf.fact),
            said_value(leaf.fact, leaf.value),
            said_asked(leaf.fact, leaf.operator, leaf.asked),
            leaf.holds,
        )
        for leaf in each.leaves
    ]
    return Asked(name_of(each.step) if each.step else "", each.step.code if each.step else "", each.holds, leaves)
