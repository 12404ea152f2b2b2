"""What changes from one version to another, said in words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.differences import Difference, differences
from spartito.strategies.models import Version
from spartito.strategies.policy import Policy
from spartito.strategies.policy_text import read_policy_text
from spartito.strategies.rules import policy_of
from spartito.web import wording, words
from spartito.web.rolenames import ROLES
from spartito.web.strategies.reading import addressees, said_condition

KEYS: dict[str, str | Promise] = {
    "name_it": gettext_lazy("Italian name"),
    "name_en": gettext_lazy("English name"),
    "priority": gettext_lazy("priority"),
    "applies_to": gettext_lazy("for whom"),
    "is_default": gettext_lazy("for everybody else"),
    "minimum_overdue": gettext_lazy("overdue from"),
    "minimum_item": gettext_lazy("single item from"),
    "contact_max": gettext_lazy("contacts allowed"),
    "contact_days": gettext_lazy("in so many days"),
    "days_between_steps": gettext_lazy("days between two steps"),
    "catch_up": gettext_lazy("after missed days"),
    "task_patience": gettext_lazy("days an open task is waited for"),
    "on_broken_promise": gettext_lazy("after a broken promise"),
    "bank_lag": gettext_lazy("working days left to the bank"),
    "absorb_lower": gettext_lazy("days in which a lower contact joins the next"),
    "days": gettext_lazy("day"),
    "channel": gettext_lazy("channel"),
    "action": gettext_lazy("measure"),
    "template": gettext_lazy("template"),
    "assign_to": gettext_lazy("who does it"),
    "fallback": gettext_lazy("else by"),
    "must": gettext_lazy("must not be skipped"),
    "min_days": gettext_lazy("days after the step before"),
    "conditions": gettext_lazy("only if"),
    "level": gettext_lazy("level of the block"),
    "to": gettext_lazy("addressed to"),
    "copy_to": gettext_lazy("copy to"),
    "notify": gettext_lazy("who is told"),
    "include": gettext_lazy("with"),
    "pay_by": gettext_lazy("asks for payment within so many days"),
    "outcomes": gettext_lazy("what follows an outcome"),
    "start_after": gettext_lazy("begins after"),
    "shift_days": gettext_lazy("so many days later"),
    "is_dunnable": gettext_lazy("may be dunned"),
}


@dataclass(frozen=True)
class Change:
    """One line of the comparison: where, what, and its value before and after (empty where it has none)."""

    kind: str
    where: str
    what: str
    before: str
    after: str


def said_changes(before: Version, after: Version) -> list[Change]:
    """Every difference between two versions of a strategy, in the order of the text."""
    old, new = _policy(before), _policy(after)
    names = _names(old) | _names(new)
    return [_said(each, names) for each in differences(old, new)]


def _policy(version: Version) -> Policy:
    return policy_of(read_policy_text(version.source), facts=FACT_TYPES)


def _names(policy: Policy) -> dict[str, str]:
    key = f"name_{words.language()}"
    return {step.code: str(step.params.get(key) or step.code) for step in policy.steps}


def _said(each: Difference, names: dict[str, str]) -> Change:
    where = names.get(each.code, each.code) if each.part == "step" else each.code
    if each.kind != "changed":
        days = (each.after or each.before or {}).get("days")
        return Change(each.kind, where, "", *(("", _day(days)) if each.kind == "added" else (_day(days), "")))
    what = str(KEYS.get(each.key, each.key))
    return Change(each.kind, where, what, _value(each.key, each.before), _value(each.key, each.after))


def _day(days: int | None) -> str:
    return "" if days is None else _("day %(days)+d") % {"days": days}


def _value(key: str, value: Any) -> str:
    if value is None or value in ("", (), [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key in ("conditions", "applies_to"):
        return said_condition(value)
    if isinstance(value, Decimal):
        return words.amount(value)
    if key == "to":
        return addressees(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(key, each) for each in value)
    return (
        str(wording.CHANNELS.get(value) or wording.MEASURES.get(value) or ROLES.get(value) or value)
        if isinstance(value, str)
        else str(value)
    )
