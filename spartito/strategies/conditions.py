"""Conditions compiled to SQL: one statement for all of them, which keeps `conditionresult` true for the accounts asked about.

The only evaluator: nights, reactions, explanations and the editor's count read the same compiled leaves. Facts come
from the rooms' `facts.py`; each is worked out once however many conditions ask for it. Those that ask for facts of an
item are a second statement, over the open items that may come to their step on the day.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.platform.facts import Fact
from spartito.platform.sql import StepResult, execute
from spartito.portfolio.models import Customer
from spartito.portfolio.visibility import scope_of, visible_to
from spartito.strategies.facts import FACT_TYPES, FACTS
from spartito.strategies.models import PaymentRule, Step, Strategy, Version

__all__ = ["FACTS", "FACT_TYPES"]
COMPARISONS = {">=": ">=", ">": ">", "<=": "<=", "<": "<", "=": "=", "!=": "<>"}

ACCOUNTS = """
select
    account.id as account_id,
    null::bigint as item_id
    {columns}
from portfolio_customer as account
{joins}
where (
        account.account_id is null
        or exists (
            select 1
            from portfolio_customer as member
            where member.account_id = account.id
                and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
        )
    )
    and (%(customers)s::bigint[] is null or account.id = any(%(customers)s))
"""
# `last_dunning_date`: the latest that any payment type of any strategy in force may make of the due date.
ITEMS = """
select
    account.id as account_id,
    item.id as item_id,
    item.due_date,
    greatest(item.due_date + %(latest_shift)s::integer, item.returned_on) as last_dunning_date
    {columns}
from portfolio_item as item
inner join portfolio_customer as member on member.id = item.customer_id
inner join portfolio_customer as account on account.id = member.account_id
{joins}
where item.closed_on is null
    and item.open_amount > 0
    and item.due_date <= %(due_until)s
    and greatest(item.due_date + %(latest_shift)s::integer, item.returned_on) >= %(dunning_from)s
    and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    and (%(customers)s::bigint[] is null or member.id = any(%(customers)s))
"""
STATEMENT = """
with facts as materialized (
    {facts}
),

what_holds as materialized (
    select
        condition.version_id,
        condition.step_id,
        facts.account_id,
        facts.item_id
    from facts
    cross join lateral (
        values
        {conditions}
    ) as condition (version_id, step_id, holds)
    {followers}
    where condition.holds
),

no_longer as (
    delete from strategies_conditionresult as result
    where {concerned}
        and (%(customers)s::bigint[] is null or result.account_id = any(%(customers)s))
        and not exists (
            select 1
            from what_holds as holds
            where holds.account_id = result.account_id
                and holds.version_id = result.version_id
                and coalesce(holds.step_id, 0) = coalesce(result.step_id, 0)
                and coalesce(holds.item_id, 0) = coalesce(result.item_id, 0)
        )
)

insert into strategies_conditionresult (version_id, step_id, account_id, item_id, as_of)
select holds.version_id, holds.step_id, holds.account_id, holds.item_id, %(as_of)s::date
from what_holds as holds
where not exists (
    select 1
    from strategies_conditionresult as known
    where known.account_id = holds.account_id
        and known.version_id = holds.version_id
        and coalesce(known.step_id, 0) = coalesce(holds.step_id, 0)
        and coalesce(known.item_id, 0) = coalesce(holds.item_id, 0)
        and (%(customers)s::bigint[] is null or known.account_id = any(%(customers)s))
)
on conflict do nothing
"""
FOLLOWERS = """inner join strategies_enrolment as enrolment
        on enrolment.account_id = facts.account_id and enrolment.version_id = condition.version_id"""
OUT_OF_QUESTION = """
with facts as materialized (
    {facts}
)

insert into pg_temp.out_of_question (step_id, item_id, open_amount, until)
select
    condition.step_id,
    facts.item_id,
    item.open_amount,
    coalesce((select min(day) from reference_exchangerate where day > %(as_of)s), 'infinity')
