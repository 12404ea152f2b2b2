"""Calendars and late interest as pure functions over dates and amounts."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
ONE_DAY = timedelta(days=1)


class RateMissing(ValueError):
    """No rate is known for a day: the calculation stops, no day is ever dropped."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A yearly rate in percent that holds from a day until the next one of its series."""

    valid_from: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Received:
    """Money that reduces the capital from the day after `day` on."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tranche:
    """Interest of one capital at one rate, both days included, at full precision."""

    start: date
    end: date
    days: int
    capital: Decimal
    percent: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True)
class LateInterest:
    """`total` is the exact sum rounded once, half up, so it may differ by a cent from rounded tranches."""

    tranches: tuple[Tranche, ...]
    total: Decimal
    days: int


def late_interest(
    *,
    capital: Decimal,
    due_date: date,
    until: date,
    rates: Sequence[Rated],
    received: Sequence[Received] = (),
    days_in_year: int = 365,
) -> LateInterest:
    """Simple interest from the day after `due_date` to `until`, both included, tranche by tranche.

    Amounts in the item's currency; payments reduce capital first (the accounting view of domain 2.5).
    `rates` must reach back to the first day, else RateMissing. Source: D.Lgs. 231/2002, domain 2.1 and 2.4.
    """
    tranches = tuple(
        Tranche(start, end, days, left, percent, left * percent * days / (100 * days_in_year))
        for start, end, days, left, percent in _tranches(capital, due_date, until, sorted_rates(rates), received)
    )
    exact = sum((tranche.interest for tranche in tranches), ZERO)
    return LateInterest(tranches, round_cents(exact), sum(tranche.days for tranche in tranches))


def _tranches(
    capital: Decimal, due_date: date, until: date, rates: list[Rated], received: Sequence[Received]
) -> list[tuple[date, date, int, Decimal, Decimal]]:
    """Start, end, days, capital and rate of each stretch between two changes of capital or rate."""
    first = due_date + ONE_DAY
    changes = {rate.valid_from for rate in rates} | {money.day + ONE_DAY for money in received}
    starts = [first, *sorted(day for day in changes if first < day <= until)] if first <= until else []
    ends = [*[day - ONE_DAY for day in starts[1:]], until]
    stretches = []
    for start, end in zip(starts, ends, strict=False):
        left = capital - sum((money.amount for money in received if money.day < start), ZERO)
        if left > 0:
            stretches.append((start, end, (end - start).days + 1, left, rate_in_force(rates, start)))
    return stretches


def sorted_rates(rates: Sequence[Rated]) -> list[Rated]:
    return sorted(rates, key=lambda rate: rate.valid_from)


def rate_in_force(rates: Sequence[Rated], day: date) -> Decimal:
    """The percent of the last rate that started by `day`, from rates in order. Raises RateMissing."""
    position = bisect_right([rate.valid_from for rate in rates], day)
    if position == 0:
        raise RateMissing(f"no rate is known for {day.isoformat()}")
    return rates[position - 1].percent


def with_surcharge(base: Sequence[Rated], surcharge: Decimal, *, semesters_to: date) -> list[Rated]:
    """The base rate of each semester plus the points of the contract, one entry a semester.

    The last base rate must be of the semester of `semesters_to`, else RateMissing: a rate that was
    not published yet is never guessed. Source: D.Lgs. 231/2002 art. 5.
    """
    ordered = sorted_rates(base)
    if not ordered or ordered[-1].valid_from < semester_start(semesters_to):
        last = ordered[-1].valid_from.isoformat() if ordered else "none"
        raise RateMissing(
            f"the reference rate of the semester of {semesters_to.isoformat()} is missing (last known from {last})"
        )
    return [Rated(rate.valid_from, rate.percent + surcharge) for rate in ordered]


def semester_start(day: date) -> date:
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def round_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a tenant in order; everything asked must lie between first and last."""

    working_days: Sequence[date]

    def is_working(self, day: date) -> bool:
        position = bisect_left(self.working_days, day)
        return position < len(self.working_days) and self.working_days[position] == day

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is one, else the first after it."""
        return self.working_days[bisect_left(self.working_days, day)]

    def add(self, day: date, working_days: int) -> date:
        """The n-th working day after `day` (before it when negative; 0 is the next working day or the day)."""
        if working_days == 0:
            return self.next_working_day(day)
        if working_days > 0:
            return self.working_days[bisect_right(self.working_days, day) + working_days - 1]
        return self.working_days[bisect_left(self.working_days, day) + working_days]

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        return bisect_right(self.working_days, end) - bisect_right(self.working_days, start)


def calendar_of(first: date, last: date, holidays: Collection[date]) -> Calendar:
    """Monday to Friday from `first` to `last` but the holidays."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return Calendar([day for day in days if day.weekday() < 5 and day not in holidays])
