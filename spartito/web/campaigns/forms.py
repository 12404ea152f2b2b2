"""A campaign as a form: its name, whom it is for, its one step, its last day."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from spartito.communications.models import Template
from spartito.strategies.campaign_text import CHANNELS as WAYS
from spartito.strategies.models import Campaign
from spartito.web import words
from spartito.web.rolenames import role_name
from spartito.web.strategies.conditions_form import ConditionFields
from spartito.web.wording import CHANNELS

USUAL_DAYS = 30
WORKERS = ("collector", "credit_manager", "salesperson", "customer_care")


class CampaignForm(ConditionFields):
    """`plain()` gives what the form says as a campaign's text would."""

    asks_documents = False
    legend = _("For the customers with")

    name = forms.CharField(label=_("Name"), max_length=120)
    channel = forms.ChoiceField(label=_("Channel"), choices=[(way, CHANNELS[way]) for way in WAYS])
    template = forms.ChoiceField(label=_("Template"), required=False, help_text=_("Of what is written."))
    fallback = forms.ChoiceField(
        label=_("Else by"),
        required=False,
        choices=[("", "–"), *((way, CHANNELS[way]) for way in WAYS if way != "phone")],
        help_text=_("Where there is no address for the channel."),
    )
    assign_to = forms.ChoiceField(
        label=_("Who calls"),
        required=False,
        help_text=_("Of a call."),
    )
    until = forms.DateField(label=_("Tried until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args: Any, as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [("", "–"), *_templates()]  # type: ignore[attr-defined]
        self.fields["assign_to"].choices = [("", "–"), *((role, role_name(role)) for role in WORKERS)]  # type: ignore[attr-defined]
        self.fields["until"].initial = as_of + timedelta(days=USUAL_DAYS)

    def plain(self) -> dict[str, Any]:
        """The campaign as plain data; its code is made from its name, and a number where that is taken."""
        said = self.cleaned_data
        is_call = said["channel"] == "phone"
        step = {"channel": said["channel"]}
        if is_call:
            step["assign_to"] = said["assign_to"] or "collector"
        else:
            step["template"] = said["template"]
            if said["fallback"]:
                step["fallback"] = [said["fallback"]]
        return {
            "campaign": _free_code(said["name"]),
            "name": said["name"],
            "filter": said["condition"] or {},
            "step": step,
            "until": said["until"],
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("channel") not in (None, "phone") and not said.get("template"):
            self.add_error("template", _("Choose what is written."))
        return said


def _templates() -> list[tuple[str, str]]:
    named: dict[str, str] = {}
    for each in sorted(Template.objects.order_by("number"), key=lambda each: each.language == words.language()):
        named[each.code] = each.name
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def _free_code(name: str) -> str:
    code = slugify(name).replace("-", "_")[:50].strip("_") or "campaign"
    code = code if code[0].isalpha() else f"c_{code}"
    taken = set(Campaign.objects.filter(code__startswith=code).values_list("code", flat=True))
    numbers = (str(number) for number in range(2, len(taken) + 3))
    return code if code not in taken else next(f"{code}_{n}" for n in numbers if f"{code}_{n}" not in taken)
