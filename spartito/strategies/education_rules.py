"""Did payment education change anything? Pure sums over accounts, with an honest error.

Days late are weighted by amount (early payments count as 0 days): sum(amount x days) / sum(amount), over documents known to be
paid. What changed in the treated group less what changed in the group left out is the effect. Its error is that of a ratio
of sums over accounts (linearised), accounts being what was drawn by chance.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

ENOUGH = 30  # accounts of a group that paid both before and since
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Account:
    """Amount times days late, and amount, of what an account paid in the year before it entered and since."""

    group: str
    before_days: float
    before_amount: float
    since_days: float
    since_amount: float

    @property
    def paid_both_times(self) -> bool:
        return self.before_amount > 0 and self.since_amount > 0


@dataclass(frozen=True, slots=True)
class Group:
    """`accounts` entered; `measured` of them paid before and since. Days are null where nothing was measured."""

    accounts: int
    measured: int
    before: float | None
    since: float | None
    change: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """`difference`: days by which the treated changed more (negative: they pay earlier), from `low` to `high` at 95 %.

    `verdict`: too_few, unclear (the range holds 0), earlier, later.
    """

    treated: Group
    held_out: Group
    difference: float | None
    low: float | None
    high: float | None
    verdict: str

    def rounded(self) -> dict[str, Any]:
        """As plain data, days with one decimal."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return f"{value:.1f}" if isinstance(value, float) else value


def effect_of(accounts: Sequence[Account]) -> Effect:
    """What the two groups' changes say together."""
    treated = _group([each for each in accounts if each.group == "treated"])
    held_out = _group([each for each in accounts if each.group == "held_out"])
    if min(treated.measured, held_out.measured) < ENOUGH:
        return Effect(treated, held_out, None, None, None, "too_few")
    difference = (treated.change or 0.0) - (held_out.change or 0.0)
    error = sqrt((treated.error or 0.0) ** 2 + (held_out.error or 0.0) ** 2)
    low, high = difference - NORMAL_95 * error, difference + NORMAL_95 * error
    verdict = "earlier" if high < 0 else "later" if low > 0 else "unclear"
    return Effect(treated, held_out, difference, low, high, verdict)


def _group(accounts: Sequence[Account]) -> Group:
    measured = [each for each in accounts if each.paid_both_times]
    if not measured:
        return Group(len(accounts), 0, None, None, None, None)
    before_amount = sum(each.before_amount for each in measured)
    since_amount = sum(each.since_amount for each in measured)
    before = sum(each.before_days for each in measured) / before_amount
    since = sum(each.since_days for each in measured) / since_amount
    parts = [
        (each.since_days - since * each.since_amount) / since_amount
        - (each.before_days - before * each.before_amount) / before_amount
        for each in measured
    ]
    n = len(measured)
    error = sqrt(n / (n - 1) * sum(part**2 for part in parts)) if n > 1 else None
    return Group(len(accounts), n, before, since, since - before, error)
