"""Payment education: who takes part, who is left out by chance, and whether it changed how they pay.

An account enters once, on the first day on which the `education.for` of its policy holds, and stays in its group for
good: the hash of company, creditor and customer code decides, so nobody chooses and a repetition gives the same.
"""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection as plain_connection

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.platform.sql import StepResult, execute, text_of
from spartito.portfolio.visibility import scope_of, visible_to
from spartito.strategies.conditions import Compiled
from spartito.strategies.education_rules import Account, Effect, effect_of
from spartito.strategies.models import Strategy, Version

DELAYS = Path(__file__).parent / "reads" / "delays_of_groups.sql"

# One row: an account that enters payment education, in the group that its hash says.
ENROL = """
with facts as materialized (
    {accounts}
),

entering as (
    select
        facts.account_id,
        policy.hold_out,
        ('x' || substr(md5(%(company)s || '/' || creditor.code || '/' || customer.code), 1, 7))::bit(28)::integer as number
    from facts
    cross join lateral (
        values
        {policies}
    ) as policy (version_id, hold_out, holds)
    inner join strategies_enrolment as enrolment
        on enrolment.account_id = facts.account_id and enrolment.version_id = policy.version_id
    inner join portfolio_customer as customer on customer.id = facts.account_id
    inner join portfolio_creditor as creditor on creditor.id = customer.creditor_id
    where policy.holds
        and not exists (select 1 from strategies_education as known where known.account_id = facts.account_id)
)

insert into strategies_education (account_id, enrolled_on, hold_out, "group")
select
    account_id,
    %(as_of)s::date,
    hold_out,
    case when number %% 100 < hold_out then 'held_out' else 'treated' end
from entering
on conflict do nothing
"""


def enrol_in_education(*, as_of: date, customers: Sequence[int] | None) -> list[StepResult]:
    """Accounts that enter on `as_of`; nothing where no policy in force speaks of education."""
    live = Version.objects.filter(pk__in=Strategy.objects.values("live_version"), further__has_key="education")
    asked = list(live.order_by("pk").values_list("pk", "further"))
    if not asked:
        return []
    started = time.perf_counter()
    compiled = Compiled()
    policies = [
        f"({version}::bigint, {int(further['education']['hold_out'])}::smallint,"
        f" {compiled.sql_of(further['education']['conditions'])})"
        for version, further in asked
    ]
    statement = ENROL.format(accounts=compiled.accounts(), policies=",\n        ".join(policies))
    given = {
        "as_of": as_of,
        "customers": None if customers is None else list(customers),
        "company": connection.tenant.slug,
    }
    rows = execute(statement, compiled.params | given)
    return [StepResult("strategies.enrol_in_education", rows, round(time.perf_counter() - started, 4))]


def effect(*, user: User, as_of: date) -> Effect:
    """How both groups paid before and since they entered, and what that says, over the customers that `user` sees."""
    seen = None
    if not scope_of(user, as_of).everything:
        seen = list(visible_to(user, as_of).values_list("pk", flat=True))
    with plain_connection.cursor() as cursor:
        cursor.execute(text_of(DELAYS), {"as_of": as_of, "customers": seen})
        rows = cursor.fetchall()
    return effect_of([Account(group, *(float(each or 0) for each in sums)) for group, *sums in rows])


def policies_with_education() -> list[dict[str, Any]]:
    """The policies in force that speak of education: {strategy, name_it, name_en, hold_out, conditions}."""
    live = Strategy.objects.filter(live_version__further__has_key="education").select_related("live_version")
    return [
        {
            "strategy": each.code,
            "name_it": each.name_it,
            "name_en": each.name_en,
            **each.live_version.further["education"],
        }
        for each in live.order_by("code")
        if each.live_version
    ]
