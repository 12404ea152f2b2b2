"""Step 1 of the day: accounts, balances of the date, positions, ageing."""

from datetime import date
from pathlib import Path

from spartito.platform.progress import Progress
from spartito.platform.sql import Step, StepResult, run_steps

HERE = Path(__file__).parent

RESOLVE_ACCOUNTS = [Step("portfolio.resolve_accounts", HERE / "resolve_accounts.sql")]
NOTE = [Step("portfolio.note_standing", HERE / "note_standing.sql")]
REFRESH = [
    *RESOLVE_ACCOUNTS,
    Step("portfolio.settle_movements", HERE / "settle_movements.sql"),
    Step("portfolio.refresh_ageing", HERE / "refresh_ageing.sql"),
    Step("portfolio.refresh_positions", HERE / "refresh_positions.sql"),
]
REWIND = [Step("portfolio.rewind_movements", HERE / "rewind_movements.sql")]


def refresh(
    *,
    as_of: date,
    run_id: int | None,
    customers: list[int] | None = None,
    on_progress: Progress | None = None,
) -> list[StepResult]:
    """Bring accounts, balances, positions and ageing of `customers` (null = all) to `as_of`."""
    return run_steps(REFRESH + NOTE, as_of=as_of, run_id=run_id, customers=customers, on_progress=on_progress)


def note_everybody(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """After the ranges of a night: figures stand on `as_of` for everybody. Nothing to note for `customers`."""
    if customers is not None:
        return []
    return run_steps(NOTE, as_of=as_of, run_id=run_id, on_progress=on_progress)


def rewind(*, as_of: date) -> list[StepResult]:
    """Take every balance back to the end of `as_of`: only for a replay on an empty history."""
    return run_steps(REWIND, as_of=as_of, run_id=None)
