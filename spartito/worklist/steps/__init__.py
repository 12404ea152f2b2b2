"""Step 6 of the day: every open task has a person and a place in that person's day."""

from datetime import date
from pathlib import Path

from spartito.platform.progress import Progress
from spartito.platform.sql import StepResult, run_steps, steps_in
from spartito.worklist.rules import PROFILES_OF_ROLES, SCOPED_PROFILES

ASSIGN = steps_in(Path(__file__).parent, ["assign_tasks", "rank_tasks"])


def assign(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Give every open task of `customers` (null = all) a person present on `as_of`, and its priority."""
    pairs = [(role, profile) for role, profiles in PROFILES_OF_ROLES.items() for profile in profiles]
    params: dict[str, object] = {
        "roles": [role for role, _ in pairs],
        "profiles": [profile for _, profile in pairs],
        "scoped": sorted(SCOPED_PROFILES),
    }
    return run_steps(ASSIGN, as_of=as_of, run_id=run_id, customers=customers, params=params, on_progress=on_progress)
