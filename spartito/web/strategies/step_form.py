"""One step of a draft as a form: when, what, with which text, by whom, on which conditions, what else."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.communications.queries import templates_in_force
from spartito.strategies.models import Step
from spartito.strategies.rules import ACTIONS, CHANNELS, INCLUDES
from spartito.web import wording, words
from spartito.web.rolenames import ROLES
from spartito.web.strategies.conditions_form import ConditionFields, fits_into_rows, initial_rows

WRITTEN = [channel for channel in CHANNELS if channel != "phone"]
INCLUDED = {"late_interest": _("late-payment interest"), "recovery_fee": _("recovery fee")}
COPIED = {"salesperson": _("the salesperson"), "collector": _("the collector")}


class StepForm(ConditionFields):
    """The keys of a step that people change most; the others stay in the text as they are."""

    days = forms.IntegerField(
        label=_("Days from the due date"), min_value=-365, max_value=3650, help_text=_("Negative: before it.")
    )
    what = forms.ChoiceField(label=_("What happens"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    template = forms.ChoiceField(label=_("Template"), required=False)
    assign_to = forms.ChoiceField(label=_("Who does it"), required=False)
    fallback = forms.MultipleChoiceField(
        label=_("Else by"), choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )
    copy_to = forms.MultipleChoiceField(
        label=_("Copy to"), choices=list(COPIED.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    include = forms.MultipleChoiceField(
        label=_("With"),
        choices=[(key, INCLUDED[key]) for key in INCLUDES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.IntegerField(label=_("Level of the block"), min_value=1, max_value=5, required=False)
    must = forms.BooleanField(label=_("Must not be skipped or wait for the contact limit"), required=False)
    min_days = forms.IntegerField(label=_("At least so many days after the step before"), min_value=0, required=False)
    pay_by = forms.IntegerField(label=_("Asks for payment within so many days"), min_value=1, required=False)

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        self.step = step
        self.has_rows = step is None or fits_into_rows(step.conditions)
        super().__init__(*args, initial=_initial(step) if step else {"days": 0, "what": "email"}, **kwargs)
        self.fields["what"].choices = _choices_of_what()  # type: ignore[attr-defined]
        self.fields["template"].choices = _choices_of_templates()  # type: ignore[attr-defined]
        self.fields["assign_to"].choices = [("", "–"), *ROLES.items()]  # type: ignore[attr-defined]
        self.fields["fallback"].choices = [(each, wording.CHANNELS[each]) for each in WRITTEN]  # type: ignore[attr-defined]
        if step is None:
            self.fields["code"] = forms.SlugField(
                label=gettext("Code"),
                max_length=60,
                help_text=gettext("A short word without spaces, as in: second_call."),
            )

    def values(self) -> dict[str, Any]:
        """The keys of the step as the text writes them; None takes a key away."""
        said = self.cleaned_data
        what = said["what"]
        is_channel, is_written = what in CHANNELS, what in WRITTEN
        values: dict[str, Any] = {"code": said["code"]} if self.step is None else {}
        values |= {
            "days": said["days"],
            "channel": what if is_channel else None,
            "action": None if is_channel else what,
            "template": (said["template"] or None) if is_written else None,
            "assign_to": said["assign_to"] or None if not is_written else None,
            "fallback": (said["fallback"] or None) if is_written else None,
            "copy_to": (said["copy_to"] or None) if is_written else None,
            "include": (said["include"] or None) if is_written else None,
            "level": said["level"] if what == "order_block" else None,
            "must": said["must"] or None,
            "min_days": said["min_days"],
            "pay_by": said["pay_by"] if is_written else None,
        }
        if self.has_rows:
            values["conditions"] = said["condition"]
        return values | self._name()

    def _name(self) -> dict[str, Any]:
        """The name in the page's language; the other language keeps its own."""
        said = self.cleaned_data["name"].strip()
        kept = {key: self.step.params.get(f"name_{key}", "") for key in ("it", "en")} if self.step else {}
        names = {key: value for key, value in (kept | {words.language(): said}).items() if value}
        return {"name": names or None}


def _initial(step: Step) -> dict[str, Any]:
    params = step.params
    return {
        "days": step.days,
        "what": step.channel or step.action,
        "name": params.get(f"name_{words.language()}", ""),
        "template": step.template,
        "assign_to": step.assign_to,
        "fallback": step.fallback,
        "copy_to": params.get("copy_to") or [],
        "include": params.get("include") or [],
        "level": params.get("level"),
        "must": step.must,
        "min_days": step.min_days,
        "pay_by": params.get("pay_by"),
        **(initial_rows(step.conditions) if fits_into_rows(step.conditions) else {}),
    }


def _choices_of_what() -> list[Any]:
    contacts = [(each, wording.CHANNELS[each]) for each in CHANNELS]
    measures = [(each, wording.MEASURES[each]) for each in ACTIONS]
    return [(gettext("Contacts"), contacts), (gettext("Measures"), measures)]


def _choices_of_templates() -> list[Any]:
    named: dict[str, str] = {}
    for template in sorted(templates_in_force(), key=lambda each: each.language == words.language()):
        named[template.code] = template.name
    return [("", "–"), *sorted(named.items(), key=lambda pair: pair[1].casefold())]
