"""Days lived on copies of the whole portfolio, for rehearsals and comparisons: the steps of the day, nothing kept.

Only accounts for which something can be due are run on a day (`strategies/reads/next_days.sql`); the first day runs all.
Everybody is taken to keep up: what a day plans is called, done and sent that day, and what waits for a word gets it.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

import spartito.strategies
from spartito.cycle.daily import DAY
from spartito.platform.connection import connection
from spartito.platform.copies import Copy, make_copies
from spartito.platform.sql import execute, joined_by_hash, on_copies, text_of, written_by
from spartito.reference.models import Day

NEXT_DAYS = Path(spartito.strategies.__file__).parent / "reads" / "next_days.sql"
# The parts of a day that only people and post see: texts, whose task it is.
NOT_LIVED = ("worklist.assign", "communications.compose")
LIVED = [(name, step) for name, step in DAY if name not in NOT_LIVED]
WRITTEN_BESIDE = {
    "strategies_conditionresult", "strategies_strategy", "strategies_version", "strategies_step",
    "strategies_paymentrule", "worklist_assignment",
}  # fmt: skip
LOCAL_MEMORY = "256MB"
WORK_MEMORY = "128MB"
MANY = 300  # customers of a day: joins by hash and fresh counts are worth their while

MINE = "(%(customers)s::bigint[] is null or {column} = any(%(customers)s::bigint[]))"
OF_CUSTOMER, OF_ACCOUNT, OF_ID = (MINE.format(column=column) for column in ("customer_id", "account_id", "id"))
RECENT = "%(since)s::date"
OPEN_ITEMS = f"select id from portfolio_item where closed_on is null and {OF_CUSTOMER}"
PROMISED = "select item_id from portfolio_hold where kind = 'promise'"  # what was paid on it is asked when it ends
ACTIONS_KEPT = f"""{OF_ACCOUNT} and (
    due_on > {RECENT} or not is_carried_out or action = 'propose_legal'
    or id in (select planned_action_id from actions_task where status = 'open')
    or id in (select planned_action_id from actions_message where status in ('queued', 'held'))
)"""
# Rows that days to come can ask for; a table written by a step and not named here is copied whole.
NARROWED = {
    "portfolio_customer": Copy(OF_ID, ("unique (id)", "(account_id)")),
    "portfolio_item": Copy(
        f"{OF_CUSTOMER} and (closed_on is null or closed_on > {RECENT})",
        ("unique (id)", "(customer_id) where closed_on is null", "(customer_id, closed_on)"),
    ),
    "portfolio_movement": Copy(
        f"(not is_applied or item_id in ({PROMISED})) and item_id in ({OPEN_ITEMS})",
        ("(item_id)", "(day) where not is_applied"),
    ),
    "portfolio_position": Copy(OF_CUSTOMER, ("unique (customer_id)",)),
    "portfolio_ageing": Copy(OF_CUSTOMER, ("(customer_id)",)),
    "actions_plannedaction": Copy(ACTIONS_KEPT),
    "actions_actionitem": Copy(f"planned_action_id in (select id from actions_plannedaction where {ACTIONS_KEPT})"),
    "actions_task": Copy(f"{OF_CUSTOMER} and (status = 'open' or closed_on > {RECENT})"),
    "actions_message": Copy(f"{OF_ACCOUNT} and (status in ('queued', 'held') or due_on > {RECENT})"),
    "strategies_enrolment": Copy(OF_ACCOUNT),
    "strategies_conditionresult": Copy(OF_ACCOUNT),
    "strategies_progress": Copy(f"item_id in ({OPEN_ITEMS})"),
    "strategies_takenstep": Copy(f"item_id in ({OPEN_ITEMS})"),
    "strategies_duestep": Copy("false"),
    "journal_entry": Copy("false", ()),
    "worklist_assignment": Copy(f"task_id in (select id from actions_task where {OF_CUSTOMER})"),
}

DONE_ON_ITS_DAY = (
    """
    update pg_temp.actions_task set status = 'done', closed_on = %(as_of)s
    where status = 'open' and greatest(due_on, not_before) <= %(as_of)s and customer_id = any(%(customers)s::bigint[])
    """,
    """
    update pg_temp.actions_message set status = 'sent', sent_on = %(as_of)s, held_because = ''
    where status in ('queued', 'held') and held_because not in ('no_address', 'approval', 'consult')
        and account_id = any(%(customers)s::bigint[])
    """,
    """
    update pg_temp.actions_plannedaction set cleared_on = %(as_of)s
    where waits_for <> '' and cleared_on is null and withdrawn_on is null and account_id = any(%(customers)s::bigint[])
    """,
)


@contextmanager
def without_trace(
    *,
    since: date,
    customers: Sequence[int] | None,
    before_copies: Callable[[], None],
    other_rows: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Copies the portfolio (`customers`, whole accounts; None = all) and lets the block live on it; then all is undone.

    Everything is read as it stood at one moment, so people may go on working meanwhile. Closed items and past
    actions are copied from `since` on. `other_rows`: conditions that replace those on the rows of a table.
    """
    alone = not connection.in_atomic_block
    if alone:
        connection.close()  # a session of its own: room for copies can only be made in a fresh one
    try:
        with transaction.atomic():
            if alone:
                _make_room()
            before_copies()
            copies = _copies_of_the_day(other_rows or {})
            make_copies(copies, given={"customers": customers, "since": since}, analysed=True)
            with on_copies(copies):
                yield
            transaction.set_rollback(True)
    finally:
        if alone:
            connection.close()


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute(f"set local temp_buffers = '{LOCAL_MEMORY}'")
        cursor.execute(f"set local work_mem = '{WORK_MEMORY}'")


