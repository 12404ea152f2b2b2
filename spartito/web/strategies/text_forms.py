"""What the calendar sends (`periodic`), and payment education, as forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.strategies.education_text import HOLD_OUT, LEAST, MOST
from spartito.strategies.models import Periodic, Version
from spartito.strategies.periodic_text import LISTS, WRITTEN
from spartito.web import wording, words
from spartito.web.strategies.conditions_form import ConditionFields
from spartito.web.strategies.sections import Section, renamed, sections
from spartito.web.strategies.step_form import COPIED, choices_of_templates

EVERY = [("month", _("every month")), ("quarter", _("every quarter")), ("year", _("every year"))]
LISTED = {
    "open": _("all that is open"),
    "delays": _("what was paid late in the period before"),
    "nothing": _("no documents: the text alone"),
}
TITLES = [
    (_("When and what"), ("code", "name", "every", "of_quarter", "of_year", "day", "within")),
    (_("How and with which text"), ("channel", "fallback", "template", "lists", "copy_to")),
]
ASKED_FOR = {"of_quarter": "quarter", "of_year": "year"}
MEANS = {"month": "of_quarter", "when": "every"}
WITHIN = 14
USUAL = {"fact": "late_payer", "operator": "=", "value": True}


class TextForm(ConditionFields):
    """One entry of `periodic`; `values()` gives its keys as the text writes them, None takes one away."""

    asks_documents = False
    counts_followers = True
    kinds_of = "every"

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    every = forms.ChoiceField(label=_("How often"), choices=EVERY)
    of_quarter = forms.ChoiceField(label=_("In which month of the quarter"), required=False)
    of_year = forms.ChoiceField(label=_("In which month"), required=False)
    day = forms.IntegerField(
        label=_("From which day"), min_value=1, max_value=28,
        help_text=_("1 to 28; on the first working day from then on."),
    )  # fmt: skip
    within = forms.IntegerField(
        label=_("Tried for so many days"), min_value=0, max_value=60, required=False,
        help_text=_("Where a limit or a hold stands against it."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("Channel"))
    fallback = forms.MultipleChoiceField(
        label=_("Else by"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Where there is no address for the first way."),
    )  # fmt: skip
    template = forms.ChoiceField(label=_("Template"))
    lists = forms.ChoiceField(label=_("What it lists"), choices=[(each, LISTED[each]) for each in LISTS])
    copy_to = forms.MultipleChoiceField(
        label=_("Copy to"), choices=list(COPIED.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, text: Periodic | None = None, **kwargs: Any) -> None:
        self.text = text
        initial = (
            _initial(text)
            if text
            else {"every": "month", "day": 1, "within": WITHIN, "channel": "email", "lists": "open"}
        )
        super().__init__(*args, initial=initial, condition=text.conditions if text else None, **kwargs)
        ways = [(each, wording.CHANNELS[each]) for each in WRITTEN]
        choices: dict[str, list[Any]] = {
            "of_quarter": [(str(n), gettext("the %(n)s. of three") % {"n": n}) for n in (1, 2, 3)],
            "of_year": [(str(n), name) for n, name in MONTHS.items()],
            "channel": ways,
            "fallback": ways,
            "template": choices_of_templates(),
        }
        for field, values in choices.items():
            self.fields[field].choices = values  # type: ignore[attr-defined]
        if text is None:
            self.fields["code"] = forms.SlugField(
                label=gettext("Code"),
                max_length=60,
                help_text=gettext("A short word without spaces, as in: statement."),
            )

    def sections(self) -> list[Section]:
        """The fields under their titles, for the template."""
        return sections(self, TITLES, ASKED_FOR)

    def kinds(self) -> dict[str, str]:
        """What each choice of `every` is, for the page's script."""
        return {each: each for each, _words in EVERY}

    def values(self) -> dict[str, Any]:
        """The keys of the entry; what means the same stays as it is written."""
        said = self.cleaned_data
        month = {"quarter": said["of_quarter"], "year": said["of_year"]}.get(said["every"]) or "1"
        now = {
            "every": said["every"],
            "month": int(month),
            "day": said["day"],
            "within": WITHIN if said["within"] is None else said["within"],
            "channel": said["channel"],
            "fallback": said["fallback"],
            "template": said["template"],
            "lists": said["lists"],
            "copy_to": said["copy_to"],
        }
        values = {key: value for key, value in now.items() if value != self._before(key)}
        if said["every"] == "month":
            values["month"] = None
        for key in ("fallback", "copy_to"):
            if key in values:
                values[key] = values[key] or None
        code = {"code": said["code"]} if self.text is None else {}
        return code | values | self.condition_as("when") | renamed(self._names(), self.cleaned_data["name"])

    def _names(self) -> dict[str, str]:
        params: Mapping[str, Any] = self.text.params if self.text else {}
        return {key: params.get(f"name_{key}", "") for key in ("it", "en")}

    def _before(self, key: str) -> Any:
        """What a key is while nothing is said of it, or was."""
        if self.text is None:
            return {"month": 1, "day": 1, "within": WITHIN, "fallback": [], "lists": "open", "copy_to": []}.get(key)
        return (self.text.params.get("copy_to") or []) if key == "copy_to" else getattr(self.text, key)


def _initial(text: Periodic) -> dict[str, Any]:
    plain = ("every", "day", "within", "channel", "fallback", "template", "lists")
    return {key: getattr(text, key) for key in plain} | {
        "name": text.params.get(f"name_{words.language()}", ""),
        "copy_to": text.params.get("copy_to") or [],
        "of_quarter": str(min(text.month, 3)),
        "of_year": str(text.month),
    }


class EducationForm(ConditionFields):
    """Who is to learn to pay in time, and how many are left out so that the effect can be told."""

    asks_documents = False
    counts_followers = True
    legend = _("Who enters: customers with")

    is_on = forms.BooleanField(
        label=_("This strategy teaches to pay in time"), required=False,
        help_text=_("Without the mark nobody enters any more."),
    )  # fmt: skip
    hold_out = forms.IntegerField(
        label=_("Left out by chance, in per cent"), min_value=LEAST, max_value=MOST, required=False,
        help_text=_("They are treated as before: the difference between the two groups is the effect."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        said = version.further.get("education") or {}
        initial = {"is_on": bool(said), "hold_out": said.get("hold_out", HOLD_OUT)}
        super().__init__(*args, initial=initial, condition=said.get("conditions") or USUAL, **kwargs)
        self.said = said

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("is_on") and not said.get("condition") and not self.non_field_errors():
            self.add_error("is_on", gettext("Say below who enters, as in: Pays late, is, yes."))
        return said

    def values(self) -> dict[str, Any]:
        """The key as the text writes it; None takes it away, and what means the same stays."""
        said = self.cleaned_data
        if not said["is_on"]:
            return {"education": None}
        hold_out = said["hold_out"] or HOLD_OUT
        if self.said and hold_out == self.said["hold_out"] and not self.condition_as("for"):
            return {}
        return {"education": {"hold_out": hold_out, "for": self.condition()}}
