"""Who may be given what, and how the points of a task add up (the sum itself is in steps/rank_tasks.sql)."""

from dataclasses import dataclass
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
DEFAULT_CAPACITY = 40


@dataclass(frozen=True)
class Reason:
    """One reason of a priority: its name and its points."""

    name: str
    points: int


def reasons_of(stored: dict[str, Any]) -> list[Reason]:
    """The reasons kept beside a priority, the weightiest first; those without points are left out."""
    named = {name: int(points) for name, points in stored.get("points", {}).items()}
    return [Reason(name, points) for name, points in sorted(named.items(), key=lambda p: (-p[1], p[0])) if points]
