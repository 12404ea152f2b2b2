"""What the run log's pages show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.access.models import User
from spartito.actions.models import PlannedAction
from spartito.cycle.models import Run, Work
from spartito.platform import clock
from spartito.portfolio.visibility import visible_to
from spartito.strategies.models import Strategy
from spartito.tenants.models import Tenant

STATUS: dict[str, str | Promise] = {"running": _("under way"), "failed": _("broke off"), "done": _("done")}
WORK_TITLES = {"cycle": _("Running the cycle"), "import": _("Importing"), "dry_run": _("Checking the file"),
               "rehearsal": _("Rehearsing the days to come"), "comparison": _("Living the past again")}  # fmt: skip
STEPS: dict[str, str | Promise] = {
    "portfolio.refresh": _("Positions and ageing"),
    "portfolio.note_everybody": _("Note the day of the figures"),
    "actions.withdraw": _("Withdraw what lost its reason"),
    "strategies.give_back_levels": _("Give levels back"),
    "strategies.decide": _("Decide what is due"),
    "strategies.plan_occasions": _("Statements, periodic texts and campaigns"),
    "actions.carry_out": _("Make tasks and messages"),
    "worklist.assign": _("Assign the tasks"),
    "communications.compose": _("Write the messages"),
}
STALE = timedelta(hours=6)
SLOW = timedelta(seconds=15)


@dataclass(frozen=True)
class StepRow:
    name: str
    label: str | Promise
    rows: int
    seconds: float
    share: int  # per cent of the run's time


@dataclass(frozen=True)
class Schedule:
    """When the tenant's cycle runs by itself. Times are the tenant's own."""

    run_time: Any
    last: date | None
    by_hand_only: bool


def starter(run: Run) -> str | Promise:
    """Who started the run; the schedule when nobody did."""
    return str(run.user) if run.user else _("by itself")


def steps_of(run: Run) -> list[StepRow]:
    steps = list(run.steps.order_by("id"))
    whole = sum(step.seconds for step in steps) or 1
    return [
        StepRow(step.name, STEPS.get(step.name, step.name), step.rows, step.seconds, round(step.seconds * 100 / whole))
        for step in steps
    ]


def planned_by_step(*, run: Run, user: User, as_of: date) -> list[dict[str, Any]]:
    """The run's planned actions for visible customers, by strategy and step, in order of position."""
    mine = PlannedAction.objects.filter(run_id=run.pk, account__in=visible_to(user, as_of))
    grouped = mine.values("strategy_code", "version_id", "step_code", "channel", "action", "position").annotate(
        count=Count("id"), amount=Sum("overdue_amount"), withdrawn=Count("id", filter=Q(withdrawn_on__isnull=False))
    )
    names = {each.code: each for each in Strategy.objects.all()}
    rows = list(grouped.order_by("strategy_code", "position", "step_code"))
    return [row | {"strategy": names.get(row["strategy_code"])} for row in rows]


def schedule(*, tenant: Tenant) -> Schedule:
    return Schedule(tenant.run_time, tenant.last_run_date, tenant.clock == Tenant.Clock.LAST_RUN)


def work_under_way(*, kind: str) -> Work | None:
    """The work of this kind that waits or runs; one begun long ago is taken for lost."""
    since: datetime = clock.now() - STALE
    return (
        Work.objects.filter(kind=kind, status__in=["waiting", "running"], created_at__gte=since).order_by("-id").first()
    )


def page_before(work: Work) -> str:
    """The page on which such a work is started."""
    if work.kind == "rehearsal":
        return reverse("rehearsal_new", args=[work.params["strategy"], work.params["number"]])
    if work.kind == "comparison":
        return reverse("comparison_new")
    return reverse("imports") if work.kind in ("import", "dry_run") else reverse("runs")


def is_slow_to_start(work: Work) -> bool:
    """Nothing has taken it up for a while: perhaps no worker runs."""
    return work.status == Work.Status.WAITING and clock.now() - work.created_at > SLOW
