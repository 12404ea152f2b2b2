"""Who may be given what, and how the points of a task add up (the sum itself is in steps/rank_tasks.sql)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# `assign_to` of a step -> the profiles that can take it, when no person is named by the customer itself.
PROFILES_OF_ROLES = {
    "collector": ("collector_sector", "temp_collector", "collector_global"),
    "salesperson": ("salesperson",),
    "area_manager": ("area_manager",),
    "division_manager": ("division_manager",),
    "sales_manager": ("sales_manager",),
    "credit_manager": ("credit_manager",),
    "cfo": ("cfo",),
    "controller": ("controller",),
    "ceo": ("ceo",),
    "general_manager": ("general_manager",),
    "customer_care": ("customer_care",),
    "cash": ("cash_clerk",),
    "cash_clerk": ("cash_clerk",),
    "order_desk": ("order_desk",),
    "legal": ("lawyer_internal", "legal_clerk"),
    "lawyer": ("lawyer_internal",),
    "lawyer_internal": ("lawyer_internal",),
    "legal_clerk": ("legal_clerk",),
}
# These see nothing without a scope of their own, so they get nothing either.
SCOPED_PROFILES = {"collector_sector", "temp_collector", "area_manager", "division_manager", "salesperson"}
DEFAULT_CAPACITY = 360  # minutes a day
# Minutes that a task takes until the credit manager says otherwise.
DEFAULT_EFFORTS = {"phone": 9, "internal": 6, "find_contact": 12, "review": 10, "print": 5, "payment_check": 8}
OTHER_EFFORT = 6
# What a criterion adds at most to a priority; `waiting` is a day's, without an end, so that nothing waits for ever.
DEFAULT_WEIGHTS = {
    "amount": 50,
    "age": 30,
    "carried": 20,
    "waiting": 5,
    "promise": 15,
    "rating": 15,
    "returned": 10,
    "step": 10,
    "limit": 10,
    "value": 10,
}
NEVER_NOTHING = {"waiting"}
# A rating is worth this part of its weight; no rating, none.
RATING_SHARES = {"A": 0, "B": 25, "C": 50, "D": 75, "E": 100}
LONGEST_PLAN = 180  # days ahead that a contact can be planned


@dataclass(frozen=True)
class Reason:
    """One reason of a priority: its name and its points."""

    name: str
    points: int


def reasons_of(stored: dict[str, Any]) -> list[Reason]:
    """The reasons kept beside a priority, the weightiest first; those without points are left out."""
    named = {name: int(points) for name, points in stored.get("points", {}).items()}
    return [Reason(name, points) for name, points in sorted(named.items(), key=lambda p: (-p[1], p[0])) if points]


def split_of_day(minutes: Sequence[int], *, capacity: int) -> int:
    """How many of the rows, in their order, fit in the minutes that are left; the first always does."""
    used = 0
    for place, each in enumerate(minutes):
        used += each
        if used > capacity and place:
            return place
    return len(minutes)


def first_day(period: str, as_of: date) -> date:
    """The first day of the day, week or month that `as_of` lies in."""
    if period == "week":
        return as_of - timedelta(days=as_of.weekday())
    return as_of.replace(day=1) if period == "month" else as_of
