"""Why a customer's items stand where they stand, and what comes next: asked of the engine itself.

The steps of the day run on temporary copies of this account's rows (a `pg_temp` table is found first), day
after day on which something can change, and are rolled back. So the explanation of the evening before says
what the morning plans: there is no second evaluator.
"""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.actions import steps as actions
from spartito.platform import money
from spartito.platform.copies import Copy, make_copies
from spartito.platform.sql import on_copies, plan_once, run_steps, text_of
from spartito.portfolio import steps as portfolio
from spartito.portfolio.models import Customer
from spartito.strategies import steps as strategies
from spartito.strategies.because import ordered_sentence, reasons
from spartito.strategies.leaves import conditions_of
from spartito.strategies.names import said_step
from spartito.strategies.occasions import plan_occasions
from spartito.strategies.occasions_told import (
    is_any_to_come,
    next_occasion_on,
    occasion_sentence,
    standing_occasions,
)

NEXT_DAY = Path(__file__).parent / "reads" / "next_day.sql"
BELOW_MINIMUM = Path(__file__).parent / "reads" / "below_minimum.sql"
BALANCES = portfolio.REFRESH
LOOKED_AHEAD = timedelta(days=400)
MOST_DAYS = 60

# Tables that the steps write, how this account's rows are found, and the indexes their statements rely on.
THEIRS = "id = any(%(customers)s) or id in (select parent_id from portfolio_customer where id = any(%(customers)s))"
OF_CUSTOMER = "customer_id = any(%(customers)s)"
OF_ACCOUNT = "account_id = any(%(customers)s)"
OF_ITEM = "item_id in (select id from portfolio_item where customer_id = any(%(customers)s))"
OF_ACTION = "planned_action_id in (select id from actions_plannedaction where account_id = any(%(customers)s))"
PROMISED = "item_id in (select item_id from portfolio_hold where kind = 'promise' and customer_id = any(%(customers)s))"
COPIES = {
    "portfolio_customer": Copy(THEIRS, ("unique (id)",)),  # with their groups, which may name a strategy
    "portfolio_item": Copy(OF_CUSTOMER, ("unique (id)",)),
    "portfolio_movement": Copy(f"(not is_applied or {PROMISED}) and {OF_ITEM}", ("(item_id)",)),
    "portfolio_ageing": Copy(OF_CUSTOMER, ("(customer_id)",)),
    "portfolio_position": Copy(OF_CUSTOMER, ("unique (customer_id)",)),
    "actions_plannedaction": Copy(OF_ACCOUNT, ("unique (id)",)),
    "actions_actionitem": Copy(OF_ACTION, ("unique (planned_action_id, item_id)",)),
    "actions_task": Copy(OF_CUSTOMER, ("unique (id)",)),
    "actions_message": Copy(OF_ACCOUNT, ("unique (id)",)),
    "strategies_enrolment": Copy(OF_ACCOUNT, ("unique (account_id)",)),
    "strategies_conditionresult": Copy(OF_ACCOUNT, ("(account_id)",)),
    "strategies_progress": Copy(OF_ITEM, ("unique (item_id)",)),
    "strategies_takenstep": Copy(OF_ITEM, ("(item_id)",)),
    "strategies_order": Copy(OF_ITEM, ("(item_id)",)),
    "strategies_duestep": Copy(OF_ACCOUNT, ("unique (item_id)",)),
    "strategies_education": Copy(OF_ACCOUNT, ("unique (account_id)",)),
    "strategies_occasion": Copy(OF_ACCOUNT, ("unique (id)", "(account_id)")),
    "journal_entry": Copy("false", ("(id)",)),
}


