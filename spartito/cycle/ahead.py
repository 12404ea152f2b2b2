"""Days lived on copies of the whole portfolio, for rehearsals and comparisons: the steps of the day, nothing kept.

Only accounts for which something can be due are run on a day (`strategies/reads/next_days.sql`); the first day runs all.
Everybody is taken to keep up: what a day plans is called, done and sent that day, and what waits for a word gets it.
"""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

from django.db import transaction

from spartito.cycle.daily import DAY
from spartito.platform.connection import connection
from spartito.platform.copies import Copy, make_copies
from spartito.platform.sql import execute, joined_by_hash, on_copies, text_of, written_by
from spartito.portfolio.models import Customer
from spartito.reference.models import Day
from spartito.strategies.models import Enrolment
from spartito.strategies.occasions_told import NEXT as NEXT_OCCASIONS
from spartito.strategies.occasions_told import days_of_texts, is_any_to_come
from spartito.strategies.outlook import begin_agenda, note_next_days, what_moves_followers, what_moves_steps
from spartito.strategies.steps import enrol

# The parts of a day that only people and post see: texts, whose task it is.
NOT_LIVED = ("worklist.assign", "communications.compose")
LIVED = [(name, step) for name, step in DAY if name not in NOT_LIVED]
WRITTEN_BESIDE = {
    "strategies_conditionresult", "strategies_strategy", "strategies_version", "strategies_step",
    "strategies_paymentrule", "strategies_periodic", "strategies_education", "worklist_assignment",
}  # fmt: skip
MANY = 300  # customers of a day: joins by hash and fresh counts are worth their while
MOST_SHARE = 0.5  # of the customers: above it all of them are as quick

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
    "actions_plannedaction": Copy(
        ACTIONS_KEPT,
        (
            "unique (id)",
            "(account_id, due_on desc)",
            "(id) where not is_carried_out and withdrawn_on is null",
            "(account_id) where waits_for <> ''",
            "unique (account_id, due_on, is_beside) where kind = 'contact' and origin = 'engine' and withdrawn_on is null",
            "unique (occasion_id) where occasion_id is not null and withdrawn_on is null",
        ),
    ),
    "actions_actionitem": Copy(
        f"planned_action_id in (select id from actions_plannedaction where {ACTIONS_KEPT})",
        ("unique (planned_action_id, item_id)", "(item_id)"),
    ),
    "actions_task": Copy(
        f"{OF_CUSTOMER} and (status = 'open' or closed_on > {RECENT})",
        (
            "unique (id)",
            "unique (planned_action_id)",
            "(customer_id)",
            "(customer_id) where status = 'open'",
            "(about_id) where about_id is not null",
            "(message_id) where message_id is not null",
        ),
    ),
    "actions_message": Copy(
        f"{OF_ACCOUNT} and (status in ('queued', 'held') or due_on > {RECENT})",
        (
            "unique (id)",
            "unique (planned_action_id)",
            "(account_id)",
            "(account_id) where status in ('queued', 'held')",
        ),
    ),
    "strategies_enrolment": Copy(OF_ACCOUNT),
    "strategies_conditionresult": Copy(OF_ACCOUNT),
    "strategies_progress": Copy(f"item_id in ({OPEN_ITEMS})"),
    "strategies_takenstep": Copy(
        f"item_id in ({OPEN_ITEMS})",
        ("(item_id)", "(planned_action_id)", "unique (item_id, step_code, again) where voided_on is null"),
    ),
    "strategies_occasion": Copy(OF_ACCOUNT),
    "strategies_duestep": Copy("false"),
    "journal_entry": Copy("false", ()),
    "worklist_assignment": Copy(f"task_id in (select id from actions_task where {OF_CUSTOMER})"),
}

