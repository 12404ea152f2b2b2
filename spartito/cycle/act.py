"""The only way a user action happens: one operation, then the day's steps for its customers.

`act` opens the transaction, shares the tenant's lock with other actions (a step for everybody holds it
alone), locks the customers of the accounts concerned, runs one operation of one room and then
every step of the day for those customers, at the business date of the door.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import transaction

from spartito.access.models import User
from spartito.actions.models import PlannedAction, Task
from spartito.cycle.daily import DAY
from spartito.platform import locks
from spartito.platform.connection import connection
from spartito.platform.sql import plan_once
from spartito.portfolio.models import Customer

# By their own indexes: an `or` between them would read every customer of the company.
LOCK_ACCOUNTS = """
with accounts as (
    select account_id as id
    from portfolio_customer
    where id = any(%(customers)s) and account_id is not null
)
select
    id,
    coalesce(account_id, id) as account
from portfolio_customer
where id in (
    select unnest(%(customers)s::bigint[])
    union
    select id from accounts
    union
    select member.id from portfolio_customer as member inner join accounts on accounts.id = member.account_id
)
order by id
for no key update
"""
ACCOUNTS = "select coalesce(account_id, id) from portfolio_customer where id = any(%(customers)s)"
HOW_IT_STANDS = """
select
    (select coalesce(max(id), 0) from actions_plannedaction where account_id = any(%(customers)s::bigint[])),
    (select count(*) from actions_message where account_id = any(%(customers)s::bigint[]) and status = 'withdrawn'),
    (select count(*) from actions_task where customer_id = any(%(customers)s::bigint[]) and status = 'open')
"""


@dataclass
class Decided:
    """What an action led to. `planned` is new; `withdrawn` and `closed` count what lost its reason."""

    result: Any
    as_of: date
    customers: list[int]
    planned: list[PlannedAction] = field(default_factory=list)
    withdrawn: int = 0
    closed: int = 0

    @cached_property
    def next_action(self) -> dict[str, Any] | None:
        """What the engine will do next for the first customer concerned, from the explanation."""
        from spartito.strategies.explain import explain

        if not self.customers:
            return None
        return explain(customer=Customer.objects.get(pk=self.customers[0]), as_of=self.as_of)["next_action"]


def act(
    operation: Callable[..., Any], *, user: User | None, customers: Iterable[int], as_of: date, **kw: Any
) -> Decided:
    """Run `operation(user=…, customers=…, as_of=…, **kw)` and everything that follows from it, or nothing.

    `as_of` is the tenant's business date; a reaction is never before the last run (rule 13).
    Whatever the operation raises undoes the whole.
    """
    named = list(customers)
    day = max(as_of, connection.tenant.last_run_date or as_of)
    with transaction.atomic():
        locks.ledger_shared()
        plan_once()
        concerned = _lock_accounts_of(named)
        before = _how_it_stands(concerned)
        result = operation(user=user, customers=named, as_of=day, **kw)
        concerned = _lock_accounts_of(named) if named else concerned
        for _name, step in DAY:
            step(as_of=day, run_id=None, customers=concerned)
        return _compare(before, result=result, day=day, named=named, concerned=concerned)


def _lock_accounts_of(customers: list[int]) -> list[int]:
    """Ids of every customer of the accounts that `customers` belong to, locked in order of id: first the accounts
    against the range of a night step that holds them, then the rows against other actions.
    """
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, {"customers": customers})
        locks.accounts_shared(account for (account,) in cursor.fetchall())
        cursor.execute(LOCK_ACCOUNTS, {"customers": customers})
        locked = cursor.fetchall()
        locks.accounts_shared({account for _, account in locked})  # they may have changed while it waited
        return [customer for customer, _ in locked]


def _how_it_stands(customers: list[int]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(HOW_IT_STANDS, {"customers": customers})
        last, withdrawn, still_open = cursor.fetchone()
    return {"last": last, "withdrawn": withdrawn, "open": still_open}


def _compare(before: dict[str, int], *, result: Any, day: date, named: list[int], concerned: list[int]) -> Decided:
    planned = PlannedAction.objects.filter(account__in=concerned, id__gt=before["last"], origin="engine")
    after = _how_it_stands(concerned)
    new = list(planned.order_by("id"))
    new_tasks = Task.objects.filter(planned_action__in=new, status=Task.Status.OPEN).count()
    return Decided(
        result=result,
        as_of=day,
        customers=named,
        planned=new,
        withdrawn=after["withdrawn"] - before["withdrawn"],
        closed=max(0, before["open"] + new_tasks - after["open"]),
    )
