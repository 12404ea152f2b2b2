"""A condition as rows of a form: a fact, a comparison, a value; all of them or any of them.

Conditions with groups inside groups do not fit into rows: they are said in words and changed in the text.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.platform.facts import Fact
from spartito.strategies.facts import FACTS
from spartito.web import words

ROWS = 4
IN_THOUSANDS = {"it": re.compile(r"-?\d{1,3}(\.\d{3})+"), "en": re.compile(r"-?\d{1,3}(,\d{3})+")}
SIGNS = {
    ">=": _("at least"),
    ">": _("more than"),
    "<=": _("at most"),
    "<": _("less than"),
    "=": _("is"),
    "!=": _("is not"),
    "in": _("is one of"),
    "not in": _("is none of"),
}


def fits_into_rows(condition: Mapping[str, Any]) -> bool:
    """Whether a condition in normal form is one flat list of comparisons."""
    return not condition or (len(_leaves(condition)) <= ROWS and all("fact" in leaf for leaf in _leaves(condition)))


def _leaves(condition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if not condition:
        return []
    return list(condition.get("all") or condition.get("any") or [condition])


def initial_rows(condition: Mapping[str, Any]) -> dict[str, Any]:
    """Initial values of `ConditionFields` for a condition that fits."""
    values: dict[str, Any] = {"together": "any" if "any" in condition else "all"}
    for row, leaf in enumerate(_leaves(condition)):
        values[f"fact_{row}"] = leaf["fact"]
        values[f"sign_{row}"] = leaf["operator"]
        values[f"value_{row}"] = _written(leaf["value"])
    return values


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(value) if isinstance(value, list) else str(value)


class ConditionFields(forms.Form):
    """Rows of a condition; `condition()` gives it as a policy's text writes it, None where there is none."""

    asks_documents = True  # facts of the single document may be asked for

    together = forms.ChoiceField(
        label=_("When several are asked"),
        choices=[("all", _("all must hold")), ("any", _("one is enough"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ((name, _name(fact)) for name, fact in FACTS.items() if fact.of == "account" or self.asks_documents)
        facts = sorted(named, key=lambda pair: pair[1].casefold())
        for row in range(ROWS):
            self.fields[f"fact_{row}"] = forms.ChoiceField(
                label=gettext("Only if"), choices=[("", "–"), *facts], required=False
            )
            self.fields[f"sign_{row}"] = forms.ChoiceField(
                label=gettext("Comparison"), choices=list(SIGNS.items()), required=False
            )
            self.fields[f"value_{row}"] = forms.CharField(label=gettext("Value"), required=False, max_length=300)

    def plain_fields(self) -> list[str]:
        """Names of the fields that are no rows of the condition."""
        rowed = {"together", *(f"{part}_{row}" for part in ("fact", "sign", "value") for row in range(ROWS))}
        return [name for name in self.fields if name not in rowed]

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(fact, comparison, value) fields, row by row, for the template."""
        return [(self[f"fact_{row}"], self[f"sign_{row}"], self[f"value_{row}"]) for row in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        leaves = []
        for row in range(ROWS):
            fact = said.get(f"fact_{row}")
            if fact:
                leaves.append(
                    self._leaf(row, FACTS[fact], said.get(f"sign_{row}") or "", said.get(f"value_{row}") or "")
                )
        said["condition"] = _together([leaf for leaf in leaves if leaf], said.get("together") or "all")
        return said

    def _leaf(self, row: int, fact: Fact, sign: str, value: str) -> dict[str, Any] | None:
        try:
            return {fact.name: _asked(fact, sign, value)}
        except ValueError as wrong:
            self.add_error(f"value_{row}", str(wrong))
            return None

    def field_of(self, path: Sequence[str]) -> str | None:
        """The field that a refusal's path means: the row of a fact, else None."""
        for row in range(ROWS):
            fact = self.cleaned_data.get(f"fact_{row}") if hasattr(self, "cleaned_data") else None
            if fact and fact in path:
                return f"value_{row}"
        return None


def _name(fact: Fact) -> str:
    return fact.label_it if words.language() == "it" else fact.label_en


def _asked(fact: Fact, sign: str, value: str) -> Any:
    if fact.type == "yes_no":
        if value.strip().casefold() not in YES | NO:
            raise ValueError(gettext("Yes or no."))
        return (value.strip().casefold() in YES) is (sign != "!=")
    if fact.type == "text":
        codes = [each.strip() for each in value.split(",") if each.strip()]
        if not codes:
            raise ValueError(gettext("One or more codes, with commas between."))
        return {"not in": codes} if sign in ("not in", "!=") else codes
    if sign in ("in", "not in"):
        raise ValueError(gettext("Choose how the number is compared."))
    return {sign: number_of(value)}


YES, NO = {"sì", "si", "yes", "true", "1"}, {"no", "false", "0"}


def number_of(written: str) -> int | float:
    """`1.000,50`, `1,000.50` or `1000.5` as a number with at most two decimals; `1.000` is a thousand in Italian, `1,000`
    in English. Raises ValueError.
    """
    text = written.strip().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if IN_THOUSANDS["it" if words.language() == "it" else "en"].fullmatch(text):
        text = text.replace(".", "").replace(",", "")
    elif "," in text and text.rfind(",") > text.rfind("."):
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(gettext("Not a number.")) from None
    if not number.is_finite() or number != number.quantize(Decimal("0.01")):
        raise ValueError(gettext("A number with at most two decimals."))
    return int(number) if number == number.to_integral_value() else float(number)


def _together(leaves: list[dict[str, Any]], how: str) -> dict[str, Any] | None:
    if not leaves:
        return None
    if how == "any" and len(leaves) > 1:
        return {"any": leaves}
    names = [name for leaf in leaves for name in leaf]
    if len(set(names)) < len(names):
        return {"all": leaves}
    return {name: value for leaf in leaves for name, value in leaf.items()}
