"""Two policies on the same past: every day of a range lived twice on copies, with the payments as they fell (design 6)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from spartito.cycle import rehearsal_results as results
from spartito.cycle.ahead import OF_CUSTOMER, live_ahead, without_trace, working_days
from spartito.cycle.parts import in_parts
from spartito.cycle.rehearsal import RehearsalRefused, put_in_force, undone
from spartito.cycle.rehearsal_results import Rows
from spartito.platform.connection import connection
from spartito.platform.moments import Tell, one_moment
from spartito.platform.progress import Progress
from spartito.portfolio.steps import rewind
from spartito.reference.queries import message_costs
from spartito.strategies.operations import check_policy

LONGEST = 3 * 366
FORGOTTEN = (
    "actions_plannedaction", "actions_actionitem", "actions_task", "actions_message", "strategies_enrolment",
    "strategies_conditionresult", "strategies_progress", "strategies_takenstep", "strategies_order", "portfolio_block",
    "worklist_assignment",
)  # fmt: skip


@dataclass(frozen=True)
class Range:
    """What is lived again: the days from `start` to `end`, its working days, and the two texts."""

    start: date
    end: date
    days: list[date]
    texts: tuple[str, str]


@dataclass
class Past:
    """Some whole accounts: what fell due, and what each policy would have planned and reached."""

    history: dict[str, Any]
    sides: list[tuple[Rows, list[dict[str, Any]]]] = field(default_factory=list)


def compare(*, first: str, second: str, start: date, end: date, on_progress: Progress | None = None) -> dict[str, Any]:
    """What two texts of policies would have done from `start` to `end`, each beside the other strategies in force.

    Holds are those that people put; contacts are made on their day. `reached` and `paid_before` count the debits that
    fell due in the range, per step; `days_late` is weighted by amount, late payments only, the same for both.
    Raises StrategyRefused, RehearsalRefused.
    """
    began = time.monotonic()
    asked = check_range(first=first, second=second, start=start, end=end)

    def tell(share: float) -> None:
        if on_progress:
            on_progress(_("day by day"), round(share * 2 * len(asked.days)), 2 * len(asked.days))

    def both(customers: list[int] | None, tell: Tell) -> Past:
        return _live_again(asked, customers, tell)

    with one_moment() as moment:
        parts = in_parts(both, customers=None, moment=moment, tell=tell)
        sides = [_side(asked, parts, number) for number in range(2)]
    tell(1)
    return {
        "from": start, "to": end, "working_days": len(asked.days), **_history_of_all(parts), "first": sides[0], "second": sides[1],
        "seconds": round(time.monotonic() - began, 3),
    }  # fmt: skip


def check_range(*, first: str, second: str, start: date, end: date) -> Range:
    """The range and the texts, or why they cannot be compared."""
    if not start <= end <= start + timedelta(days=LONGEST):
        raise RehearsalRefused(_("the range must end after it starts, %(most)s days later at most") % {"most": LONGEST})
    for text in (first, second):
        check_policy(source=text)
    days = working_days(after=start - timedelta(days=1), until=end)
    if not days:
        raise RehearsalRefused(_("there is no working day until %(until)s") % {"until": end.isoformat()})
    return Range(start, end, days, (first, second))


def _live_again(asked: Range, customers: list[int] | None, tell: Tell) -> Past:
    rows = dict.fromkeys(FORGOTTEN, "false") | {
        "portfolio_movement": (
            f"(day >= '{asked.start.isoformat()}' or not is_applied) and item_id in (select id from portfolio_item where {OF_CUSTOMER})"
        ),
    }
    with without_trace(
        since=asked.start - timedelta(days=400),
        customers=customers,
        before_copies=lambda: _money_that_came(asked, customers),
        other_rows=rows,
    ):
        rewind(as_of=asked.start - timedelta(days=1))
        past = Past(results.rows_of(HISTORY, {"start": asked.start, "end": asked.end})[0])
        for number, text in enumerate(asked.texts):
            past.sides.append(_live_with(text, asked, _half_of(tell, number)))
        return past


def _half_of(tell: Tell, number: int) -> Tell:
    return lambda share: tell((number + share) / 2)


def _money_that_came(asked: Range, customers: list[int] | None) -> None:
    """What was paid, in the place of what is expected: a contact within a week before it was needless."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table expected_payment on commit drop as"
            " select id as item_id, amount, closed_on as day from portfolio_item"
            " where closed_on between %(start)s and %(until)s and closing_cause in ('paid', 'unknown')"
            f" and {OF_CUSTOMER}",
            {"start": asked.start, "until": asked.end + timedelta(days=results.SOON), "customers": customers},
        )
        cursor.execute("create unique index on expected_payment (item_id)")
        cursor.execute("analyze expected_payment")


