"""Campaigns from the doors: a look before, the start, how far they came, the stop."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

import spartito.strategies
from spartito.access.models import User
from spartito.communications.models import Template
from spartito.cycle.act import Decided, act
from spartito.platform.sql import text_of
from spartito.portfolio.models import Customer
from spartito.portfolio.visibility import visible_to
from spartito.strategies.campaign_text import CampaignRule, campaign_of
from spartito.strategies.campaigns import accounts_matched, accounts_not_reached_yet, start_campaign, stop_campaign
from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.models import Campaign
from spartito.strategies.policy_text import StrategyRefused

PROGRESS = Path(spartito.strategies.__file__).parent / "reads" / "campaign_progress.sql"
STATES = ("waiting", "planned", "sent", "done", "failed", "skipped", "withdrawn", "missed")
AT_ONCE = 500  # accounts: a larger campaign goes from the next run on


def check(*, plain: Mapping[str, Any], as_of: date) -> CampaignRule:
    """A campaign as plain data, checked against the facts and templates there are. Raises StrategyRefused."""
    rule = campaign_of(plain, facts=FACT_TYPES, as_of=as_of)
    if rule.template and not Template.objects.filter(code=rule.template).exists():
        raise StrategyRefused(_("step: template: %(code)s does not exist") % {"code": rule.template})
    return rule


def preview(*, rule: CampaignRule, user: User, as_of: date, most: int = 200) -> dict[str, Any]:
    """How many customers a campaign would reach, and the first of them: {customers, rows}. Nothing changes."""
    accounts = accounts_matched(rule=rule, user=user, as_of=as_of)
    shown = Customer.objects.filter(pk__in=accounts).select_related("creditor").order_by("name", "pk")[:most]
    return {"customers": len(accounts), "rows": list(shown)}


def start(*, rule: CampaignRule, user: User, as_of: date) -> Decided:
    """Begin it: a small one at once, a large one from the next run on. Raises StrategyRefused."""
    accounts = accounts_matched(rule=rule, user=user, as_of=as_of)
    theirs = accounts if len(accounts) <= AT_ONCE else []
    return act(start_campaign, user=user, customers=theirs, as_of=as_of, rule=rule)


def stop(*, code: str, user: User, as_of: date) -> Decided:
    """Nothing more is planned for it, and what has not left is withdrawn. Raises StrategyRefused.

    Whom it leaves free is looked at again at once; of a large campaign by the next run.
    """
    accounts = accounts_not_reached_yet(code=code)
    theirs = accounts if len(accounts) <= AT_ONCE else []
    return act(stop_campaign, user=user, customers=theirs, as_of=as_of, code=code)


def progress(*, campaign: Campaign, user: User, as_of: date) -> dict[str, Any]:
    """How far a campaign came with the customers that `user` sees.

    {customers, states: {state: how many}, waits: {reason: how many}, rows: [{customer, state, waits_for, day}]}.
    """
    with connection.cursor() as cursor:
        cursor.execute(text_of(PROGRESS), {"campaign": campaign.pk, "as_of": as_of, "customers": None})
        found = cursor.fetchall()
    seen = visible_to(user, as_of).filter(pk__in=[row[0] for row in found]).select_related("creditor")
    customers = {each.pk: each for each in seen}
    rows = [
        {"customer": customers[account], "state": state, "waits_for": waits_for or "", "day": day}
        for account, state, waits_for, day in found
        if account in customers
    ]
    states = Counter(row["state"] for row in rows)
    waits = Counter(
        row["waits_for"] for row in rows if row["waits_for"] and row["state"] in ("waiting", "planned", "missed")
    )
    return {
        "customers": len(rows),
        "states": {state: states[state] for state in STATES if states[state]},
        "waits": dict(waits.most_common()),
        "rows": sorted(rows, key=lambda row: (STATES.index(row["state"]), row["customer"].name, row["customer"].pk)),
    }


def stands(campaign: Campaign, as_of: date) -> str:
    """running, stopped, or over."""
    if campaign.stopped_on is not None:
        return "stopped"
    return "over" if campaign.until < as_of else "running"
