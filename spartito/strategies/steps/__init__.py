"""The strategies' part of the day: levels back, who follows what, orders, decisions. Rules are those of design section 6."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Min

from spartito.actions.models import PlannedAction
from spartito.platform.progress import Progress
from spartito.platform.sql import Step, StepResult, joined_by_hash, run_steps, text_of
from spartito.portfolio.models import Customer
from spartito.strategies import conditions
from spartito.strategies.models import DueStep, Strategy, Version

HERE = Path(__file__).parent
GIVE_BACK = [Step("strategies.give_back_levels", HERE / "give_back_levels.sql")]
TAKE_ORDERS = [Step("strategies.take_orders", HERE / "take_orders.sql")]
CLEARED = [Step("strategies.take_cleared_steps", HERE / "take_cleared_steps.sql")]
JOIN = [Step("strategies.join_waiting_actions", HERE / "join_waiting_actions.sql")]
ENROL = [Step("strategies.enrol_accounts", HERE / "enrol_accounts.sql")]
ADOPT = [Step("strategies.adopt_levels", HERE / "adopt_levels.sql")]
FORGET = [Step("strategies.forget_due_steps", HERE / "forget_due_steps.sql")]
LOOK = [Step("strategies.find_due_steps", HERE / "find_due_steps.sql")]
WITHIN_REACH = HERE.parent / "reads" / "accounts_within_reach.sql"
A_FEW = 300  # customers: so many that joins by hash are worth their while
MANY = 2_000  # due steps
PLAN = [Step("strategies.plan_actions", HERE / "plan_actions.sql")]


def give_back_levels(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Items of actions withdrawn before anything left get back their earlier level (rule 14)."""
    return run_steps(GIVE_BACK, as_of=as_of, run_id=run_id, customers=customers, on_progress=on_progress)


def enrol(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Which strategy and version each account follows on `as_of` (rule 1), and the levels its newcomers bring."""
    given = {"as_of": as_of, "run_id": run_id, "customers": customers}
    results = [conditions.evaluate_who_applies(as_of=as_of, customers=customers)]
    with joined_for(customers):
        return results + run_steps(ENROL + ADOPT, on_progress=on_progress, **given)  # type: ignore[arg-type]


def decide(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Enrol accounts, take the orders that stand on items from outcomes and promises that were not kept (rule 10), evaluate
    conditions, plan what is due on `as_of` for `customers` (null = all; whole accounts).
    """
    given: dict[str, Any] = {"as_of": as_of, "run_id": run_id, "customers": customers}
    results = enrol(on_progress=on_progress, **given)  # type: ignore[arg-type]
    results += run_steps(TAKE_ORDERS, on_progress=on_progress, **given)
    results += [conditions.evaluate_steps(as_of=as_of, customers=customers)]
    if _something_waits(customers):
        results += run_steps(CLEARED, on_progress=on_progress, **given)
    results += run_steps(FORGET, on_progress=on_progress, **given)
    given |= {"customers": _within_reach(as_of, customers), "params": {"due_until": _last_due_date(as_of)}}
    with joined_for(given["customers"]):
        results += run_steps(LOOK, on_progress=on_progress, **given)
    if _something_waits(customers):
        run_steps(JOIN, on_progress=on_progress, **given)
    return results + _plan(rows=results[-1].rows, given=given, on_progress=on_progress)


def _plan(*, rows: int, given: dict[str, Any], on_progress: Progress | None) -> list[StepResult]:
    """Plans from `rows` due steps, for the accounts that have them."""
    if not rows:
        return [StepResult("strategies.plan_actions", 0, 0.0)]
    if rows > MANY:
        _count_due_steps()
    if not _are_a_few(given["customers"]):
        given["customers"] = _whose_steps_are_due(given["customers"])
    with joined_by_hash() if rows > MANY else nullcontext():
        return run_steps(PLAN, on_progress=on_progress, **given)


def _are_a_few(customers: list[int] | None) -> bool:
    return customers is not None and len(customers) <= A_FEW


def _within_reach(as_of: date, customers: list[int] | None) -> list[int] | None:
    """The customers among these worth a closer look on `as_of`: all of a few, else those whose dates let a step be due."""
    if _are_a_few(customers):
        return customers
    given = {"as_of": as_of, "customers": customers, "due_until": _last_due_date(as_of)}
    with joined_for(customers), connection.cursor() as cursor:
        cursor.execute(text_of(WITHIN_REACH), given)
        return [customer for (customer,) in cursor.fetchall()]


def _something_waits(customers: list[int] | None) -> bool:
    """Whether an action waits for an approval or a word, or was given up since: where no policy asks, none does."""
    waiting = PlannedAction.objects.exclude(waits_for="")
    return (waiting if customers is None else waiting.filter(account__in=customers)).exists()


def _whose_steps_are_due(among: list[int] | None) -> list[int]:
    """The customers of the accounts with due steps, and who is written to for them."""
    due = DueStep.objects.filter(waits_for="")
    accounts = set((due if among is None else due.filter(account__in=among)).values_list("account_id", flat=True))
    members = Customer.objects.filter(account__in=accounts).values_list("pk", flat=True)
    return sorted(accounts.union(members))


def joined_for(customers: list[int] | None) -> AbstractContextManager[None]:
    """By hash for everybody: a first night fills tables the planner holds to be empty, and a nested loop would read
    them whole, growing, once an account.
    """
    return nullcontext() if _are_a_few(customers) else joined_by_hash()


def _last_due_date(as_of: date) -> date:
    """No item due later has a step due on `as_of`, in any strategy in force: it spares the night the items to come."""
    live = Version.objects.filter(pk__in=Strategy.objects.values("live_version"))
    first = live.aggregate(days=Min("steps__days"))["days"] or 0
    shift = live.aggregate(days=Min("payment_rules__shift_days"))["days"] or 0
    return as_of - timedelta(days=min(first, 0) + min(shift, 0))


def _count_due_steps() -> None:
    """The planner knows nothing of rows just written; a night's worth of them is worth telling it about."""
    with connection.cursor() as cursor:
        cursor.execute("analyze strategies_duestep")
