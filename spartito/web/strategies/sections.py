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
from spartito.web import words


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


def renamed(before: Mapping[str, str], said: str) -> dict[str, Any]:
    """`name` for the text where it was changed in the page's language; a name of its own in the other one stays."""
    here = words.language()
    there = "en" if here == "it" else "it"
    if said == before.get(here, ""):
        return {}
    own = before.get(there, "") if before.get(there) != before.get(here) else ""
    names = {key: name for key in ("it", "en") if (name := {here: said, there: own}[key])}
    return {"name": names or None}


def put_refusal(form: forms.Form, refusal: Refused, *, means: Mapping[str, str]) -> None:
    """Says a refusal beside the field that its path means (`means`: key of the text -> field), else above the form."""
    path, told = getattr(refusal, "path", ()), str(refusal) or gettext("This cannot be.")
    if getattr(form, "mark", lambda _path, _told: False)(path, told):
        form.add_error(None, gettext("Something in the condition is not right: it is said there."))
        return
    named = next((means.get(key, key) for key in reversed(path) if means.get(key, key) in form.fields), None)
    form.add_error(named, told)