HISTORY = """
select
    count(*) as items,
    count(paid.day) as paid_items,
    coalesce(sum(item.amount) filter (where paid.day is not null), 0) as paid_amount,
    coalesce(sum(item.amount * greatest(paid.day - item.due_date, 0)) filter (where paid.day is not null), 0) as amount_days
from portfolio_item as item
inner join portfolio_customer as customer on customer.id = item.customer_id
left join pg_temp.expected_payment as paid on paid.item_id = item.id and paid.day <= %(end)s
where item.due_date between %(start)s and %(end)s and item.document_type in ('invoice', 'debit_note')
"""


def _history_of_all(parts: Sequence[Past]) -> dict[str, Any]:
    """The debits that fell due in the range, how many were paid, and how late (null when none was)."""
    sums = {name: sum(part.history[name] for part in parts) for name in parts[0].history}
    paid, amount_days = sums.pop("paid_amount"), sums.pop("amount_days")
    return sums | {"days_late": round(amount_days / paid, 2) if paid else None}


def _live_with(text: str, asked: Range, tell: Tell) -> tuple[Rows, list[dict[str, Any]]]:
    with undone():
        version, _is_new = put_in_force(source=text)
        live_ahead(days=asked.days, tell=tell)
        steps = results.rows_of(STEPS, {"version": version.pk, "start": asked.start, "end": asked.end})
        return results.take_out(as_of=asked.start - timedelta(days=1)), steps


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
    count(*) filter (where farthest.is_paid and coalesce(farthest.position, 0) < step.position) as paid_before,
    count(farthest.id) as items
from strategies_step as step
left join farthest on true
where step.version_id = %(version)s
group by step.position, step.code, step.days
order by step.position
"""


def _side(asked: Range, parts: Sequence[Past], number: int) -> dict[str, Any]:
    """Contacts, tasks, customers reached, needless contacts, cost, and how far the debits went step by step."""
    sides = [part.sides[number] for part in parts]
    with undone():
        results.bring_together([results.Part(live=rows) for rows, _steps in sides])
        totals = results.totals(as_of=asked.end)["live"]
        needless = results.complaints()["live"]
        channels = {row["channel"]: row["live"] for row in results.by_channel(as_of=asked.end)}
    return {"strategy": check_policy(source=asked.texts[number]).code} | totals | {
        "contacts": totals["messages"] + totals["calls"],
        "needless": needless,
        "by_channel": channels,
        "costs_known": not set(channels) - {"phone"} - set(message_costs(asked.end)),
        "steps": [_step(rows) for rows in zip(*(steps for _rows, steps in sides), strict=True)],
    }  # fmt: skip


def _step(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A step: the debits that reached it, and the share (per cent) that was paid before it; null without debits."""
    items, paid = sum(row["items"] for row in rows), sum(row["paid_before"] for row in rows)
    share = round(Decimal(100 * paid) / items, 1) if items else None
    head = {name: rows[0][name] for name in ("step", "days")}
    return head | {"reached": sum(row["reached"] for row in rows), "paid_before": share}
