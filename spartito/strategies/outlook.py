"""When an account's next step may be due, for days that are lived ahead: nothing is looked at before it can matter."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from spartito.platform.connection import connection
from spartito.platform.facts import Fact
from spartito.platform.sql import execute, text_of
from spartito.strategies.conditions import note_items_out_of_question
from spartito.strategies.facts import FACTS
from spartito.strategies.models import Step, Strategy, Version

NEXT_DAYS = Path(__file__).parent / "reads" / "next_days.sql"
BUSY = 100  # open documents of an account: nine in ten have something to look at on any day

OF_BUSY_ACCOUNTS = """
with busy as (
    select customer.account_id
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    where item.closed_on is null and item.customer_id = any(%(customers)s)
    group by customer.account_id
    having count(*) >= %(busy)s
),

noted as (
    insert into pg_temp.agenda (account_id, day)
    select account_id, %(as_of)s::date + 1 from busy
)

select customer.id
from portfolio_customer as customer
where customer.id = any(%(customers)s) and customer.account_id in (select account_id from busy)
"""


def begin_agenda(*, as_of: date) -> None:
    """Makes `pg_temp.agenda (account_id, day)`, empty, and `pg_temp.out_of_question`, for the days after `as_of`."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.agenda, pg_temp.out_of_question")
        cursor.execute("create temp table agenda (account_id bigint, day date) on commit drop")
        cursor.execute("create index on pg_temp.agenda (day)")
        cursor.execute("create index on pg_temp.agenda (account_id)")
        cursor.execute(
            "create temp table out_of_question (step_id bigint, item_id bigint, open_amount numeric, until date)"
            " on commit drop"
        )
    own = [pk for pk, facts in _asked().items() if all(fact.of == "item" and _is_steady(fact) for fact in facts)]
    note_items_out_of_question(steps=own, as_of=as_of)
    with connection.cursor() as cursor:
        cursor.execute("analyze pg_temp.out_of_question")


def what_moves_steps() -> dict[str, list[int]]:
    """Steps in force that ask for something, by what changes their conditions: nothing that days bring (lasting), or
    only what falls due and is paid (balance); those that may change on any day are in neither list.

    `item_steps` ask for facts of the item.
    """
    asked = _asked()
    lasting = [pk for pk, facts in asked.items() if not any(fact.moves for fact in facts)]
    steady = [pk for pk, facts in asked.items() if all(_is_steady(fact) for fact in facts)]
    return {
        "lasting_steps": lasting,
        "balance_steps": sorted(set(steady) - set(lasting)),
        "item_steps": [pk for pk, facts in asked.items() if any(fact.of == "item" for fact in facts)],
    }


def _asked() -> dict[int, list[Fact]]:
    """Steps in force with conditions, and the facts they ask for."""
    steps = Step.objects.filter(version__in=Strategy.objects.values("live_version")).exclude(conditions={})
    return {pk: [FACTS[name] for name in _facts_in(asks)] for pk, asks in steps.values_list("pk", "conditions")}


def _is_steady(fact: Fact) -> bool:
    """Whether it is the same tomorrow, unless something falls due or is paid."""
    return fact.with_balances or not fact.moves


def what_moves_followers() -> str:
    """What decides who follows which strategy, beside master data: "" nothing, "balances", or "days" that pass, too."""
    asked = Version.objects.filter(pk__in=Strategy.objects.values("live_version")).values_list("applies_to", flat=True)
    facts = [FACTS[name] for applies_to in asked for name in _facts_in(applies_to) if FACTS[name].moves]
    if all(fact.with_balances for fact in facts):
        return "balances" if facts else ""
    return "days"


def _facts_in(condition: Mapping[str, Any]) -> Iterator[str]:
    """The facts that a condition in normal form asks for."""
    if "fact" in condition:
        yield condition["fact"]
    for word in ("all", "any"):
        for part in condition.get(word, ()):
            yield from _facts_in(part)
    if "not" in condition:
        yield from _facts_in(condition["not"])


def note_next_days(
    *, as_of: date, customers: list[int] | None, balances_matter: bool, moved_by: Mapping[str, list[int]]
) -> None:
    """Adds the first day after `as_of` of each account in sight to `pg_temp.agenda (account_id, day)`.

    Of some `customers`, those whose account is busy are looked at again on the very next day: to work out that it is
    one costs more than the few looks in vain. `moved_by`: `what_moves_steps()`, which stays the same while days are lived.
    """
    if customers is not None:
        busy = _noted_for_tomorrow(as_of, customers)
        customers = [each for each in customers if each not in busy]
    given: dict[str, Any] = {"as_of": as_of, "customers": customers, "balances_matter": balances_matter, **moved_by}
    execute(f"insert into pg_temp.agenda (account_id, day)\n{text_of(NEXT_DAYS)}", given)


def _noted_for_tomorrow(as_of: date, customers: list[int]) -> set[int]:
    """Those of `customers` whose account is busy, once they are noted."""
    with connection.cursor() as cursor:
        cursor.execute(OF_BUSY_ACCOUNTS, {"as_of": as_of, "customers": customers, "busy": BUSY})
        return {customer for (customer,) in cursor.fetchall()}
