"""What a campaign may say, checked, with the field named in a refusal: a filter over facts, one step, a last day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from spartito.access.profiles import WORKING
from spartito.strategies.conditions_text import condition_of
from spartito.strategies.facts import OF_ITEMS
from spartito.strategies.fields import code_in, known_keys, names_in, one_of, several
from spartito.strategies.policy_text import StrategyRefused

CHANNELS = ("email", "pec", "letter", "registered_letter", "fax", "sms", "phone")
ROLES = ("collector", *sorted(WORKING))
KEYS = {"campaign", "name", "filter", "step", "until"}
STEP_KEYS = {"channel", "template", "fallback", "assign_to"}
LONGEST = 366  # days


@dataclass(frozen=True, slots=True)
class CampaignRule:
    """A campaign as values; `conditions` in the form of `condition_of`."""

    code: str
    name: str
    conditions: Mapping[str, Any]
    channel: str
    template: str
    fallback: tuple[str, ...]
    assign_to: str
    until: date


def campaign_of(plain: Mapping[str, Any], *, facts: Mapping[str, str], as_of: date) -> CampaignRule:
    """The campaign that plain data describes, to begin on `as_of`. Raises StrategyRefused with the field named."""
    known_keys(plain, KEYS, where="")
    code = code_in(plain.get("campaign"), "campaign")
    step = plain.get("step")
    if not isinstance(step, dict):
        raise StrategyRefused("step: must be a mapping such as {channel: email, template: account_statement}")
    known_keys(step, STEP_KEYS, where="step: ")
    channel = one_of(step, "channel", CHANNELS, "", "step: ")
    if not channel:
        raise StrategyRefused("step: channel: missing")
    is_call = channel == "phone"
    for key in ("template", "fallback") if is_call else ("assign_to",):
        if step.get(key):
            raise StrategyRefused("step: %(key)s: not of channel %(channel)s", key=key, channel=channel)
    return CampaignRule(
        code=code,
        name=names_in(plain.get("name"), code, "name")[0],
        conditions=condition_of(plain.get("filter"), facts=facts, where="filter", not_here=OF_ITEMS),
        channel=channel,
        template="" if is_call else code_in(step.get("template"), "step: template"),
        fallback=several(step, "fallback", [way for way in CHANNELS if way != "phone"], "step: "),
        assign_to=one_of(step, "assign_to", ROLES, "collector", "step: ") if is_call else "",
        until=_until(plain.get("until"), as_of),
    )


def _until(given: Any, as_of: date) -> date:
    try:
        found = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError as wrong:
        raise StrategyRefused("until: %(given)r is not a day such as 2026-12-31", given=given) from wrong
    if not as_of <= found or (found - as_of).days > LONGEST:
        raise StrategyRefused(
            "until: %(until)s is not between today and a year from now, %(today)s",
            until=found.isoformat(),
            today=as_of.isoformat(),
        )
    return found
