"""The filters above a list, as the form that `partials/filters.html` shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Choices = Sequence[tuple[str, str | Promise]]


class _Select(forms.Select):
    """A choice written at once: Django's own takes two templates an option, and a filter may offer hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, _SELECTED if str(code) == chosen else "", label) for code, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt({"name": name, **(attrs or {})}), options)


_SELECTED = mark_safe(" selected")


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
    return forms.ChoiceField(label=label, choices=[("", _("all")), *choices], widget=_Select)


def flag(label: str | Promise) -> forms.BooleanField:
    return forms.BooleanField(label=label, widget=forms.CheckboxInput(attrs={"value": "1"}))


def day(label: str | Promise) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def kept(label: str | Promise = "") -> forms.CharField:
    """A value that came with a link: sent on with the form, not shown in it."""
    return forms.CharField(label=label, widget=forms.HiddenInput())
