"""Campaigns: one step for the customers of a filter, each once, through the same limits and holds as reminders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.access.permissions import may
from spartito.actions.calling_off import accounts_of, call_off
from spartito.portfolio.visibility import scope_of, visible_to
from spartito.strategies.campaign_text import CampaignRule
from spartito.strategies.conditions import Compiled
from spartito.strategies.models import Campaign, Occasion
from spartito.strategies.policy_text import StrategyRefused
from spartito.strategies.texts import check_named

# One row: an account that is to be reached once.
INSERT = """
insert into strategies_occasion (account_id, campaign_id, code, period, wanted_on, until)
select account.id, %(campaign)s, %(code)s, %(as_of)s, %(as_of)s, %(until)s
from unnest(%(accounts)s::bigint[]) as account (id)
"""


def accounts_matched(*, rule: CampaignRule, user: User | None, as_of: date) -> list[int]:
    """The accounts for which the filter holds now, of those that `user` sees (nobody named: all), in order of id."""
    compiled = Compiled()
    holds = compiled.sql_of(rule.conditions)
    seen = None
    if user is not None and not scope_of(user, as_of).everything:
        seen = list(visible_to(user, as_of).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"with facts as ({compiled.accounts()}) select facts.account_id from facts"
            f" where {holds} and (%(seen)s::bigint[] is null or facts.account_id = any(%(seen)s::bigint[]))"
            " order by facts.account_id",
            compiled.params | {"as_of": as_of, "customers": None, "seen": seen},
        )
        return [row[0] for row in cursor.fetchall()]


def start_campaign(*, user: User | None, customers: Sequence[int], as_of: date, rule: CampaignRule) -> Campaign:
    """Begin a campaign for the accounts that its filter holds for now; who comes to match later is not reached.

    Raises StrategyRefused: the code is taken, nobody matches, or `user` may not.
    """
    _check_permission(user, as_of)
    if Campaign.objects.filter(code=rule.code).exists():
        raise StrategyRefused(_("campaign %(code)s exists already: choose another code") % {"code": rule.code})
    if rule.template:
        check_named([("step: template", rule.template)])
    accounts = accounts_matched(rule=rule, user=user, as_of=as_of)
    if not accounts:
        raise StrategyRefused(_("campaign %(code)s: no customer matches its filter") % {"code": rule.code})
    campaign = Campaign.objects.create(
        code=rule.code,
        name=rule.name,
        conditions=dict(rule.conditions),
        channel=rule.channel,
        template=rule.template,
        fallback=list(rule.fallback),
        assign_to=rule.assign_to,
        starts_on=as_of,
        until=rule.until,
        matched=len(accounts),
        started_by=user,
    )
    given: dict[str, Any] = {
        "campaign": campaign.pk,
        "code": rule.code,
        "as_of": as_of,
        "until": rule.until,
        "accounts": accounts,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, given)
    return campaign


@dataclass(frozen=True, slots=True)
class Stopped:
    """A campaign that was stopped, and how many of its contacts were withdrawn before they left."""

    campaign: Campaign
    withdrawn: int


def accounts_not_reached_yet(*, code: str) -> list[int]:
    """The accounts with a contact of the campaign that has not left the house. Internal."""
    return accounts_of(occasions=_occasions(code))


def _occasions(code: str) -> list[int]:
    return list(Occasion.objects.filter(campaign__code=code).values_list("pk", flat=True))


def stop_campaign(*, user: User | None, customers: Sequence[int], as_of: date, code: str) -> Stopped:
    """Nothing more is planned for a campaign, and what has not left is withdrawn. Raises StrategyRefused."""
    _check_permission(user, as_of)
    campaign = Campaign.objects.select_for_update().filter(code=code).first()
    if campaign is None:
        raise StrategyRefused(_("no campaign is called %(code)s") % {"code": code})
    if campaign.stopped_on is not None:
        raise StrategyRefused(_("campaign %(code)s was stopped already") % {"code": code})
    campaign.stopped_on, campaign.stopped_by = as_of, user
    campaign.save(update_fields=["stopped_on", "stopped_by"])
    withdrawn = call_off(user=user, as_of=as_of, occasions=_occasions(code), because="campaign_stopped")
    return Stopped(campaign, withdrawn)


def _check_permission(user: User | None, as_of: date) -> None:
    if user is not None and not may(user, "campaigns.run", as_of):
        raise StrategyRefused(_("%(user)s may not start or stop campaigns") % {"user": user.get_username()})