def explain(*, customer: Customer, as_of: date, asking: bool = False) -> dict[str, Any]:
    """What the engine knows of a customer on `as_of`, and what it will do after it (design 7). Internal: doors check who asks.

    Amounts are in the item's currency. `next_action` is the account's first action after `as_of`, as it would be
    planned if nothing but the calendar changed; null when there is none in sight. `asking`: with what the policy asks of
    the account (`asks`) and of each document (`asks` of the item), comparison by comparison (`leaves.Condition`).
    """
    account = _account_of(customer)
    members = _members(account)
    with transaction.atomic():
        make_copies(COPIES, given={"customers": members})
        plan_once()
        with on_copies(COPIES):
            told = _tell(customer, account, members, as_of, asking=asking)
        transaction.set_rollback(True)
    return told


def _account_of(customer: Customer) -> Customer:
    """Who is written to; before a customer's first run nobody has written it down yet."""
    if customer.account is not None:
        return customer.account
    parent = customer.parent if customer.parent is not None and customer.parent.dun_group else None
    return customer.payer or parent or customer


def _members(account: Customer) -> list[int]:
    new = Q(account=None) & (Q(payer=account) | Q(payer=None, parent=account, parent__dun_group=True))
    members = set(Customer.objects.filter(Q(account=account) | new).values_list("pk", flat=True))
    return sorted(members | {account.pk})


def _tell(customer: Customer, account: Customer, members: list[int], as_of: date, *, asking: bool) -> dict[str, Any]:
    live_day(as_of, members, deciding=False)
    items = _items(customer if customer.pk != account.pk else None, members, as_of)
    because = reasons(customers=members, as_of=as_of)
    strategy = _strategy_of(account)
    asked = conditions_of(account=account.pk, members=members, as_of=as_of) if asking else None
    occasions = standing_occasions(customers=members, as_of=as_of)
    waits = _look_ahead(items, members, as_of)
    moves = _first_moves(as_of)
    for item in items:
        item["waits_for"] = waits.get(item["id"])
        item["because"] = because.get(item["id"])
        if asked is not None:
            item["asks"] = asked.of_items.get(item["id"], [])
        item["next_step"], item["next_date"] = moves.get(item.pop("id"), (None, None))
    return {
        "customer": customer.code,
        "date": as_of,
        "strategy": strategy[0],
        "version": strategy[1],
        "rating": customer.rating or None,
        "next_action": _next_action(as_of),
        "items": items,
        "holds": _holds(members, as_of),
        **({"asks": asked.of_account} if asked is not None else {}),
        **({"occasions": occasions} if occasions else {}),
    }


def live_day(day: date, members: list[int], *, deciding: bool = True) -> None:
    """A day of these customers on the copies: balances, withdrawals, and (unless it is the day asked) decisions."""
    run_steps(BALANCES, as_of=day, customers=members)
    if deciding:
        actions.withdraw(as_of=day, run_id=None, customers=members)
        strategies.give_back_levels(as_of=day, run_id=None, customers=members)
        strategies.decide(as_of=day, run_id=None, customers=members)
        plan_occasions(as_of=day, run_id=None, customers=members)
    else:
        strategies.enrol(as_of=day, run_id=None, customers=members)


def _look_ahead(items: list[dict[str, Any]], members: list[int], as_of: date) -> dict[int, str]:
    """Lives the days after `as_of` until every item that can move, some after their hold, has moved once.

    Returns what items whose step is due must wait for before they move: the first thing of each.
    """
    waiting = {item["id"] for item in items if item["can_move"]}
    waits: dict[int, str] = dict(_rows(WAITING, {"as_of": as_of}))
    for item in items:
        del item["can_move"]
    looks_for_texts = is_any_to_come(as_of=as_of)
    day, first = as_of, True
    for _number in range(MOST_DAYS):
        following = next_day(day, members, first=first, looks_for_texts=looks_for_texts)
        if following is None or following > as_of + LOOKED_AHEAD:
            break
        day, first = following, False
        live_day(day, members)
        moved = set(_first_moves(as_of))
        waits = {item: why for item, why in _rows(WAITING, {"as_of": day}) if item not in moved} | waits
        if waiting <= moved and (not looks_for_texts or _rows(NEXT_ACTION, {"as_of": as_of})):
            break
    return waits


