"""Conditions compiled to SQL: one statement for all of them, which keeps `conditionresult` true for the accounts asked about.

The only evaluator: nights, reactions, explanations and the editor's count read the same compiled leaves. Facts come
from the rooms' `facts.py`; each is worked out once however many conditions ask for it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.platform.facts import Fact
from spartito.platform.sql import StepResult, execute
from spartito.portfolio.visibility import scope_of, visible_to
from spartito.strategies.facts import FACT_TYPES, FACTS
from spartito.strategies.models import Step, Strategy, Version

__all__ = ["FACTS", "FACT_TYPES"]
COMPARISONS = {">=": ">=", ">": ">", "<=": "<=", "<": "<", "=": "=", "!=": "<>"}

ACCOUNTS = """
select
    account.id as account_id
    {columns}
from portfolio_customer as account
{joins}
where account.id in (select member.account_id from portfolio_customer as member)
    and (%(customers)s::bigint[] is null or account.id = any(%(customers)s))
"""
STATEMENT = """
with facts as materialized (
    {accounts}
),

what_holds as materialized (
    select
        condition.version_id,
        condition.step_id,
        facts.account_id
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
        )
)

insert into strategies_conditionresult (version_id, step_id, account_id, as_of)
select holds.version_id, holds.step_id, holds.account_id, %(as_of)s::date
from what_holds as holds
where not exists (
    select 1
    from strategies_conditionresult as known
    where known.account_id = holds.account_id
        and known.version_id = holds.version_id
        and coalesce(known.step_id, 0) = coalesce(holds.step_id, 0)
)
on conflict do nothing
"""
FOLLOWERS = """inner join strategies_enrolment as enrolment
        on enrolment.account_id = facts.account_id and enrolment.version_id = condition.version_id"""
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

    def accounts(self) -> str:
        """The select of all accounts with the facts asked for, each once."""
        columns = "".join(f",\n    {fact.expression} as {fact.name}" for fact in self.facts.values())
        joins = dict.fromkeys(fact.joins for fact in self.facts.values() if fact.joins)
        return ACCOUNTS.format(columns=columns, joins="\n".join(joins))


def evaluate_who_applies(*, as_of: date, customers: Sequence[int] | None = None) -> StepResult:
    """`applies_to` of every live strategy, for all accounts (those for everybody need no rows)."""
    live = Version.objects.filter(pk__in=Strategy.objects.values("live_version")).exclude(applies_to={})
    asked = [(pk, None, applies_to) for pk, applies_to in live.values_list("pk", "applies_to")]
    return _evaluate("who_applies", asked, as_of=as_of, customers=customers)


def evaluate_steps(*, as_of: date, customers: Sequence[int] | None = None) -> StepResult:
    """The conditions of the steps of every live strategy, for the accounts that follow it."""
    steps = Step.objects.filter(version__in=Strategy.objects.values("live_version")).exclude(conditions={})
    asked = list(steps.values_list("version_id", "pk", "conditions"))
    return _evaluate("steps", asked, as_of=as_of, customers=customers)


def _evaluate(
    what: str,
    asked: Sequence[tuple[int, int | None, Mapping[str, Any]]],
    *,
    as_of: date,
    customers: Sequence[int] | None,
) -> StepResult:
    started = time.perf_counter()
    rows = 0
    if asked:
        compiled = Compiled()
        of_steps = asked[0][1] is not None
        lines = [
            f"({version}::bigint, {'null' if step is None else step}::bigint, {compiled.sql_of(condition)})"
            for version, step, condition in sorted(asked, key=lambda each: (each[0], each[1] or 0))
        ]
        statement = STATEMENT.format(
            accounts=compiled.accounts(),
            conditions=",\n        ".join(lines),
            followers=FOLLOWERS if of_steps else "",
            concerned=OF_STEPS if of_steps else OF_VERSIONS,
        )
        concerned = {"versions": [version for version, _, _ in asked], "steps": [step for _, step, _ in asked]}
        given = {"as_of": as_of, "customers": None if customers is None else list(customers)}
        rows = execute(statement, compiled.params | concerned | given)
    return StepResult(f"strategies.evaluate_{what}", rows, round(time.perf_counter() - started, 4))


def matching(*, condition: Mapping[str, Any], user: User, as_of: date) -> int:
    """How many accounts that `user` sees a condition holds for now: in normal form, checked by `condition_of`."""
    compiled = Compiled()
    holds = compiled.sql_of(condition)
    seen = None
    if not scope_of(user, as_of).everything:
        seen = list(visible_to(user, as_of).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.accounts()}) select count(*) from facts"
            f" where {holds} and (%(seen)s::bigint[] is null or facts.account_id = any(%(seen)s::bigint[]))",
            compiled.params | {"as_of": as_of, "customers": None, "seen": seen},
        )
        return int(cursor.fetchone()[0])


def values_of(*, account: int, condition: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """What the facts of a condition are for one account: for explanations."""
    compiled = Compiled()
    compiled.sql_of(condition)
    if not compiled.facts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(compiled.accounts(), {"customers": [account], "as_of": as_of})
        row = cursor.fetchone()
    return dict(zip(compiled.facts, (row or [None])[1:], strict=False))


def asks_for_balances(condition: Mapping[str, Any]) -> bool:
    """Whether a condition asks for a fact that days and payments change, and not for master data alone."""
    compiled = Compiled()
    compiled.sql_of(condition)
    return any(fact.moves for fact in compiled.facts.values())
