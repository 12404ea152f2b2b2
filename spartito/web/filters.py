"""The filters above a list, as the form that `partials/filters.html` shows."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Choices = Sequence[tuple[str, str | Promise]]


def filter_form(values: Mapping[str, str], fields: Mapping[str, forms.Field]) -> forms.Form:
    """The form of these fields holding `values`; a choice between fewer than two is hidden unless it is set."""
    form = forms.Form(data=dict(values), auto_id="filter_%s")
    for key, field in fields.items():
        field.required = False
        if isinstance(field, forms.ChoiceField) and len(list(field.choices)) < 3 and not values.get(key):
            continue
        form.fields[key] = field
    return form


def search(label: str | Promise, about: str | Promise = "") -> forms.CharField:
    """`about` says inside the field what is searched."""
    looks = {"type": "search", "autocomplete": "off", "placeholder": about}
    return forms.CharField(label=label, widget=forms.TextInput(attrs=looks))


def choice(label: str | Promise, choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("all")), *choices])


def flag(label: str | Promise) -> forms.BooleanField:
    return forms.BooleanField(label=label, widget=forms.CheckboxInput(attrs={"value": "1"}))


def day(label: str | Promise) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def kept(label: str | Promise = "") -> forms.CharField:
    """A value that came with a link: sent on with the form, not shown in it."""
    return forms.CharField(label=label, widget=forms.HiddenInput())