WAITING = """
select due.item_id, coalesce(nullif(due.waits_for, ''), planned.waits_for, 'other_contacts')
from strategies_duestep as due
left join (
    select link.item_id, min(action.waits_for) as waits_for
    from actions_actionitem as link
    inner join actions_plannedaction as action on action.id = link.planned_action_id
    where action.waits_for <> '' and action.withdrawn_on is null and link.role = 'moved'
    group by link.item_id
) as planned on planned.item_id = due.item_id
where due.as_of = %(as_of)s
    and not exists (
        select 1 from strategies_takenstep as taken
        where taken.item_id = due.item_id and taken.taken_on = due.as_of and taken.voided_on is null
    )
"""


def next_day(day: date, members: list[int], *, first: bool, looks_for_texts: bool) -> date | None:
    with connection.cursor() as cursor:
        cursor.execute(text_of(NEXT_DAY), {"as_of": day, "customers": members, "first": first})
        row = cursor.fetchone()
    of_items: date | None = row[0] if row else None
    of_texts = next_occasion_on(customers=members, as_of=day) if looks_for_texts else None
    return min(filter(None, (of_items, of_texts)), default=None)


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


ITEMS = """
select
    item.id, item.document_number, %(as_of)s::date - item.due_date, nullif(progress.level, ''),
    case when item.open_amount < 0 then 'credit' else judged.why_not end,
    exists (
        select 1 from strategies_step as step
        where step.version_id = judged.version_id
            and (
                step.params ->> 'repeat_every' is not null
                or not exists (
                    select 1 from strategies_takenstep as taken
                    where taken.item_id = item.id and taken.step_code = step.code and taken.voided_on is null
                )
                and step.position > coalesce((
                    select here.position from strategies_step as here
                    where here.version_id = judged.version_id and here.code = progress.level
                ), 0)
            )
            and (step.days >= 0 or judged.days <= 0)
    ),
    not exists (
        select 1 from portfolio_hold as hold
        where hold.customer_id = any(%(customers)s::bigint[])
            and hold.ends_on is null
            and hold.amount is null
            and (hold.released_on is null or hold.released_on > %(as_of)s)
            and (hold.item_id = item.id or hold.item_id is null and hold.customer_id in (customer.id, customer.account_id))
    )
    and (
        judged.why_not in ('hold', 'below_minimum') and exists (
            select 1 from portfolio_hold as hold
            where hold.customer_id = any(%(customers)s::bigint[])
                and hold.ends_on >= %(as_of)s
                and (hold.released_on is null or hold.released_on > %(as_of)s)
                and (hold.item_id = item.id or hold.item_id is null and hold.customer_id in (customer.id, customer.account_id))
        )
        or judged.why_not = 'not_owed' and item.retention_release_date > %(as_of)s
    )
from portfolio_item as item
inner join portfolio_customer as customer on customer.id = item.customer_id
left join strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], null) as judged on judged.item_id = item.id
left join strategies_progress as progress on progress.item_id = item.id
where item.closed_on is null
    and item.open_amount <> 0
    and (%(only)s::bigint is null or item.customer_id = %(only)s)
order by item.due_date, item.document_number, item.id
"""


def _items(only: Customer | None, members: list[int], as_of: date) -> list[dict[str, Any]]:
    """The open items. A dunnable one has a `why_not` too while its account owes too little for anything to be planned."""
    given = {"as_of": as_of, "customers": members, "only": only and only.pk}
    too_little = {item for (item,) in _rows(text_of(BELOW_MINIMUM), given)}
    return [
        {
            "id": item,
            "document": document,
            "days_overdue": days,
            "level": level,
            "dunnable": why_not is None,
            "why_not": why_not or ("minimum_overdue" if item in too_little else None),
            "can_move": has_step and (why_not is None or bool(its_day_comes)),
        }
        for item, document, days, level, why_not, has_step, its_day_comes in _rows(ITEMS, given)
    ]


