"""Contacts outside the steps of items: statements and other texts of a period, and campaigns.

Who is to get one becomes an occasion; an occasion becomes a planned contact when nothing stands against it. Run after
the steps of the day were decided, so that a reminder of the day goes first (design 6, rule 4).
"""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from spartito.platform.progress import Progress
from spartito.platform.sql import Step, StepResult, execute, run_steps
from spartito.portfolio.models import Customer
from spartito.strategies.conditions import Compiled
from spartito.strategies.education import enrol_in_education
from spartito.strategies.models import Enrolment, Occasion, Periodic, Strategy
from spartito.strategies.periods import Period, period_of

HERE = Path(__file__).parent / "steps"
MOST_SHARE = 0.2  # of the accounts: above it all of them are as quick
PLAN = [Step("strategies.plan_occasions", HERE / "plan_occasions.sql")]

# One row: an occasion for an account that follows a version with a text of this period, and whose conditions hold. One
# that was never planned goes when they hold no longer.
WISH = """
with facts as materialized (
    {accounts}
),

who_it_is_for as materialized (
    select
        text.code,
        text.period,
        text.wanted_on,
        text.until,
        facts.account_id
    from facts
    cross join lateral (
        values
        {texts}
    ) as text (version_id, code, period, wanted_on, until, holds)
    inner join strategies_enrolment as enrolment
        on enrolment.account_id = facts.account_id and enrolment.version_id = text.version_id
    where text.holds
),

no_longer as (
    delete from strategies_occasion as occasion
    where occasion.until >= %(as_of)s
        and occasion.campaign_id is null
        and (occasion.code, occasion.period) in (select wanted.code, wanted.period from (values {periods}) as wanted (code, period))
        and (%(customers)s::bigint[] is null or occasion.account_id = any(%(customers)s))
        and not exists (
            select 1
            from who_it_is_for as wanted
            where wanted.account_id = occasion.account_id
                and wanted.code = occasion.code
                and wanted.period = occasion.period
        )
        and not exists (select 1 from actions_plannedaction as planned where planned.occasion_id = occasion.id)
)

insert into strategies_occasion (account_id, code, period, wanted_on, until)
select account_id, code, period, wanted_on, until
from who_it_is_for as wanted
where not exists (
    select 1
    from strategies_occasion as known
    where known.account_id = wanted.account_id and known.code = wanted.code and known.period = wanted.period
)
on conflict do nothing
"""


def plan_occasions(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Plan what periods ask for on `as_of`, for `customers` (null = all; whole accounts)."""
    results = enrol_in_education(as_of=as_of, customers=customers) + wish(as_of=as_of, customers=customers)
    waiting = Occasion.objects.filter(until__gte=as_of)
    if customers is not None:
        waiting = waiting.filter(account__in=customers)
    if not waiting.exists():
        return [*results, StepResult("strategies.plan_occasions", 0, 0.0)]
    concerned = _members_of(waiting) if customers is None else customers
    return results + run_steps(PLAN, as_of=as_of, run_id=run_id, customers=concerned, on_progress=on_progress)


def _members_of(waiting: QuerySet[Occasion]) -> list[int] | None:
    """The customers of the accounts that wait; null = all, where these are so many that all are as quick."""
    accounts = waiting.values("account")
    if accounts.distinct().count() > MOST_SHARE * Enrolment.objects.count():
        return None
    concerned = Customer.objects.filter(Q(account__in=accounts) | Q(pk__in=accounts))
    return list(concerned.values_list("pk", flat=True))


def wish(*, as_of: date, customers: Sequence[int] | None) -> list[StepResult]:
    """The occasions of the texts whose days have come; nothing where no policy in force has such a text now."""
    asked = texts_of_the_day(as_of=as_of)
    if not asked:
        return []
    started = time.perf_counter()
    compiled = Compiled()
    given: dict[str, Any] = {"as_of": as_of, "customers": None if customers is None else list(customers)}
    texts, periods = [], {}
    for number, (text, period) in enumerate(asked):
        holds = compiled.sql_of(text.conditions)
        texts.append(_values(number, text.version_id, holds))
        given |= _parameters(number, text.code, period)
        periods[text.code, period.start] = f"(%(code_{number})s::text, %(start_{number})s::date)"
    statement = WISH.format(
        accounts=compiled.accounts(), texts=",\n        ".join(texts), periods=", ".join(periods.values())
    )
    rows = execute(statement, compiled.params | given)
    return [StepResult("strategies.wish_occasions", rows, round(time.perf_counter() - started, 4))]


def texts_of_the_day(*, as_of: date) -> list[tuple[Periodic, Period]]:
    """The texts of the versions in force that are tried on `as_of`, with their period."""
    live = Periodic.objects.filter(version__in=Strategy.objects.values("live_version")).order_by("version_id", "id")
    found = [
        (each, period_of(every=each.every, month=each.month, day=each.day, within=each.within, as_of=as_of))
        for each in live
    ]
    return [(each, period) for each, period in found if period is not None]


def _values(number: int, version: int, holds: str) -> str:
    return (
        f"({version}::bigint, %(code_{number})s::text, %(start_{number})s::date,"
        f" %(wanted_{number})s::date, %(until_{number})s::date, {holds})"
    )


def _parameters(number: int, code: str, period: Period) -> Mapping[str, Any]:
    return {
        f"code_{number}": code,
        f"start_{number}": period.start,
        f"wanted_{number}": period.wanted_on,
        f"until_{number}": period.until,
    }
