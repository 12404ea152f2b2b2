"""The forms of the customer page; `cleaned_data` is what the operation takes."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from spartito.access.models import Assignment, User
from spartito.actions.models import OutcomeCode
from spartito.portfolio.models import Item
from spartito.web import labels, words
from spartito.web.today.forms import AmountField
from spartito.web.wording import CHANNELS
from spartito.worklist.rules import PROFILES_OF_ROLES

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NEEDS_REASON = ("manual", "dispute", "do_not_contact", "legal", "insolvency")
REPORTED = ("promise", "dispute", "payment_check")
LONGEST = 500


class ContactForm(forms.Form):
    """A contact with its outcome."""

    direction = forms.ChoiceField(
        label=_("Who contacted whom"), choices=[("in", _("they contacted us")), ("out", _("we contacted them"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("How"))
    code = forms.ChoiceField(label=_("Outcome"))
    amount = AmountField(label=_("Amount"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    on = forms.DateField(label=_("Day named"), required=False, widget=DATE)
    note = forms.CharField(
        label=_("What was said"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        channels = ("phone", "email", "pec", "letter", "fax", "sms")
        self.fields["channel"].choices = [(code, CHANNELS[code]) for code in channels]
        name = f"name_{words.language()}"
        self.fields["code"].choices = (
            OutcomeCode.objects.exclude(code="POST").order_by("position").values_list("code", name)
        )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5, "autofocus": True})
    )


class BecauseForm(forms.Form):
    because = forms.CharField(label=_("Why"), required=False, max_length=LONGEST)


class NeededBecauseForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=300)


class HoldForm(forms.Form):
    """A hold; without a document it covers the whole customer."""

    kind = forms.ChoiceField(label=_("Kind"))
    item = forms.ModelChoiceField(Item.objects.none(), label=_("Document"), required=False)
    amount = AmountField(
        label=_("Only for the amount of"), required=False, help_text=_("Empty: the whole document."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    ends_on = forms.DateField(label=_("Until, included"), required=False, widget=DATE)
    because = forms.CharField(label=_("Why"), required=False, max_length=LONGEST)

    def __init__(self, *args: Any, items: QuerySet[Item], reports: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        kinds = [(code, name) for code, name in labels.HOLDS.items() if not reports or code in REPORTED]
        self.fields["kind"].choices = kinds
        field = self.fields["item"]
        field.queryset = items.filter(open_amount__gt=0).order_by("due_date")[:300]
        field.empty_label = _("the whole customer")
        field.label_from_instance = lambda item: (
            f"{item.document_number} · {words.numeric(item.due_date)} · {words.amount(item.open_amount)} {item.currency}"
        )

    def clean_item(self) -> int | None:
        item = self.cleaned_data["item"]
        return item.pk if item else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in NEEDS_REASON and not data.get("because"):
            self.add_error("because", _("This hold needs a reason."))
        if data.get("kind") == "promise" and not data.get("ends_on"):
            self.add_error("ends_on", _("A promise needs its day."))
        if data.get("amount") and not data.get("item"):
            self.add_error("item", _("Say of which document the amount is held."))
        return data


class AssignForm(forms.Form):
    collector = forms.ModelChoiceField(User.objects.none(), label=_("Collector"), required=False)
    because = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(self, *args: Any, as_of: date, **kw: Any) -> None:
        super().__init__(*args, **kw)
        held = Assignment.objects.filter(profile__in=(*PROFILES_OF_ROLES["collector"], "credit_manager"))
        held = held.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=as_of))
        held = held.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=as_of))
        people = User.objects.filter(is_active=True, pk__in=held.values("user"))
        self.fields["collector"].queryset = people.order_by("full_name", "username")
        self.fields["collector"].empty_label = _("nobody by name")


class ExcludeForm(forms.Form):
    excluded_because = forms.CharField(label=_("Why"), max_length=300)

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "is_excluded": True}


class IncludeForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        return {"is_excluded": False, "excluded_because": ""}


class BlockForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["level"].choices = [(level, f"{level} · {name}") for level, name in labels.BLOCKS.items() if level]
