"""For whom a strategy is and within which limits it acts, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.portfolio.models import PaymentType
from spartito.strategies.models import Version
from spartito.web.strategies.conditions_form import ConditionFields, fits_into_rows, initial_rows, number_of
from spartito.web.templatetags.spartito import label

CATCH_UP = [("one_by_one", _("one step at a time")), ("jump_to_latest", _("straight to the latest due"))]


class LimitsForm(ConditionFields):
    """The keys of the policy itself; `applies_to` is asked like the conditions of a step."""

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

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        self.has_rows = fits_into_rows(version.applies_to)
        super().__init__(*args, initial=_initial(version, has_rows=self.has_rows), **kwargs)
        steps = [(step.code, step.params.get("name_it") or step.code) for step in version.steps.order_by("position")]
        self.fields["on_broken_promise"].choices = [("next_step", gettext("the next step")), *steps]  # type: ignore[attr-defined]

    def clean_minimum_overdue(self) -> int | float | None:
        return _amount(self.cleaned_data["minimum_overdue"])

    def clean_minimum_item(self) -> int | float | None:
        return _amount(self.cleaned_data["minimum_item"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if bool(said.get("contact_max")) != bool(said.get("contact_days")):
            self.add_error("contact_days", gettext("Say both: how many contacts, and in how many days."))
        return said

    def values(self) -> dict[str, Any]:
        """The keys of the policy as the text writes them; None takes a key away."""
        said = self.cleaned_data
        limit = {"max": said["contact_max"], "days": said["contact_days"]} if said["contact_max"] else None
        plain = ("priority", "minimum_overdue", "minimum_item", "days_between_steps", "task_patience", "bank_lag",
                 "absorb_lower", "catch_up", "on_broken_promise")  # fmt: skip
        values = {key: said[key] for key in plain} | {"contact_limit": limit}
        return values | ({"applies_to": said["condition"]} if self.has_rows else {})


def _amount(written: str) -> int | float | None:
    if not written.strip():
        return None
    try:
        return number_of(written)
    except ValueError as wrong:
        raise forms.ValidationError(str(wrong)) from None


def _initial(version: Version, *, has_rows: bool) -> dict[str, Any]:
    plain = ("priority", "contact_max", "contact_days", "days_between_steps", "task_patience", "bank_lag",
             "absorb_lower", "catch_up", "on_broken_promise")  # fmt: skip
    values = {key: getattr(version, key) for key in plain}
    values |= {key: getattr(version, key) or "" for key in ("minimum_overdue", "minimum_item")}
    return values | (initial_rows(version.applies_to) if has_rows else {})


class PaymentTypeForm(forms.Form):
    """How items of one payment type are treated."""

    payment_type = forms.ChoiceField(label=_("Payment type"))
    treatment = forms.ChoiceField(
        label=_("Its items"),
        choices=[
            ("usual", _("as usual")),
            ("returned", _("only after they were returned unpaid")),
            ("never", _("never dunned")),
        ],
    )
    shift_days = forms.IntegerField(label=_("so many days later"), min_value=-365, max_value=365, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment_type"].choices = [  # type: ignore[attr-defined]
            (each.code, label(each)) for each in PaymentType.objects.filter(retired_on__isnull=True).order_by("code")
        ]

    def rule(self) -> dict[str, Any] | None:
        """What the text says of this type; None where it is as usual."""
        said = self.cleaned_data
        rule: dict[str, Any] = {}
        if said["treatment"] == "never":
            rule["dunnable"] = False
        if said["treatment"] == "returned":
            rule["start_after"] = "returned"
        if said["shift_days"]:
            rule["shift_days"] = said["shift_days"]
        return rule or None