DONE_ON_ITS_DAY = (
    """
    update pg_temp.actions_task set status = 'done', closed_on = %(as_of)s
    where status = 'open' and greatest(due_on, not_before) <= %(as_of)s
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s::bigint[]))
    """,
    """
    update pg_temp.actions_message set status = 'sent', sent_on = %(as_of)s, held_because = ''
    where status in ('queued', 'held') and held_because not in ('no_address', 'approval', 'consult')
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s::bigint[]))
    """,
    """
    update pg_temp.actions_plannedaction set cleared_on = %(as_of)s
    where waits_for <> '' and cleared_on is null and withdrawn_on is null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s::bigint[]))
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

    The transaction is `moments.one_moment`'s, so people may go on working meanwhile. Closed items and past actions are
    copied from `since` on. `other_rows`: conditions that replace those on the rows of a table.
    """
    with transaction.atomic():
        before_copies()
        copies = _copies_of_the_day(other_rows or {})
        make_copies(copies, given={"customers": customers, "since": since}, analysed=True)
        with on_copies(copies):
            yield
        transaction.set_rollback(True)


@contextmanager
def copies_for_people(*, since: date, customers: Sequence[int] | None) -> Iterator[None]:
    """Copies of tasks and of whose they are: enough to say who would get more of them."""
    copies = {table: NARROWED[table] for table in ("actions_task", "worklist_assignment")}
    with transaction.atomic():
        make_copies(copies, given={"customers": customers, "since": since}, analysed=True)
        with on_copies(copies):
            yield
        transaction.set_rollback(True)


def leave_out(accounts: Collection[int]) -> None:
    """Takes the customers of these accounts off the copies: nothing is to be lived for them."""
    if accounts:
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from pg_temp.portfolio_customer where coalesce(account_id, id) = any(%s::bigint[])",
                [list(accounts)],
            )


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


def live_ahead(*, days: Sequence[date], tell: Callable[[float], None]) -> None:
    """Lives working days on the copies, for everybody on them; `tell(the share that is over)`."""
    begin_agenda(as_of=days[0])
    moved_by, followers_move = what_moves_steps(), what_moves_followers()
    everybody = Customer.objects.count()
    for number, day in enumerate(days):
        tell(number / len(days))
        if followers_move == "days" and number:
            _enrol_everybody(day)
        theirs = None if number == 0 else _whose_day_has_come(day)
        if theirs is not None and len(theirs) > MOST_SHARE * everybody:
            theirs = None
        if theirs is None or theirs:
            _live(day, theirs)
            _look_ahead(day, theirs, balances_matter=bool(followers_move), moved_by=moved_by)
        if number & (number + 1) == 0:  # after 1, 2, 4, 8 … days
            _count_what_grew()


def _enrol_everybody(day: date) -> None:
    """Whom a day alone lets follow another strategy is looked at on it."""
    enrol(as_of=day, run_id=None)
    changed = Enrolment.objects.filter(since=day).values_list("account_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("insert into pg_temp.agenda select unnest(%s::bigint[]), %s", [list(changed), day])


def _whose_day_has_come(day: date) -> list[int]:
    """All customers of the accounts that have something to look at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from portfolio_customer where account_id in (select account_id from pg_temp.agenda where day <= %s)"
            " union select account_id from pg_temp.agenda where day <= %s",
            [day, day],
        )
        return [row[0] for row in cursor.fetchall()]


def _live(day: date, customers: list[int] | None) -> None:
    """The steps of a day, then what people and post do on it."""
    with connection.cursor() as cursor:  # a few rows are deleted: a truncated table has its plans made anew
        cursor.execute(f"{'truncate' if _are_many(customers) else 'delete from'} pg_temp.strategies_duestep")
        cursor.execute(f"set local plan_cache_mode = {'auto' if _are_many(customers) else 'force_generic_plan'}")
    with _joined(customers):
        for _name, step in LIVED:
            step(as_of=day, run_id=None, customers=customers)
    with connection.cursor() as cursor:
        for statement in DONE_ON_ITS_DAY:
            cursor.execute(statement, {"as_of": day, "customers": customers})


def _look_ahead(
    day: date, customers: list[int] | None, *, balances_matter: bool, moved_by: Mapping[str, list[int]]
) -> None:
    """Writes down when the accounts just lived are to be looked at next."""
    with connection.cursor() as cursor:
        if customers is None:
            cursor.execute("truncate pg_temp.agenda")
        else:
            cursor.execute("delete from pg_temp.agenda where account_id = any(%s)", [customers])
        cursor.execute("set local plan_cache_mode = auto")
    with joined_by_hash():
        note_next_days(as_of=day, customers=customers, balances_matter=balances_matter, moved_by=moved_by)
        if is_any_to_come(as_of=day):
            given = {"as_of": day, "customers": customers, **days_of_texts(as_of=day)}
            execute(f"insert into pg_temp.agenda (account_id, day)\n{text_of(NEXT_OCCASIONS)}", given)


def _count_what_grew() -> None:
    """What is planned grows from day to day; the planner is told of it now and then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "analyze pg_temp.agenda, pg_temp.actions_plannedaction, pg_temp.actions_actionitem, pg_temp.actions_task,"
            " pg_temp.actions_message, pg_temp.strategies_progress, pg_temp.strategies_takenstep"
        )


def _are_many(customers: list[int] | None) -> bool:
    return customers is None or len(customers) >= MANY


def _joined(customers: list[int] | None) -> AbstractContextManager[None]:
    return joined_by_hash() if _are_many(customers) else nullcontext()
