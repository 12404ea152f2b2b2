"""Steps 2 and 5 of the day: withdraw what lost its reason, carry out what was planned."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from spartito.access.models import User
from spartito.platform.progress import Progress
from spartito.platform.sql import StepResult, joined_by_hash, run_steps, steps_in

WITHDRAW = steps_in(Path(__file__).parent, ["withdraw_actions", "withdraw_notices"])
CALL_OFF = steps_in(Path(__file__).parent, ["call_off_occasions"])
COVERED = steps_in(Path(__file__).parent, ["withdraw_covered_messages"])
CARRY_OUT = steps_in(
    Path(__file__).parent,
    [
        "mark_proposals",
        "queue_messages",
        "release_cleared_messages",
        "ask_for_a_word",
        "open_tasks",
    ],
)
REPLACE = steps_in(Path(__file__).parent, ["replace_repeated_tasks"])  # meets all that is under way with itself
FOLLOW_UP = steps_in(
    Path(__file__).parent,
    [
        "open_notices",
        "raise_blocks",
        "address_messages",
        "find_contacts",
        "hold_stale_messages",
        "review_holds",
    ],
)
# Channels that leave the house in this version; a step on another one goes by its fallback or waits for a person.
CARRIED_CHANNELS = ["email", "letter", "registered_letter"]


def withdraw(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Withdraw tasks, messages and plans none of whose moved items is left (design 6, rules 7, 9 and 10), and notices of
    periods and campaigns whose account may not be contacted any more.
    """
    return run_steps(WITHDRAW, as_of=as_of, run_id=run_id, customers=customers, on_progress=on_progress)


def call_off_occasions(
    *, user: User | None, as_of: date, occasions: Sequence[int], because: str, accounts: Sequence[int]
) -> int:
    """Withdraw what had not left of these occasions, of `accounts`; gives how many contacts."""
    who = {"user_id": user.pk if user else None, "actor": str(user) if user else ""}
    params: dict[str, object] = {"occasions": list(occasions), "because": because, **who}
    return run_steps(CALL_OFF, as_of=as_of, customers=accounts, params=params)[0].rows


def withdraw_covered(*, as_of: date, customers: list[int]) -> list[StepResult]:
    """Withdraw queued messages of `customers` whose overdue sum is covered by credits and money in hand."""
    return run_steps(COVERED, as_of=as_of, customers=customers)


def carry_out(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Turn planned actions into messages, tasks and blocks, address every unsent message, have old holds reviewed."""
    given: dict[str, Any] = {"as_of": as_of, "run_id": run_id, "customers": customers, "on_progress": on_progress}
    given |= {"params": {"channels": CARRIED_CHANNELS}}
    results = run_steps(CARRY_OUT, **given)
    with joined_by_hash() if customers is None else nullcontext():
        results += run_steps(REPLACE, **given)
    return results + run_steps(FOLLOW_UP, **given)