from facts
cross join lateral (
    values
    {conditions}
) as condition (version_id, step_id, holds)
{followers}
inner join portfolio_item as item on item.id = facts.item_id
where not condition.holds
"""
EVERY_ITEM = {"latest_shift": 0, "due_until": date.max, "dunning_from": date.min}
OF_VERSIONS = "result.step_id is null and result.version_id = any(%(versions)s::bigint[])"
OF_STEPS = "result.step_id = any(%(steps)s::bigint[])"


@dataclass(slots=True)
class Compiled:
    """Conditions as SQL over `facts`, the facts they ask for, and their parameters."""

    facts: dict[str, Fact] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)

    def sql_of(self, condition: Mapping[str, Any]) -> str:
        """One condition in the normal form of `condition_of`; {} always holds."""
        if not condition:
            return "true"
        if "fact" in condition:
            return self._leaf(condition)
        if "not" in condition:
            return f"not {self.sql_of(condition['not'])}"
        word = "all" if "all" in condition else "any"
        parts = [self.sql_of(part) for part in condition[word]]
        return f"({(' and ' if word == 'all' else ' or ').join(parts)})"

    def _leaf(self, leaf: Mapping[str, Any]) -> str:
        """One comparison; an unknown value (null) satisfies only `not in`."""
        fact = self.facts[leaf["fact"]] = FACTS[leaf["fact"]]
        name = f"value_{len(self.params)}"
        operator, value = leaf["operator"], leaf["value"]
        if fact.type == "text":
            self.params[name] = list(value)
            listed = f"coalesce(facts.{fact.name} = any(%({name})s::text[]), false)"
            return f"(not {listed})" if operator == "not in" else listed
        self.params[name] = value if fact.type == "yes_no" else Decimal(value)
        return f"coalesce(facts.{fact.name} {COMPARISONS[operator]} %({name})s, false)"

    @property
    def is_of_items(self) -> bool:
        """Whether a fact of the item is asked for: then it holds for items one by one."""
        return any(fact.of == "item" for fact in self.facts.values())

    def rows(self) -> str:
        """The select of all accounts, or of open items, with the facts asked for, each once."""
        return self._select(ITEMS) if self.is_of_items else self.accounts()

    def accounts(self) -> str:
        """The select of all accounts with the facts asked for, which are none of the item."""
        return self._select(ACCOUNTS)

    def _select(self, text: str) -> str:
        columns = "".join(f",\n    {fact.expression} as {fact.name}" for fact in self.facts.values())
        joins = dict.fromkeys(fact.joins for fact in self.facts.values() if fact.joins)
        return text.format(columns=columns, joins="\n".join(joins))


def evaluate_who_applies(*, as_of: date, customers: Sequence[int] | None = None) -> StepResult:
    """`applies_to` of every live strategy, for all accounts (those for everybody need no rows)."""
    live = Version.objects.filter(pk__in=Strategy.objects.values("live_version")).exclude(applies_to={})
    asked = [(pk, None, applies_to) for pk, applies_to in live.values_list("pk", "applies_to")]
    return _evaluate("who_applies", asked, as_of=as_of, customers=customers)


def evaluate_steps(*, as_of: date, customers: Sequence[int] | None = None) -> StepResult:
    """The conditions of the steps of every live strategy, for the accounts that follow it and their open items."""
    live = Step.objects.filter(version__in=Strategy.objects.values("live_version")).exclude(conditions={})
    steps = list(live.order_by("version_id", "pk"))
    of_items = [step for step in steps if asks_for_items(step.conditions)]
    asked = [(step.version_id, step.pk, step.conditions) for step in steps if step not in of_items]
    told = _evaluate("steps", asked, as_of=as_of, customers=customers)
    if not of_items:
        return told
    more = _evaluate_items(of_items, as_of=as_of, customers=customers)
    return StepResult(told.name, told.rows + more.rows, round(told.seconds + more.seconds, 4))


def _evaluate_items(steps: Sequence[Step], *, as_of: date, customers: Sequence[int] | None) -> StepResult:
    """Only items that may come to one of the steps today: a step before the due date looks at a few days' items."""
    shifts = PaymentRule.objects.filter(version__in={step.version_id for step in steps}).values_list("shift_days")
    earliest, latest = min([0, *(days for (days,) in shifts)]), max([0, *(days for (days,) in shifts)])
    windows = {step.pk: _window(step, as_of, earliest) for step in steps}
    compiled = Compiled()
    lines = []
    for step in steps:
        until, since = windows[step.pk]
        compiled.params |= {f"until_{step.pk}": until, f"since_{step.pk}": since}
        bounds = f"facts.due_date <= %(until_{step.pk})s and facts.last_dunning_date >= %(since_{step.pk})s"
        lines.append((step.version_id, step.pk, f"{bounds} and {compiled.sql_of(step.conditions)}"))
    compiled.params |= {
        "latest_shift": latest,
        "due_until": max(until for until, _since in windows.values()),
        "dunning_from": min(since for _until, since in windows.values()),
    }
    return _keep("items", compiled, lines, as_of=as_of, customers=customers)


def _window(step: Step, as_of: date, earliest_shift: int) -> tuple[date, date]:
    """(latest due date, earliest dunning date) of what may come to a step today.

    Steps before the due date exist until it; an order waives the days of the others, once an item is overdue.
    """
    if step.days < 0:
        return as_of - timedelta(days=step.days + earliest_shift), as_of
    return as_of - timedelta(days=earliest_shift), date.min


