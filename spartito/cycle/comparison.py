"""Two policies on the same past: every day of a range lived twice on copies, with the payments as they fell (design 6)."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from spartito.cycle import rehearsal_results as results
from spartito.cycle.ahead import live_ahead, without_trace, working_days
from spartito.cycle.rehearsal import RehearsalRefused, balances_matter, put_in_force, undone
from spartito.platform.connection import connection
from spartito.platform.progress import Progress
from spartito.portfolio.steps import rewind
from spartito.reference.queries import message_costs
from spartito.strategies.models import Version
from spartito.strategies.operations import check_policy

LONGEST = 3 * 366
FORGOTTEN = (
    "actions_plannedaction", "actions_actionitem", "actions_task", "actions_message", "strategies_enrolment",
    "strategies_conditionresult", "strategies_progress", "strategies_takenstep", "strategies_order", "portfolio_block",
    "worklist_assignment",
)  # fmt: skip


def compare(*, first: str, second: str, start: date, end: date, on_progress: Progress | None = None) -> dict[str, Any]:
    """What two texts of policies would have done from `start` to `end`, each beside the other strategies in force.

    Holds are those that people put; contacts are made on their day. `reached` and `paid_before` count the debits that
    fell due in the range, per step; `days_late` is weighted by amount, late payments only, the same for both.
    Raises StrategyRefused, RehearsalRefused.
    """
    began = time.monotonic()
    if not start <= end <= start + timedelta(days=LONGEST):
        raise RehearsalRefused(_("the range must end after it starts, %(most)s days later at most") % {"most": LONGEST})
    for text in (first, second):
        check_policy(source=text)
    days = working_days(after=start - timedelta(days=1), until=end)
    if not days:
        raise RehearsalRefused(_("there is no working day until %(until)s") % {"until": end.isoformat()})
    rows = dict.fromkeys(FORGOTTEN, "false") | {
        "portfolio_movement": f"day >= '{start.isoformat()}' or not is_applied",
    }
    with without_trace(
        since=start - timedelta(days=400),
        customers=None,
        before_copies=lambda: _money_that_came(start, end),
        other_rows=rows,
    ):
        rewind(as_of=start - timedelta(days=1))
        history = _history(start, end)
        sides = [
            _side(
                text, days=days, start=start, end=end, on_progress=_shown(on_progress, place * len(days), 2 * len(days))
            )
            for place, text in enumerate((first, second))
        ]
    return {
        "from": start, "to": end, "working_days": len(days), **history, "first": sides[0], "second": sides[1],
        "seconds": round(time.monotonic() - began, 3),
    }  # fmt: skip


def _shown(on_progress: Progress | None, before: int, total: int) -> Callable[[int], None]:
    return lambda number: on_progress(_("day by day"), before + number, total) if on_progress else None


def _money_that_came(start: date, end: date) -> None:
    """What was paid, in the place of what is expected: a contact within a week before it was needless."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table expected_payment on commit drop as"
            " select id as item_id, amount, closed_on as day from portfolio_item"
            " where closed_on between %s and %s and closing_cause in ('paid', 'unknown')",
            [start, end + timedelta(days=results.SOON)],
        )


def _history(start: date, end: date) -> dict[str, Any]:
    """The debits that fell due in the range, how many were paid, and how late."""
    return results.rows_of(
        """
        select
            count(*) as items,
            count(paid.day) as paid_items,
            round(sum(item.amount * greatest(paid.day - item.due_date, 0)) filter (where paid.day is not null)
            / nullif(sum(item.amount) filter (where paid.day is not null), 0), 2) as days_late
        from portfolio_item as item
        left join pg_temp.expected_payment as paid on paid.item_id = item.id and paid.day <= %(end)s
        where item.due_date between %(start)s and %(end)s and item.document_type in ('invoice', 'debit_note')
        """,
        {"start": start, "end": end},
    )[0]


def _side(text: str, *, days: list[date], start: date, end: date, on_progress: Callable[[int], None]) -> dict[str, Any]:
    with undone():
        version = put_in_force(source=text)
        live_ahead(days=days, customers=None, balances_matter=balances_matter(), on_progress=on_progress)
        steps = _steps(version, start, end)
        rows = results.take_out(as_of=start - timedelta(days=1))
    return {"strategy": version.strategy.code} | _counted(rows, end) | {"steps": steps}


STEPS = """
with items as (
    select item.id, paid.day is not null as is_paid
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join strategies_enrolment as enrolment
        on enrolment.account_id = customer.account_id and enrolment.version_id = %(version)s
    left join pg_temp.expected_payment as paid on paid.item_id = item.id and paid.day <= %(end)s
    where item.due_date between %(start)s and %(end)s and item.document_type in ('invoice', 'debit_note')
),

farthest as (
    select items.id, items.is_paid, max(step.position) as position
    from items
    left join strategies_takenstep as taken on taken.item_id = items.id and taken.voided_on is null
    left join strategies_step as step on step.version_id = %(version)s and step.code = taken.step_code
    group by items.id, items.is_paid
)

select
    step.code as step, step.days,
    count(*) filter (where farthest.position >= step.position) as reached,
    round(100.0 * count(*) filter (where farthest.is_paid and coalesce(farthest.position, 0) < step.position)
    / nullif(count(farthest.id), 0), 1) as paid_before
from strategies_step as step
left join farthest on true
where step.version_id = %(version)s
group by step.position, step.code, step.days
order by step.position
"""


def _steps(version: Version, start: date, end: date) -> list[dict[str, Any]]:
    """Per step, the debits that reached it, and the share (per cent) that was paid before it."""
    return results.rows_of(STEPS, {"version": version.pk, "start": start, "end": end})


def _counted(rows: results.Rows, end: date) -> dict[str, Any]:
    """Contacts, tasks, customers reached, needless contacts and cost."""
    with undone():
        results.bring_together(live=rows, draft=b"", lived_again=())
        totals = results.totals(as_of=end)["live"]
        needless = results.complaints()["live"]
        channels = {row["channel"]: row["live"] for row in results.by_channel(as_of=end)}
    contacts = totals["messages"] + totals["calls"]
    return totals | {
        "contacts": contacts,
        "needless": needless,
        "by_channel": channels,
        "costs_known": bool(message_costs(end)),
    }
