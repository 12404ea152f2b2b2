"""Step 6 of the day: every open task has a person and a place in that person's day."""

from datetime import date
from pathlib import Path

from spartito.access.profiles import PROFILES, Sees
from spartito.platform.progress import Progress
from spartito.platform.sql import StepResult, run_steps, steps_in
from spartito.worklist import rules

ASSIGN = steps_in(Path(__file__).parent, ["assign_tasks", "drop_double_notices", "rank_tasks"])
RANK = ASSIGN[-1:]


def assign(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Give every open task of `customers` (null = all) a person present on `as_of`, and its priority."""
    return run_steps(ASSIGN, as_of=as_of, run_id=run_id, customers=customers, params=_given(), on_progress=on_progress)


def rank(*, as_of: date) -> list[StepResult]:
    """The priorities of all open tasks anew, after somebody changed what counts."""
    return run_steps(RANK, as_of=as_of, params=_given())


def _given() -> dict[str, object]:
    """What `rules` says, as the steps take it."""
    pairs = [(role, profile) for role, profiles in rules.PROFILES_OF_ROLES.items() for profile in profiles]
    return {
        "roles": [role for role, _ in pairs],
        "profiles": [profile for _, profile in pairs],
        "scoped": sorted(rules.SCOPED_PROFILES),
        "looking": sorted(code for code, held in PROFILES.items() if held.sees in (Sees.ALL, Sees.SCOPED)),
        "kinds": list(rules.DEFAULT_EFFORTS),
        "efforts": list(rules.DEFAULT_EFFORTS.values()),
        "day_of_work": rules.DEFAULT_CAPACITY,
        "criteria": list(rules.DEFAULT_WEIGHTS),
        "weights": list(rules.DEFAULT_WEIGHTS.values()),
        "ratings": list(rules.RATING_SHARES),
        "shares": list(rules.RATING_SHARES.values()),
    }
