"""A condition as part of a form: comparisons and groups, changed in place with and without scripts.

A button that changes the shape (one more comparison, a group, one less) sends the form as `shape`: it comes back as it was
written, nothing is checked and nothing saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.platform.facts import Fact
from spartito.strategies.facts import FACTS
from spartito.web import words
from spartito.web.strategies.condition_tree import (
    KINDS,
    Comparison,
    Group,
    codes_in,
    plain_of,
    quoted,
    reshaped,
    shape_of,
    tree_in,
    tree_of,
)
from spartito.web.strategies.fact_values import values_of

SIGNS: dict[str, str | Promise] = {
    ">=": _("at least"),
    ">": _("more than"),
    "<=": _("at most"),
    "<": _("less than"),
    "=": _("is"),
    "!=": _("is not"),
    "in": _("is one of"),
    "not in": _("is none of"),
}
SIGNS_OF = {
    "amount": (">=", ">", "<=", "<", "=", "!="),
    "number": (">=", ">", "<=", "<", "=", "!="),
    "text": ("in", "not in"),
    "yes_no": ("=",),
}
Choices = list[tuple[str, str, bool]]  # value, words, chosen


@dataclass(frozen=True)
class Shown:
    """A comparison or a group as the page shows it: its own fields, and (of a group) its parts."""

    key: str
    is_group: bool
    kinds: Choices
    parts: list["Shown"]
    may_nest: bool = False
    facts: Sequence[tuple[str, str]] = ()
    fact: str = ""
    type: str = ""
    signs: Choices | None = None
    values: Choices | None = None
    value: str = ""
    error: str = ""


class ConditionFields(forms.Form):
    """Fields of a condition; `condition()` gives it as a policy's text writes it, None where there is none."""

    asks_documents = True  # facts of the single document may be asked for
    counts_followers = False  # among those the strategy is for, not among all
    legend: str | Promise = _("Only if")

    def __init__(self, *args: Any, condition: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = tree_of(condition or {})
        self.tree = tree_in(self.data) if self.is_bound else tree_of(condition or {})
        self.focus = ""
        if "shape" in self.data:
            self.tree, self.focus = reshaped(self.tree, str(self.data["shape"]))
        if not self.tree.parts:
            self.tree.parts = [Comparison((0,))]
        names = ((name, _name(fact)) for name, fact in FACTS.items() if fact.of == "account" or self.asks_documents)
        self.facts = sorted(names, key=lambda pair: pair[1].casefold())

    @property
    def is_being_shaped(self) -> bool:
        """Whether the page asked for another shape: then nothing is to be saved."""
        return "shape" in self.data

    def full_clean(self) -> None:
        if self.is_being_shaped:
            self._errors, self.cleaned_data = ErrorDict(), {}  # what is half written is no mistake yet
        else:
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said["condition"] = plain_of(self.tree, allowed=[name for name, _words in self.facts])
        if any(each.error for each in self.tree.comparisons()):
            self.add_error(None, gettext("Something in the condition is not right: it is said there."))
        return said

    def condition(self) -> dict[str, Any] | None:
        """The condition as the text writes it."""
        return self.cleaned_data["condition"]  # type: ignore[no-any-return]

    def condition_as(self, key: str) -> dict[str, Any]:
        """{key: condition} for the text; nothing while it says what it said before."""
        return {} if shape_of(self.tree) == shape_of(self.before) else {key: self.condition()}

    def mark(self, path: Sequence[str], told: str) -> bool:
        """Puts a refusal at the comparison whose fact its path names; False where it names none."""
        found = next((each for each in self.tree.comparisons() if each.fact and each.fact in path), None)
        if found is not None:
            found.error = told
        return found is not None

    def shown(self) -> Shown:
        """The whole condition for the template."""
        known: dict[str, list[tuple[str, str]]] = {}
        return self._group(self.tree, known)

    def _group(self, group: Group, known: dict[str, list[tuple[str, str]]]) -> Shown:
        parts = [
            self._group(part, known) if isinstance(part, Group) else self._comparison(part, known)
            for part in group.parts
        ]
        offered = KINDS if group.place else {kind: KINDS[kind] for kind in ("all", "any")}
        kinds = [(kind, str(said), kind == group.kind) for kind, said in offered.items()]
        return Shown(group.key, True, kinds, parts, may_nest=group.may_nest)

    def _comparison(self, part: Comparison, known: dict[str, list[tuple[str, str]]]) -> Shown:
        fact = FACTS.get(part.fact)
        type_of = fact.type if fact else ""
        if type_of == "text" and part.fact not in known:
            known[part.fact] = values_of(part.fact)
        return Shown(
            key=part.key,
            is_group=False,
            kinds=[],
            parts=[],
            facts=self.facts,
            fact=part.fact,
            type=type_of,
            signs=[(sign, str(SIGNS[sign]), sign == part.sign) for sign in SIGNS_OF.get(type_of, SIGNS)],
            values=_values(type_of, part, known.get(part.fact, [])),
            value=", ".join(part.values),
            error=part.error,
        )


def _values(type_of: str, part: Comparison, known: Sequence[tuple[str, str]]) -> Choices | None:
    """What can be chosen, where a value is not written by hand."""
    if type_of == "yes_no":
        said = "".join(part.values).casefold()
        return [("yes", gettext("yes"), said != "no"), ("no", gettext("no"), said == "no")]
    if not known:
        return None
    chosen = codes_in(part.values)
    names = dict(known) | {code: code for code in chosen if code not in dict(known)}
    return [(quoted(code), name, code in chosen) for code, name in names.items()]


def _name(fact: Fact) -> str:
    return fact.label_it if words.language() == "it" else fact.label_en
