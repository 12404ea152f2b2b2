"""How the items of one payment type are treated, and what is written to them instead, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spartito.portfolio.models import PaymentType
from spartito.strategies.models import Version
from spartito.web.strategies.outcome_form import step_names
from spartito.web.strategies.sections import Section, sections
from spartito.web.strategies.step_form import choices_of_templates

TREATMENTS = [
    ("usual", _("as usual")),
    ("returned", _("only after they were returned unpaid")),
    ("never", _("never dunned")),
]


class PaymentTypeForm(forms.Form):
    """The keys of a payment type; its own steps are steps of the time line."""

    treatment = forms.ChoiceField(label=_("Its items"), choices=TREATMENTS)
    shift_days = forms.IntegerField(
        label=_("so many days later"), min_value=-365, max_value=365, required=False,
        help_text=_("Counted from the due date; negative: earlier."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, payment_type: PaymentType, **kwargs: Any) -> None:
        self.said_templates = (version.further.get("templates") or {}).get(payment_type.code, {})
        super().__init__(*args, initial=_initial(version, payment_type.code, self.said_templates), **kwargs)
        names, templates = step_names(version), choices_of_templates()
        self.written = [step.code for step in version.steps.order_by("position") if step.channel not in ("", "phone")]
        for code in self.written:
            self.fields[f"template_{code}"] = forms.ChoiceField(
                label=names[code], choices=[("", _("as usual")), *templates[1:]], required=False
            )

    def sections(self) -> list[Section]:
        """The fields under their titles, for the template."""
        templates = [f"template_{code}" for code in self.written]
        return sections(self, [(_("How"), ("treatment", "shift_days")), (_("Other templates"), templates)], {})

    def values(self) -> dict[str, Any]:
        """The keys as the text writes them; None takes a key away. Templates that mean the same stay as written."""
        said = self.cleaned_data
        templates = {code: said[f"template_{code}"] for code in self.written if said[f"template_{code}"]}
        values = {
            "dunnable": False if said["treatment"] == "never" else None,
            "start_after": "returned" if said["treatment"] == "returned" else None,
            "shift_days": said["shift_days"] or None,
        }
        return values | ({} if templates == self.said_templates else {"templates": templates or None})


def _initial(version: Version, payment_type: str, templates: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {f"template_{code}": template for code, template in templates.items()}
    rule = version.payment_rules.filter(payment_type=payment_type).first()
    if rule is None:
        return values | {"treatment": "usual"}
    treatment = "never" if not rule.is_dunnable else ("returned" if rule.start_after == "returned" else "usual")
    return values | {"treatment": treatment, "shift_days": rule.shift_days or None}
