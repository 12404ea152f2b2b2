"""What two lived futures say, side by side: by day, channel, person and customer; money expected; needless contacts.

The rows of each part of the portfolio are taken out of its copies before these are undone, and compared together in
`pg_temp.rehearsed`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.reference.queries import message_costs
from spartito.worklist.queries import capacity_of, efforts_of_kinds
from spartito.worklist.steps import assign

Rows = bytes
SIDES = ("live", "draft")
MOST_TOLD = 2_000  # customers of each list of changes, those with most overdue; all are counted
SOON = 7  # days: a customer expected to pay all of it within them was reminded for nothing

TAKE_OUT = """
select
    planned.account_id,
    planned.due_on as day,
    case
        when planned.channel = 'phone' then 'call'
        when planned.kind = 'contact' then 'message'
        when task.id is null then 'measure'
        else 'task'
    end as kind,
    planned.step_code,
    coalesce(nullif(message.goes_by, ''), nullif(planned.channel, ''), planned.action) as way,
    coalesce(nullif(planned.template, ''), planned.params ->> 'level', '') as what,
    coalesce(task.kind, '') as task_kind,
    coalesce(task.assign_to, '') as assign_to,
    planned.kind = 'contact' and (planned.why ->> 'days_overdue')::integer > 0 and coalesce((
        select bool_and(coalesce(money.day <= planned.due_on + {soon}, false))
        from pg_temp.actions_actionitem as link
        left join pg_temp.expected_payment as money on money.item_id = link.item_id
        where link.planned_action_id = planned.id and link.role = 'moved'
    ), false) as is_needless,
    case when %(details)s then planned.why end as why
from pg_temp.actions_plannedaction as planned
left join pg_temp.actions_message as message on message.planned_action_id = planned.id
left join pg_temp.actions_task as task on task.planned_action_id = planned.id
where planned.due_on > %(as_of)s
    and planned.origin = 'engine'
    and planned.withdrawn_on is null
    and planned.account_id in (select id from pg_temp.portfolio_customer)
union all
select
    task.customer_id, task.due_on, 'task', '', task.kind, '', task.kind, task.assign_to, false,
    jsonb_build_object('subject', task.subject)
from pg_temp.actions_task as task
where task.planned_action_id is null
    and task.due_on > %(as_of)s
    and task.customer_id in (select id from pg_temp.portfolio_customer)
"""
REHEARSED = """
create temp table rehearsed (
    side text not null default 'live', account_id bigint, day date, kind text, step_code text, way text, what text, task_kind text,
    assign_to text, is_needless boolean, why jsonb
) on commit drop
"""
COLUMNS = "account_id, day, kind, step_code, way, what, task_kind, assign_to, is_needless, why"


@dataclass
class Part:
    """What both sides planned for some whole accounts, as COPY writes it, and the money expected of them.

    `lived_again`: accounts whose draft rows are their own; the others do the same on both sides. `followers`: accounts
    that follow the draft's strategy. `cash`: (day, amount, items); `owed`: open debits; both in the tenant's currency.
    """

    live: Rows = b""
    draft: Rows = b""
    lived_again: list[int] = field(default_factory=list)
    followers: int = 0
    cash: list[dict[str, Any]] = field(default_factory=list)
    owed: Decimal = Decimal(0)


def take_out(*, as_of: date, details: bool = False) -> Rows:
    """What was planned on the copies after `as_of` for the customers on them; with its reasons where `details`."""
    given = {"as_of": as_of, "details": details}
    with connection.cursor() as cursor, cursor.copy(f"copy ({TAKE_OUT.format(soon=SOON)}) to stdout", given) as taken:
        return b"".join(bytes(part) for part in taken)


def tell(parts: Sequence[Part], *, as_of: date, details: bool) -> dict[str, Any]:
    """Both sides compared, all parts together.

    `details`: every action with its reason, too: for the few accounts somebody opens.
    """
    bring_together(parts)
    told: dict[str, Any] = {
        "followers": sum(part.followers for part in parts),
        "totals": totals(as_of=as_of),
        "by_day": _by_day(),
        "by_channel": by_channel(as_of=as_of),
        "by_person": _by_person(as_of),
        **_changes(),
        "cash": _cash(parts),
        "complaints": complaints(),
    }
    if details:
        told["actions"] = _actions()
    return told


def bring_together(parts: Sequence[Part]) -> None:
    """Both sides in `pg_temp.rehearsed`; accounts not lived again have the live side's rows on both."""
    with connection.cursor() as cursor:
        cursor.execute(REHEARSED)
        for side in SIDES:
            cursor.execute(f"alter table pg_temp.rehearsed alter column side set default '{side}'")
            for part in parts:
                with cursor.copy(f"copy pg_temp.rehearsed ({COLUMNS}) from stdin") as into:
                    into.write(getattr(part, side))
        cursor.execute(
            f"insert into pg_temp.rehearsed (side, {COLUMNS}) select 'draft', {COLUMNS} from pg_temp.rehearsed"
            " where side = 'live' and account_id <> all(%s::bigint[])",
            [[account for part in parts for account in part.lived_again]],
        )
        cursor.execute("analyze pg_temp.rehearsed")