def _copies_of_the_day(other_rows: Mapping[str, str]) -> dict[str, Copy]:
    """What the steps of the day write, by the headers of their files, and how each table is copied."""
    folders = {Path(sys.modules[step.__module__].__file__ or "").parent for _name, step in LIVED}
    written = {table for folder in folders for path in folder.glob("*.sql") for table in written_by(path)}
    copies = {table: NARROWED.get(table, Copy()) for table in sorted(written | WRITTEN_BESIDE)}
    return {
        table: Copy(other_rows[table], copy.indexes) if table in other_rows else copy for table, copy in copies.items()
    }


def working_days(*, after: date, until: date) -> list[date]:
    """The tenant's working days after a day, up to and with another."""
    days = Day.objects.filter(day__gt=after, day__lte=until, is_working=True)
    return list(days.order_by("day").values_list("day", flat=True))


def live_ahead(
    *, days: Sequence[date], customers: list[int] | None, balances_matter: bool, on_progress: Callable[[int], None]
) -> None:
    """Lives working days on the copies, for these customers (whole accounts; None = all).

    `balances_matter`: facts of balances decide who follows which strategy. `on_progress(how many days are over)`.
    """
    _begin_agenda()
    for number, day in enumerate(days):
        on_progress(number)
        theirs = customers if number == 0 else _whose_day_has_come(day)
        if theirs is None or theirs:
            _live(day, theirs, balances_matter=balances_matter)


def _begin_agenda() -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.agenda")
        cursor.execute("create temp table agenda (account_id bigint, day date) on commit drop")
        cursor.execute("create index on pg_temp.agenda (day)")
        cursor.execute("create index on pg_temp.agenda (account_id)")


def _whose_day_has_come(day: date) -> list[int]:
    """All customers of the accounts that have something to look at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from portfolio_customer where account_id in (select account_id from pg_temp.agenda where day <= %s)"
            " union select account_id from pg_temp.agenda where day <= %s",
            [day, day],
        )
        return [row[0] for row in cursor.fetchall()]


def _live(day: date, customers: list[int] | None, *, balances_matter: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate pg_temp.strategies_duestep")
    are_many = customers is None or len(customers) >= MANY
    with joined_by_hash() if are_many else nullcontext():
        for _name, step in LIVED:
            step(as_of=day, run_id=None, customers=customers)
    with connection.cursor() as cursor:
        whose = customers if customers is not None else _everybody(cursor)
        for statement in DONE_ON_ITS_DAY:
            cursor.execute(statement, {"as_of": day, "customers": whose})
        cursor.execute("delete from pg_temp.agenda where account_id = any(%s)", [whose])
    given: dict[str, Any] = {"as_of": day, "customers": customers, "balances_matter": balances_matter}
    execute(f"insert into pg_temp.agenda (account_id, day)\n{text_of(NEXT_DAYS)}", given)
    if are_many:
        with connection.cursor() as cursor:
            cursor.execute("analyze agenda, actions_plannedaction, actions_task, actions_message, strategies_progress")


def _everybody(cursor: Any) -> list[int]:
    cursor.execute("select id from portfolio_customer")
    return [row[0] for row in cursor.fetchall()]
