"""What changes from one version to another, said in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.actions.rules import consequence_of
from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.differences import Difference, differences
from spartito.strategies.models import Version
from spartito.strategies.policy import Policy
from spartito.strategies.policy_text import read_policy_text
from spartito.strategies.rules import policy_of
from spartito.web import wording, words
from spartito.web.consequences import said_consequence
from spartito.web.labels import HOLDS
from spartito.web.rolenames import role_name
from spartito.web.strategies import text_forms
from spartito.web.strategies.reading import addressees, quiet_days, said_condition

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
    "templates": gettext_lazy("other templates"),
    "quiet": gettext_lazy("quiet days"),
    "after_hold": gettext_lazy("days waited after a hold"),
    "release": gettext_lazy("a released hold counts"),
    "education": gettext_lazy("payment education"),
    "absorbs": gettext_lazy("letters due that day wait for it"),
    "approval": gettext_lazy("approval"),
    "consult": gettext_lazy("whose word it waits for"),
    "repeat_every": gettext_lazy("again every so many days"),
    "kind": gettext_lazy("kind of task"),
    "every": gettext_lazy("how often"),
    "month": gettext_lazy("month"),
    "within": gettext_lazy("tried for so many days"),
    "lists": gettext_lazy("what it lists"),
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
    steps = [step for track in policy.tracks().values() for step in track]
    return {each.code: str(each.params.get(key) or each.code) for each in (*steps, *policy.periodics)}


def _said(each: Difference, names: dict[str, str]) -> Change:
    where = names.get(each.code, each.code) if each.part in ("step", "periodic") else each.code
    if each.kind != "changed":
        days = (each.after or each.before or {}).get("days")
        return Change(each.kind, where, "", *(("", _day(days)) if each.kind == "added" else (_day(days), "")))
    what = str(KEYS.get(each.key, each.key))
    return Change(each.kind, where, what, _value(each.key, each.before, names), _value(each.key, each.after, names))


def _day(days: int | None) -> str:
    return "" if days is None else _("day %(days)+d") % {"days": days}


def _value(key: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ("", (), [], {}):
        return ""
    if key in SAID:
        return SAID[key](value, names)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return words.amount(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(key, each, names) for each in value)
    return _word(value) if isinstance(value, str) else str(value)


def _word(value: str) -> str:
    known = (wording.CHANNELS, wording.MEASURES, text_forms.LISTED, dict(text_forms.EVERY))
    return next((str(each[value]) for each in known if value in each), role_name(value))


def said_education(said: Mapping[str, Any] | None) -> str:
    """Who is taught and how many are left out; nothing where nobody is."""
    if not said:
        return ""
    who = said_condition(said["conditions"])
    return _("%(who)s; %(share)s %% left out by chance") % {"who": who, "share": said["hold_out"]}


def _after_hold(said: Mapping[str, int], _names: Mapping[str, str]) -> str:
    return ", ".join(f"{HOLDS.get(kind, kind)}: {words.days(days)}" for kind, days in said.items())


def _templates(said: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Of one payment type by step, or of all of them."""
    told = []
    for key, value in said.items():
        inner = _templates(value, names) if isinstance(value, Mapping) else value
        told.append(f"{names.get(key, key)}: {inner}")
    return ", ".join(told)


def _outcomes(said: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "; ".join(f"{code}: {said_consequence(consequence_of(code, said), steps=names)}" for code in said)


# Keys whose values need words of their own.
SAID: dict[str, Callable[[Any, Mapping[str, str]], str]] = {
    "conditions": lambda said, _names: said_condition(said),
    "applies_to": lambda said, _names: said_condition(said),
    "to": lambda said, _names: addressees(said),
    "quiet": lambda said, names: "; ".join(quiet_days(each, names) for each in said),
    "after_hold": _after_hold,
    "release": lambda _said, _names: _("the next working day"),
    "education": lambda said, _names: said_education(said),
    "templates": _templates,
    "outcomes": _outcomes,
    "approval": lambda _said, _names: _("needed"),
    "consult": lambda said, _names: role_name(said["who"]),
}