def rows_of(statement: str, given: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """A statement's rows as dicts."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given or {})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# --- how much ---------------------------------------------------------------------------------------------

COUNTS = """
    count(*) filter (where kind = 'message') as messages,
    count(*) filter (where kind = 'call') as calls,
    count(*) filter (where kind = 'task') as tasks,
    count(*) filter (where kind = 'measure') as measures
"""


def totals(*, as_of: date) -> dict[str, Any]:
    """Per side: messages, calls, tasks and measures, customers reached, cost of the messages."""
    costs = message_costs(as_of)
    rows = rows_of(
        f"select side, {COUNTS}, count(distinct account_id) filter (where kind in ('message', 'call')) as customers"
        " from pg_temp.rehearsed group by side"
    )
    found = {row.pop("side"): row for row in rows}
    spent = {side: Decimal(0) for side in SIDES}
    for row in rows_of(
        "select side, way, count(*) as how_many from pg_temp.rehearsed where kind = 'message' group by side, way"
    ):
        spent[row["side"]] += costs.get(row["way"], Decimal(0)) * row["how_many"]
    nothing = dict.fromkeys(("messages", "calls", "tasks", "measures", "customers"), 0)
    return {side: nothing | found.get(side, {}) | {"cost": spent[side]} for side in SIDES}


def _by_day() -> list[dict[str, Any]]:
    """The days on which something is planned on either side."""
    days: dict[date, dict[str, Any]] = {}
    for row in rows_of(f"select day, side, {COUNTS} from pg_temp.rehearsed group by day, side order by day"):
        nothing = dict.fromkeys(("messages", "calls", "tasks", "measures"), 0)
        day = days.setdefault(row["day"], {"date": row["day"], "live": nothing, "draft": nothing})
        day[row["side"]] = {name: row[name] for name in nothing}
    return list(days.values())


def by_channel(*, as_of: date) -> list[dict[str, Any]]:
    """Contacts by the channel that would carry them, with what they cost; null where no cost is known."""
    costs = message_costs(as_of)
    rows = rows_of(
        "select way as channel, count(*) filter (where side = 'live') as live, count(*) filter (where side = 'draft') as draft"
        " from pg_temp.rehearsed where kind in ('message', 'call') group by way order by way"
    )
    for row in rows:
        each = costs.get(row["channel"])
        row["unit_cost"] = each
        row |= {f"{side}_cost": None if each is None else each * row[side] for side in SIDES}
    return rows


def complaints() -> dict[str, Any]:
    """Contacts of customers expected to pay all that they are about within a week by themselves."""
    found = {row["side"]: row["how_many"] for row in rows_of(
        "select side, count(*) as how_many from pg_temp.rehearsed where is_needless group by side"
    )}  # fmt: skip
    return {"within_days": SOON} | {side: found.get(side, 0) for side in SIDES}


CASH = """
select money.day as date, sum(round(money.amount / coalesce(rate.rate, 1), 2)) as amount, count(*) as items
from pg_temp.expected_payment as money
inner join portfolio_item as item on item.id = money.item_id
left join lateral (
    select latest.rate from reference_exchangerate as latest
    where latest.currency_id = item.currency and latest.day <= %(as_of)s order by latest.day desc limit 1
) as rate on true
group by money.day order by money.day
"""


def cash(as_of: date) -> list[dict[str, Any]]:
    """Money expected by day from the customers on the copies, in the tenant's currency."""
    return rows_of(CASH, {"as_of": as_of})


def owed() -> Decimal:
    """Open debits of the customers on the copies, in the tenant's currency."""
    found: Decimal = rows_of("select coalesce(sum(debits), 0) as amount from pg_temp.portfolio_position")[0]["amount"]
    return found


def _cash(parts: Sequence[Part]) -> dict[str, Any]:
    """Money expected by day; the same on both sides (`prediction`)."""
    days: dict[date, dict[str, Any]] = {}
    for row in (row for part in parts for row in part.cash):
        day = days.setdefault(row["date"], {"date": row["date"], "amount": Decimal(0), "items": 0})
        day["amount"] += row["amount"]
        day["items"] += row["items"]
    so_far = Decimal(0)
    curve = [days[day] for day in sorted(days)]
    for row in curve:
        so_far += row["amount"]
        row["so_far"] = so_far
    not_expected = max(sum((part.owed for part in parts), Decimal(0)) - so_far, Decimal(0))
    return {"expected": so_far, "not_expected": not_expected, "curve": curve}


# --- who has to do it -------------------------------------------------------------------------------------

PERSONS = """
insert into pg_temp.actions_task (customer_id, kind, subject, assign_to, due_on)
select distinct account_id, 'phone', 'rehearsal', assign_to, %(as_of)s::date from pg_temp.rehearsed where assign_to <> ''
"""
WORK = """
with persons as (
    select task.customer_id, task.assign_to, held.user_id
    from pg_temp.actions_task as task
    inner join pg_temp.worklist_assignment as held on held.task_id = task.id
    where task.subject = 'rehearsal' and task.status = 'open'
),

work as (
    select
        lived.side,
        lived.day,
        coalesce(away.substitute_id, person.user_id) as user_id,
        coalesce(effort.minutes, %(other)s) as minutes
    from pg_temp.rehearsed as lived
    inner join persons as person on person.customer_id = lived.account_id and person.assign_to = lived.assign_to
    left join unnest(%(kinds)s::text[], %(minutes)s::integer[]) as effort (kind, minutes) on effort.kind = lived.task_kind
    left join lateral (
        select absence.substitute_id from worklist_absence as absence
        where absence.user_id = person.user_id and lived.day between absence.starts_on and absence.ends_on limit 1
    ) as away on true
)

select
    user_id, day as date,
    count(*) filter (where side = 'live') as live, count(*) filter (where side = 'draft') as draft,
    coalesce(sum(minutes) filter (where side = 'live'), 0)::integer as live_minutes,
    coalesce(sum(minutes) filter (where side = 'draft'), 0)::integer as draft_minutes
from work group by user_id, day order by user_id, day
"""


def _by_person(as_of: date) -> list[dict[str, Any]]:
    """Calls and tasks by day of each person who would get them, in minutes, beside what the person's day holds.

    Who gets a task is decided by the worklist's own step; one nobody can take has no person. What is open today is not in it.
    """
    with connection.cursor() as cursor:
        cursor.execute("delete from pg_temp.actions_task where status = 'open'")
        cursor.execute(PERSONS, {"as_of": as_of})
    assign(as_of=as_of, run_id=None)
    efforts = efforts_of_kinds()
    rows = rows_of(WORK, {"kinds": list(efforts), "minutes": list(efforts.values()), "other": 6})
    people = {person.pk: person for person in User.objects.filter(pk__in={row["user_id"] for row in rows})}
    days: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        days.setdefault(row.pop("user_id"), []).append(row)
    told = [_person(people.get(person or 0), theirs) for person, theirs in days.items()]
    return sorted(told, key=lambda each: (-each["draft"]["minutes"], each["name"]))


def _person(person: User | None, days: list[dict[str, Any]]) -> dict[str, Any]:
    capacity = capacity_of(person) if person else 0
    told: dict[str, Any] = {
        "person": person.username if person else None,
        "name": str(person) if person else "",
        "capacity": capacity,
    }
    for side in SIDES:
        minutes = [day[f"{side}_minutes"] for day in days]
        told[side] = {
            "tasks": sum(day[side] for day in days),
            "minutes": sum(minutes),
            "most_minutes": max(minutes),
            "days_beyond": sum(1 for each in minutes if each > capacity),
        }
    return told | {"days": days}


# --- whom it changes --------------------------------------------------------------------------------------

DIFFERING = """
create temp table differing on commit drop as
select *
from (
    select
        account_id, kind, step_code, way, what,
        array_agg(day order by day) filter (where side = 'live') as live_days,
        array_agg(day order by day) filter (where side = 'draft') as draft_days
    from pg_temp.rehearsed
    group by account_id, kind, step_code, way, what
) as step
where live_days is distinct from draft_days
"""
CHANGES = """
with customers as (
    select
        account_id,
        bool_or(coalesce(cardinality(draft_days), 0) > coalesce(cardinality(live_days), 0)) as more,
        bool_or(coalesce(cardinality(draft_days), 0) < coalesce(cardinality(live_days), 0)) as less
    from pg_temp.differing
    group by account_id
),

lists as (
    select customers.account_id, list.name
    from customers
    cross join lateral (values ('more', more), ('less', less), ('moved', not more and not less)) as list (name, is_one)
    where list.is_one
),

told as (
    select
        lists.name as list,
        account.id, account.code, account.name, coalesce(position.overdue, 0) as overdue,
        count(*) over (partition by lists.name) as how_many,
        row_number() over (partition by lists.name order by coalesce(position.overdue, 0) desc, account.id) as place
    from lists
    inner join portfolio_customer as account on account.id = lists.account_id
    left join portfolio_position as position on position.customer_id = account.id
)

select
    told.list, told.how_many, told.id, told.code as customer, told.name, told.overdue,
    step.kind, step.step_code as step, step.way, step.what,
    coalesce(step.live_days, '{}') as live, coalesce(step.draft_days, '{}') as draft
from told
inner join pg_temp.differing as step on step.account_id = told.id
where told.place <= %(most)s
order by told.list, told.place, coalesce(step.draft_days[1], step.live_days[1]), step.step_code, step.way
"""


def _changes() -> dict[str, Any]:
    """Customers who get something more, something less (some are both), or the same on other days, with the steps that
    differ. Counted are all; told those of each list that have most overdue.
    """
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING)
        cursor.execute("select count(distinct account_id) from pg_temp.differing")
        customers = cursor.fetchone()[0]
    counts = {"customers": customers, "more": 0, "less": 0, "moved": 0}
    lists: dict[str, dict[int, dict[str, Any]]] = {"more": {}, "less": {}, "moved": {}}
    for row in rows_of(CHANGES, {"most": MOST_TOLD}):
        counts[row["list"]] = row["how_many"]
        head = {name: row[name] for name in ("id", "customer", "name", "overdue")}
        found = lists[row["list"]].setdefault(row["id"], head | {"changes": []})
        found["changes"].append({name: row[name] for name in ("kind", "step", "way", "what", "live", "draft")})
    return {"changes": counts} | {name: list(theirs.values()) for name, theirs in lists.items()}


def _actions() -> list[dict[str, Any]]:
    rows = rows_of(
        "select side, account_id, day as date, kind, step_code as step, way, what, assign_to, is_needless, why::text"
        " from pg_temp.rehearsed order by day, side, kind, step_code"
    )
    return [row | {"why": json.loads(row["why"])} for row in rows]
