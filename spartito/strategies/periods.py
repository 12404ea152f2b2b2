"""When a periodic text is due: pure dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its first day, and the days on which its text is tried, both included."""

    start: date
    wanted_on: date
    until: date


def period_of(*, every: str, month: int, day: int, within: int, as_of: date) -> Period | None:
    """The period whose text is tried on `as_of`; null = none is. The days may run into the next period."""
    found = [_period(start, month, day, within) for start in (start_of(every, as_of), _before(every, as_of))]
    return next((period for period in found if period.wanted_on <= as_of <= period.until), None)


def next_day_of(*, every: str, month: int, day: int, as_of: date) -> date:
    """The first day after `as_of` on which the text of a period begins to be tried."""
    return next(wanted for wanted in _days_of(every, month, day, as_of) if wanted > as_of)


def start_of(every: str, day: date) -> date:
    """The first day of the period that `day` lies in."""
    months = MONTHS_OF[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _before(every: str, day: date) -> date:
    return start_of(every, start_of(every, day) - timedelta(days=1))


def _days_of(every: str, month: int, day: int, as_of: date) -> Iterator[date]:
    start = start_of(every, as_of)
    for number in (0, 1):
        yield _later(start, number * MONTHS_OF[every] + month - 1).replace(day=day)


def _period(start: date, month: int, day: int, within: int) -> Period:
    wanted = _later(start, month - 1).replace(day=day)
    return Period(start, wanted, wanted + timedelta(days=within))


def _later(start: date, months: int) -> date:
    """The first day of the month so many months after `start`."""
    years, rest = divmod(start.month - 1 + months, 12)
    return date(start.year + years, rest + 1, 1)