def _strategy_of(account: Customer) -> tuple[str | None, int | None]:
    rows = _rows(
        "select strategy.code, version.number from strategies_enrolment as enrolment"
        " inner join strategies_version as version on version.id = enrolment.version_id"
        " inner join strategies_strategy as strategy on strategy.id = version.strategy_id"
        " where enrolment.account_id = %(account)s",
        {"account": account.pk},
    )
    return rows[0] if rows else (None, None)


def _first_moves(as_of: date) -> dict[int, tuple[str, date]]:
    """The first step each item takes after `as_of`, and when."""
    rows = _rows(
        "select distinct on (item_id) item_id, step_code, taken_on from strategies_takenstep"
        " where taken_on > %(as_of)s and coalesce(voided_on > taken_on, true) and source in ('engine', 'absorbed') order by item_id, taken_on, id",
        {"as_of": as_of},
    )
    return {item: (step, day) for item, step, day in rows}


NEXT_ACTION = """
select
    planned.due_on, planned.step_code, planned.channel, planned.action, planned.waits_for, planned.why,
    array(
        select item.document_number
        from actions_actionitem as listed
        inner join portfolio_item as item on item.id = listed.item_id
        where listed.planned_action_id = planned.id
            and not exists ( -- what joins it on a later day
                select 1 from strategies_takenstep as taken
                where taken.planned_action_id = planned.id and taken.item_id = listed.item_id and taken.taken_on > planned.due_on
            )
        order by listed.listed_as
    )
from actions_plannedaction as planned
where planned.due_on > %(as_of)s and coalesce(planned.withdrawn_on > planned.due_on, true) and planned.origin = 'engine'
order by planned.due_on, planned.kind, planned.id
limit 1
"""


def _next_action(as_of: date) -> dict[str, Any] | None:
    for due_on, step, channel, action, waits_for, why, documents in _rows(NEXT_ACTION, {"as_of": as_of}):
        kind = {"channel": channel} if channel else {"action": action}
        waits = {"waits_for": waits_for} if waits_for else {}
        return {"date": due_on, "step": step, **kind, **waits, "documents": documents, "why": sentence(_plain(why))}
    return None


def _plain(why: Any) -> dict[str, Any]:
    return json.loads(why) if isinstance(why, str) else dict(why)


def _holds(members: list[int], as_of: date) -> list[dict[str, Any]]:
    rows = _rows(
        "select hold.kind, item.document_number, hold.amount, hold.starts_on, hold.ends_on, hold.review_on, hold.because"
        " from portfolio_hold as hold left join portfolio_item as item on item.id = hold.item_id"
        " where hold.customer_id = any(%(customers)s) and (hold.ends_on is null or hold.ends_on >= %(as_of)s)"
        " and (hold.released_on is null or hold.released_on > %(as_of)s) order by hold.starts_on, hold.id",
        {"customers": members, "as_of": as_of},
    )
    names = ("kind", "document", "amount", "from", "until", "review", "because")
    return [dict(zip(names, row, strict=True)) for row in rows]


def sentence(why: dict[str, Any]) -> str:
    """The facts that decided an action as one sentence: document, amount, days, rule."""
    if "occasion" in why:
        return occasion_sentence(why)
    if "document" not in why:
        return ""
    if "ordered_on" in why:
        return ordered_sentence(why)
    days, begins = int(why.get("days_overdue") or 0), int(why.get("step_days") or 0)
    told = {
        "document": why["document"],
        "amount": money.written(Decimal(why.get("amount") or 0), language=get_language() or "it"),
        "currency": why.get("currency"),
        "step": said_step(why.get("step")),
        "days": days,
        "step_days": begins,
        "left": -days,
        "before": -min(begins, 0),
    }
    if days <= 0:
        return (
            _(
                "%(document)s, %(amount)s %(currency)s, falls due in %(left)s days: step %(step)s begins %(before)s days before"
            )
            % told
        )
    return (
        _("%(document)s, %(amount)s %(currency)s, is %(days)s days overdue: step %(step)s begins at %(step_days)s")
        % told
    )
