"""Conditions compiled to SQL: one statement each, which keeps `conditionresult` true for the accounts it is about.

The only evaluator: nights, reactions and explanations read its rows. Facts come from the rooms' `facts.py`.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from spartito.platform.facts import Fact
from spartito.platform.sql import StepResult, execute
from spartito.portfolio.facts import FACTS
from spartito.strategies.models import Step, Strategy, Version

FACT_TYPES = {name: fact.type for name, fact in FACTS.items()}
COMPARISONS = {">=": ">=", ">": ">", "<=": "<=", "<": "<", "=": "=", "!=": "<>"}

STATEMENT = """
with accounts_for_which_it_holds as (
    select account.id as account_id
    from portfolio_customer as account
    {joins}
    where account.id in ({accounts})
        and (%(customers)s::bigint[] is null or account.id = any(%(customers)s))
        and {condition}
),

no_longer as (
    delete from strategies_conditionresult as result
    where result.version_id = %(version)s
        and result.step_id is not distinct from %(step)s
        and (%(customers)s::bigint[] is null or result.account_id = any(%(customers)s))
        and not exists (
            select 1 from accounts_for_which_it_holds as holds where holds.account_id = result.account_id
        )
)

insert into strategies_conditionresult (version_id, step_id, account_id, as_of)
select %(version)s, %(step)s::bigint, holds.account_id, %(as_of)s::date
from accounts_for_which_it_holds as holds
on conflict do nothing
"""
ALL_ACCOUNTS = "select member.account_id from portfolio_customer as member"
ENROLLED = "select enrolment.account_id from strategies_enrolment as enrolment where enrolment.version_id = %(version)s"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition as SQL over `account`, the joins it needs and its parameters."""

    sql: str
    joins: tuple[str, ...]
    params: dict[str, Any]


def compile_condition(condition: Mapping[str, Any], *, facts: Mapping[str, Fact] = FACTS) -> Compiled:
    """A condition in the normal form of `rules.condition_of`; {} always holds."""
    params: dict[str, Any] = {}
    joins: dict[str, None] = {}
    sql = _sql_of(condition, facts, params, joins)
    return Compiled(sql, tuple(joins), params)


def _sql_of(
    condition: Mapping[str, Any], facts: Mapping[str, Fact], params: dict[str, Any], joins: dict[str, None]
) -> str:
    if not condition:
        return "true"
    if "fact" in condition:
        return _leaf(condition, facts[condition["fact"]], params, joins)
    if "not" in condition:
        return f"not {_sql_of(condition['not'], facts, params, joins)}"
    word = "all" if "all" in condition else "any"
    parts = [_sql_of(part, facts, params, joins) for part in condition[word]]
    return f"({(' and ' if word == 'all' else ' or ').join(parts)})"


def _leaf(leaf: Mapping[str, Any], fact: Fact, params: dict[str, Any], joins: dict[str, None]) -> str:
    """One comparison; an unknown value (null) satisfies only `not in`."""
    if fact.joins:
        joins[fact.joins] = None
    name = f"value_{len(params)}"
    operator, value = leaf["operator"], leaf["value"]
    if fact.type == "text":
        params[name] = list(value)
        listed = f"coalesce({fact.expression} = any(%({name})s::text[]), false)"
        return f"(not {listed})" if operator == "not in" else listed
    params[name] = value if fact.type == "yes_no" else Decimal(value)
    return f"coalesce({fact.expression} {COMPARISONS[operator]} %({name})s, false)"


def evaluate_who_applies(*, as_of: date, customers: Sequence[int] | None = None) -> StepResult:
    """`applies_to` of every live strategy, for all accounts (those for everybody need no rows)."""
    started = time.perf_counter()
    live = Version.objects.filter(pk__in=Strategy.objects.values("live_version")).exclude(applies_to={})
    rows = sum(
        _fill(version.pk, None, version.applies_to, ALL_ACCOUNTS, as_of=as_of, customers=customers) for version in live
    )
    return StepResult("strategies.evaluate_who_applies", rows, round(time.perf_counter() - started, 4))


def evaluate_steps(*, as_of: date, customers: Sequence[int] | None = None) -> StepResult:
    """The conditions of the steps of every live strategy, for the accounts that follow it."""
    started = time.perf_counter()
    steps = Step.objects.filter(version__in=Strategy.objects.values("live_version")).exclude(conditions={})
    rows = sum(
        _fill(step.version_id, step.pk, step.conditions, ENROLLED, as_of=as_of, customers=customers) for step in steps
    )
    return StepResult("strategies.evaluate_steps", rows, round(time.perf_counter() - started, 4))


def _fill(
    version: int,
    step: int | None,
    condition: Mapping[str, Any],
    accounts: str,
    *,
    as_of: date,
    customers: Sequence[int] | None,
) -> int:
    compiled = compile_condition(condition)
    statement = STATEMENT.format(joins="\n    ".join(compiled.joins), accounts=accounts, condition=compiled.sql)
    given = {
        "version": version,
        "step": step,
        "as_of": as_of,
        "customers": None if customers is None else list(customers),
    }
    return execute(statement, given | compiled.params)


def values_of(*, account: int, condition: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts of a condition are for one account: for explanations."""
    names = sorted(set(_facts_in(condition)))
    if not names:
        return {}
    joins = "\n".join(dict.fromkeys(FACTS[name].joins for name in names if FACTS[name].joins))
    columns = ", ".join(FACTS[name].expression for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns} from portfolio_customer as account {joins} where account.id = %(account)s",
            {"account": account, "customers": [account]},
        )
        row = cursor.fetchone()
    return dict(zip(names, row or [], strict=False))


def asks_for_balances(condition: Mapping[str, Any]) -> bool:
    """Whether a condition asks for a fact that days and payments change, and not for master data alone."""
    return any(FACTS[name].moves for name in _facts_in(condition))


def _facts_in(condition: Mapping[str, Any]) -> list[str]:
    if "fact" in condition:
        return [condition["fact"]]
    inner = condition.get("all") or condition.get("any") or ([condition["not"]] if "not" in condition else [])
    return [fact for part in inner for fact in _facts_in(part)]
