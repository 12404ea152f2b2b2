"""For whom a strategy is and within which limits it acts, as a form."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.actions.rules import HOLDS
from spartito.strategies.fields import names_in
from spartito.strategies.models import Version
from spartito.strategies.policy_text import read_policy_text
from spartito.web import labels, words
from spartito.web.strategies.condition_tree import number_of
from spartito.web.strategies.conditions_form import ConditionFields
from spartito.web.strategies.reading import is_for_everybody_else, name_of
from spartito.web.strategies.sections import Section, renamed, sections

CATCH_UP = [("one_by_one", _("one step at a time")), ("jump_to_latest", _("straight to the latest due"))]
LEAST_PERIODS = 2  # quiet ones that the form has room for
PLAIN = ("priority", "days_between_steps", "task_patience", "bank_lag", "absorb_lower", "catch_up", "on_broken_promise")
AFTER = tuple(f"after_{kind}" for kind in HOLDS)
TITLES = [
    (_("Which strategy first"), ("name", "priority", "default")),
    (_("How much, how often"), ("minimum_overdue", "minimum_item", "contact_max", "contact_days", "days_between_steps", "absorb_lower")),
    (_("What is waited for"), ("task_patience", "bank_lag", "catch_up", "on_broken_promise")),
]  # fmt: skip
MEANS = {"contact_limit": "contact_max", "quiet": "quiet_from_0"}


class LimitsForm(ConditionFields):
    """The keys of the policy itself; `applies_to` is asked like the conditions of a step, but of customers alone."""

    asks_documents = False
    legend = _("For whom: customers with")

    name = forms.CharField(label=_("Name"), max_length=120)
    default = forms.BooleanField(
        label=_("It is for everybody else, too"), required=False,
        help_text=_("Who fits no strategy follows it. There is one of these."),
    )  # fmt: skip
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=1_000_000, help_text=_("The lowest that fits is followed.")
    )
    minimum_overdue = forms.CharField(label=_("Overdue from"), required=False)
    minimum_item = forms.CharField(label=_("Single item from"), required=False)
    contact_max = forms.IntegerField(label=_("Contacts allowed"), min_value=1, max_value=100, required=False)
    contact_days = forms.IntegerField(label=_("in so many days"), min_value=1, max_value=365, required=False)
    days_between_steps = forms.IntegerField(label=_("Days between two steps"), min_value=0, max_value=365)
    task_patience = forms.IntegerField(label=_("Days an open task is waited for"), min_value=0, max_value=365)
    bank_lag = forms.IntegerField(label=_("Working days left to the bank"), min_value=0, max_value=30)
    absorb_lower = forms.IntegerField(
        label=_("Days in which a lower contact joins the next higher one"), min_value=0, max_value=365
    )
    catch_up = forms.ChoiceField(label=_("After missed days"), choices=CATCH_UP)
    on_broken_promise = forms.ChoiceField(label=_("After a broken promise"))
    release = forms.BooleanField(label=_("A released hold counts from the next working day"), required=False)

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        self.version = version
        self.names = dict(zip(("it", "en"), _names(version), strict=True))
        initial = _initial(version) | {"name": self.names[words.language()]}
        super().__init__(*args, initial=initial, condition=version.applies_to, **kwargs)
        steps = [(step.code, name_of(step)) for step in version.steps.order_by("position")]
        self.fields["on_broken_promise"].choices = [("next_step", gettext("the next step")), *steps]  # type: ignore[attr-defined]
        self.periods = range(max(LEAST_PERIODS, len(version.further.get("quiet", [])) + 1))
        for n in self.periods:
            for part, name in (("from", gettext("from (day/month)")), ("to", gettext("to (day/month)"))):
                self.fields[f"quiet_{part}_{n}"] = forms.CharField(label=name, max_length=5, required=False)
            self.fields[f"quiet_most_{n}"] = forms.ChoiceField(
                label=gettext("at most"), choices=[("", gettext("no contact")), *steps], required=False
            )
        for kind in HOLDS:
            self.fields[f"after_{kind}"] = forms.IntegerField(
                label=str(labels.HOLDS[kind]).capitalize(), min_value=0, max_value=365, required=False
            )

    def sections(self) -> list[Section]:
        """The fields under their titles, for the template."""
        quiet = [f"quiet_{part}_{n}" for n in self.periods for part in ("from", "to", "most")]
        after = (gettext("After a hold the next step waits so many days"), (*AFTER, "release"))
        return sections(self, [*TITLES, (gettext("Quiet days of every year"), quiet), after], {})

    def clean_minimum_overdue(self) -> int | Decimal | None:
        return _amount(self.cleaned_data["minimum_overdue"])

    def clean_minimum_item(self) -> int | Decimal | None:
        return _amount(self.cleaned_data["minimum_item"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if bool(said.get("contact_max")) != bool(said.get("contact_days")):
            self.add_error("contact_days", gettext("Say both: how many contacts, and in how many days."))
        said["quiet"] = [period for n in self.periods if (period := self._period(n))]
        return said

    def _period(self, n: int) -> dict[str, str] | None:
        """One quiet period as the text writes it; None where nothing is said."""
        said, days = self.cleaned_data, {}
        if not said.get(f"quiet_from_{n}") and not said.get(f"quiet_to_{n}"):
            return None
        for part in ("from", "to"):
            found = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})\s*", said.get(f"quiet_{part}_{n}") or "")
            if found is None:
                self.add_error(f"quiet_{part}_{n}", gettext("A day of every year, as in 25/8."))
                return None
            days[part] = f"{int(found[2]):02}-{int(found[1]):02}"
        most = said.get(f"quiet_most_{n}")
        return days | ({"max_step": most} if most else {})

    def values(self) -> dict[str, Any]:
        """The keys of the policy as the text writes them; None takes a key away, and what means the same stays."""
        said, before = self.cleaned_data, self.version.further
        limit = {"max": said["contact_max"], "days": said["contact_days"]} if said["contact_max"] else None
        values = {key: said[key] for key in (*PLAIN, "minimum_overdue", "minimum_item")} | {"contact_limit": limit}
        values["release"] = "next_working_day" if said["release"] else None
        after = {kind: said[f"after_{kind}"] for kind in HOLDS if said[f"after_{kind}"]}
        if after != {kind: days for kind, days in before.get("after_hold", {}).items() if days}:
            values["after_hold"] = after or None
        if [{"max_step": "", **each} for each in said["quiet"]] != before.get("quiet", []):
            values["quiet"] = said["quiet"] or None
        return values | self._who(said) | self.condition_as("applies_to")

    def _who(self, said: dict[str, Any]) -> dict[str, Any]:
        """Its name in the page's language, and whether it is for everybody else: where that is not what it was."""
        values = renamed(self.names, said["name"])
        if said["default"] != is_for_everybody_else(self.version.strategy, self.version):
            values["default"] = said["default"]
        return values


def _amount(written: str) -> int | Decimal | None:
    if not written.strip():
        return None
    try:
        return number_of(written)
    except ValueError as wrong:
        raise forms.ValidationError(str(wrong)) from None


def _names(version: Version) -> tuple[str, str]:
    return names_in(read_policy_text(version.source).get("name"), version.strategy.code, "name")


def _initial(version: Version) -> dict[str, Any]:
    values = {key: getattr(version, key) for key in (*PLAIN, "contact_max", "contact_days")}
    values |= {key: words.amount(getattr(version, key) or None) for key in ("minimum_overdue", "minimum_item")}
    for n, period in enumerate(version.further.get("quiet", [])):
        values |= {f"quiet_{part}_{n}": _day_and_month(period[part]) for part in ("from", "to")}
        values[f"quiet_most_{n}"] = period.get("max_step", "")
    values |= {f"after_{kind}": days for kind, days in version.further.get("after_hold", {}).items()}
    values["release"] = bool(version.further.get("release"))
    values["default"] = is_for_everybody_else(version.strategy, version)
    return values


def _day_and_month(written: str) -> str:
    """`25/8` of `08-25`."""
    month, day = written.split("-")
    return f"{int(day)}/{int(month)}"