def note_items_out_of_question(*, steps: Collection[int], as_of: date) -> None:
    """Fills `pg_temp.out_of_question (step_id, item_id, open_amount, until)`: open items of followers for which the
    condition of one of these steps, which asks for facts of the item alone, does not hold; `until`: the next new rate.
    """
    compiled = Compiled()
    asked = Step.objects.filter(pk__in=steps).values_list("version_id", "pk", "conditions")
    lines = [f"({version}::bigint, {pk}::bigint, {compiled.sql_of(asks)})" for version, pk, asks in asked]
    if not lines:
        return
    statement = OUT_OF_QUESTION.format(facts=compiled.rows(), conditions=",\n".join(lines), followers=FOLLOWERS)
    with connection.cursor() as cursor:
        cursor.execute(statement, compiled.params | EVERY_ITEM | {"as_of": as_of, "customers": None})


def _evaluate(
    what: str,
    asked: Sequence[tuple[int, int | None, Mapping[str, Any]]],
    *,
    as_of: date,
    customers: Sequence[int] | None,
) -> StepResult:
    compiled = Compiled()
    ordered = sorted(asked, key=lambda each: (each[0], each[1] or 0))
    lines = [(version, step, compiled.sql_of(condition)) for version, step, condition in ordered]
    return _keep(what, compiled, lines, as_of=as_of, customers=customers)


def _keep(
    what: str,
    compiled: Compiled,
    lines: Sequence[tuple[int, int | None, str]],
    *,
    as_of: date,
    customers: Sequence[int] | None,
) -> StepResult:
    """Adds and takes away the results that changed; `lines` are (version, step, condition as SQL)."""
    started = time.perf_counter()
    rows = 0
    if lines:
        of_steps = lines[0][1] is not None
        statement = STATEMENT.format(
            facts=compiled.rows(),
            conditions=",\n        ".join(
                f"({version}::bigint, {'null' if step is None else step}::bigint, {holds})"
                for version, step, holds in lines
            ),
            followers=FOLLOWERS if of_steps else "",
            concerned=OF_STEPS if of_steps else OF_VERSIONS,
        )
        concerned = {"versions": [version for version, _, _ in lines], "steps": [step for _, step, _ in lines]}
        given = {"as_of": as_of, "customers": None if customers is None else list(customers)}
        rows = execute(statement, compiled.params | concerned | given)
    return StepResult(f"strategies.evaluate_{what}", rows, round(time.perf_counter() - started, 4))


def matching(*, condition: Mapping[str, Any], user: User, as_of: date, among: Collection[int] | None = None) -> int:
    """How many accounts that `user` sees (of `among`, if given) a condition holds for now: in normal form, checked by
    `condition_of`.

    One that asks for facts of the item counts accounts with an open item for which it holds.
    """
    compiled = Compiled()
    holds = compiled.sql_of(condition)
    seen = None if among is None else list(among)
    if not scope_of(user, as_of).everything:
        visible = visible_to(user, as_of).values_list("pk", flat=True)
        seen = list(visible) if among is None else list(set(visible) & set(among))
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.rows()}) select count(distinct facts.account_id) from facts"
            f" where {holds} and (%(seen)s::bigint[] is null or facts.account_id = any(%(seen)s::bigint[]))",
            compiled.params | EVERY_ITEM | {"as_of": as_of, "customers": None, "seen": seen},
        )
        return int(cursor.fetchone()[0])


def accounts_that_fit(condition: Mapping[str, Any], *, as_of: date) -> set[int]:
    """The accounts for which a condition over customers holds now. Internal: tells of all customers."""
    compiled = Compiled()
    holds = compiled.sql_of(condition)
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.rows()}) select facts.account_id from facts where {holds}",
            compiled.params | {"as_of": as_of, "customers": None},
        )
        return {account for (account,) in cursor.fetchall()}


def values_of(*, account: int, condition: Mapping[str, Any], as_of: date, item: int | None = None) -> dict[str, Any]:
    """What the facts of a condition are for one account, or one open `item` of it: for explanations."""
    compiled = Compiled()
    compiled.sql_of(condition)
    if not compiled.facts:
        return {}
    names = ", ".join(f"facts.{name}" for name in compiled.facts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.rows()}) select {names} from facts"
            " where facts.account_id = %(account)s and coalesce(facts.item_id = %(item)s, true)",
            EVERY_ITEM | {"customers": _members(account), "as_of": as_of, "account": account, "item": item},
        )
        row = cursor.fetchone()
    return dict(zip(compiled.facts, row or [None] * len(compiled.facts), strict=True))


def _members(account: int) -> list[int]:
    """All customers written to at this account, itself too."""
    return [account, *Customer.objects.filter(account=account).exclude(pk=account).values_list("pk", flat=True)]


def asks_for_items(condition: Mapping[str, Any]) -> bool:
    """Whether a condition asks for a fact of the item: then it holds for items one by one."""
    return any(fact.of == "item" for fact in _facts_of(condition))


def _facts_of(condition: Mapping[str, Any]) -> list[Fact]:
    compiled = Compiled()
    compiled.sql_of(condition)
    return list(compiled.facts.values())
