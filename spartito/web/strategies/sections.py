"""A long form in sections: which fields stand together, and for which kinds of step each is asked.

A page shows only the fields of what was chosen; without scripts it shows them all, and those that do not fit are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext

from spartito.platform.errors import Refused


@dataclass
class Section:
    """A title and its fields, each with the kinds of step it is asked for ('' = all)."""

    title: str
    fields: list[tuple[Any, str]] = field(default_factory=list)
    note: str = ""
    is_open: bool = True

    @property
    def kinds(self) -> str:
        """The kinds that any field is asked for; '' where one is asked for all."""
        asked = [kinds for _bound, kinds in self.fields]
        return "" if "" in asked else " ".join(sorted({kind for each in asked for kind in each.split()}))


def sections(
    form: forms.Form, titles: Sequence[tuple[str | Promise, Sequence[str]]], asked_for: Mapping[str, str]
) -> list[Section]:
    """The form's fields under their titles; a section folds while none of its fields says anything."""
    found = []
    for number, (title, names) in enumerate(titles):
        bound = [(form[name], asked_for.get(name, "")) for name in names if name in form.fields]
        if bound:
            says = any(each.value() not in (None, "", [], False) or each.errors for each, _kinds in bound)
            found.append(Section(str(title), bound, is_open=number < 2 or says))
    return found


def put_refusal(form: forms.Form, refusal: Refused, *, means: Mapping[str, str]) -> None:
    """Says a refusal beside the field that its path means (`means`: key of the text -> field), else above the form."""
    path = getattr(refusal, "path", ())
    of_rows = getattr(form, "field_of", lambda _path: None)(path)
    named = next((means.get(key, key) for key in reversed(path) if means.get(key, key) in form.fields), None)
    form.add_error(of_rows or named, str(refusal) or gettext("This cannot be."))
