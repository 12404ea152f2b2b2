"""Steps 3 and 4 of the day: give levels back, then decide. Rules are those of design section 6."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from spartito.actions.models import PlannedAction
from spartito.platform.progress import Progress
from spartito.platform.sql import Step, StepResult, joined_by_hash, run_steps
from spartito.portfolio.models import Customer
from spartito.strategies import conditions
from spartito.strategies.models import DueStep, Enrolment, Strategy, Version

HERE = Path(__file__).parent
GIVE_BACK = [Step("strategies.give_back_levels", HERE / "give_back_levels.sql")]
TAKE_ORDERS = [Step("strategies.take_orders", HERE / "take_orders.sql")]
CLEARED = [Step("strategies.take_cleared_steps", HERE / "take_cleared_steps.sql")]
JOIN = [Step("strategies.join_waiting_actions", HERE / "join_waiting_actions.sql")]
ENROL = [Step("strategies.enrol_accounts", HERE / "enrol_accounts.sql")]
ADOPT = [Step("strategies.adopt_levels", HERE / "adopt_levels.sql")]
LOOK = [
    Step("strategies.forget_due_steps", HERE / "forget_due_steps.sql"),
    Step("strategies.find_due_steps", HERE / "find_due_steps.sql"),
]
MANY = 2_000  # due steps
MOST_SHARE = 0.2  # of the accounts: above it all of them are as quick
PLAN = [Step("strategies.plan_actions", HERE / "plan_actions.sql")]


def give_back_levels(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Items of actions withdrawn before anything left get back their earlier level (rule 14)."""
    return run_steps(GIVE_BACK, as_of=as_of, run_id=run_id, customers=customers, on_progress=on_progress)


def take_orders(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Standing orders on items from outcomes and promises that were not kept (rule 10)."""
    return run_steps(TAKE_ORDERS, as_of=as_of, run_id=run_id, customers=customers, on_progress=on_progress)


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
    """Enrol accounts, evaluate conditions, plan what is due on `as_of` for `customers` (null = all; whole accounts)."""
    given: dict[str, Any] = {"as_of": as_of, "run_id": run_id, "customers": customers}
    results = enrol(on_progress=on_progress, **given)  # type: ignore[arg-type]
    results += [conditions.evaluate_steps(as_of=as_of, customers=customers)]
    if _something_waits(customers):
        results += run_steps(CLEARED, on_progress=on_progress, **given)
    given["params"] = {"due_until": _last_due_date(as_of)}
    with joined_for(customers):
        results += run_steps(LOOK, on_progress=on_progress, **given)
    if _something_waits(customers):
        run_steps(JOIN, on_progress=on_progress, **given)
    if not results[-1].rows:
        return [*results, StepResult("strategies.plan_actions", 0, 0.0)]
    are_many = results[-1].rows > MANY
    if are_many:
        _count_due_steps()
    if customers is None:
        given["customers"] = _whose_steps_are_due()
    with joined_by_hash() if are_many else nullcontext():
        results += run_steps(PLAN, on_progress=on_progress, **given)  # type: ignore[arg-type]
    return results


def _something_waits(customers: list[int] | None) -> bool:
    """Whether an action waits for an approval or a word, or was given up since: where no policy asks, none does."""
    waiting = PlannedAction.objects.exclude(waits_for="")
    return (waiting if customers is None else waiting.filter(account__in=customers)).exists()


def _whose_steps_are_due() -> list[int] | None:
    """The customers of the accounts with due steps; null = all, where these are so many that all are as quick."""
    accounts = DueStep.objects.filter(waits_for="").values("account")
    if accounts.distinct().count() > MOST_SHARE * Enrolment.objects.count():
        return None
    concerned = Customer.objects.filter(Q(account__in=accounts) | Q(pk__in=accounts))
    return list(concerned.values_list("pk", flat=True))


def joined_for(customers: list[int] | None) -> AbstractContextManager[None]:
    """By hash for everybody: a first night fills tables the planner holds to be empty, and a nested loop would read
    them whole, growing, once an account.
    """
    return joined_by_hash() if customers is None else nullcontext()


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
