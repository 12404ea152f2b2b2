"""A condition as people write it: comparisons in groups, and groups in groups, each with its place in a form.

A tree is read out of a condition's normal form or out of what a page sent, and gives the condition as a policy's text
writes it. Fields are named by their place: `fact_0`, `sign_0`, `value_0`; the second comparison of the group in third
place is `fact_2-1`; what a group asks of its parts is `group_2`. What cannot be read is said at the comparison itself.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.platform.facts import Fact
from spartito.strategies.facts import FACTS
from spartito.web import words

Place = tuple[int, ...]
TOO_MUCH = Decimal(10) ** 15
DECIMALS = 4  # of what a fact is compared with
DEEPEST, MOST = 3, 40  # groups within groups, and comparisons, that the buttons make
FIELD = re.compile(r"(fact|group)_(\d{1,3}(?:-\d{1,3}){0,9})")
KINDS: dict[str, str | Promise] = {
    "all": _("all of these hold"),
    "any": _("at least one of these holds"),
    "none": _("none of these holds"),
    "not_all": _("not all of these hold"),
}
YES, NO = {"sì", "si", "yes", "true", "1"}, {"no", "false", "0"}
IN_THOUSANDS = {"it": re.compile(r"-?\d{1,3}(\.\d{3})+"), "en": re.compile(r"-?\d{1,3}(,\d{3})+")}


@dataclass
class Comparison:
    """A fact, how it is compared, with what (as written); without a fact it says nothing."""

    place: Place
    fact: str = ""
    sign: str = ""
    values: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def key(self) -> str:
        """Its place in the names of its fields."""
        return "-".join(map(str, self.place))


@dataclass
class Group:
    """Parts and what is asked of them, by `KINDS`; without parts it says nothing."""

    place: Place = ()
    kind: str = "all"
    parts: list["Comparison | Group"] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its place in the names of its fields; nothing for the whole condition."""
        return "-".join(map(str, self.place))

    @property
    def may_nest(self) -> bool:
        """Whether a group may be put into it."""
        return len(self.place) < DEEPEST

    def comparisons(self) -> Iterator[Comparison]:
        """All of them, in order."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.comparisons()
            else:
                yield part


def tree_of(condition: Mapping[str, Any]) -> Group:
    """A condition in normal form as a tree."""
    whole = _group(condition, ()) if condition and "fact" not in condition and "not" not in condition else None
    return whole or Group(parts=[_part(condition, (0,))] if condition else [])


def _part(condition: Mapping[str, Any], place: Place) -> Comparison | Group:
    if "fact" in condition:
        return Comparison(place, condition["fact"], condition["operator"], _written(condition["value"]))
    return _group(condition, place)


def _group(condition: Mapping[str, Any], place: Place) -> Group:
    """`not` stands on a group of its own: none of these holds, not all of these hold."""
    kind, inner = "all" if "all" in condition else "any", condition
    if "not" in condition:
        inner = condition["not"]
        kind = "not_all" if "all" in inner else "none"
        if "all" not in inner and "any" not in inner:
            inner = {"any": [inner] if inner else []}
    listed = inner.get("all") or inner.get("any") or []
    return Group(place, kind, [_part(each, (*place, number)) for number, each in enumerate(listed)])


def _written(value: Any) -> list[str]:
    """A value as it stands in its field: a number as one writes it in the page's language, codes one by one."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [quoted(each) for each in value]
    number = Decimal(value)
    plain = f"{number.to_integral_value() if number == number.to_integral_value() else number.normalize():f}"
    return [plain.replace(".", ",") if words.language() == "it" else plain]


def quoted(code: str) -> str:
    """A code as it is written among others with commas between."""
    return f'"{code.replace(chr(34), chr(34) * 2)}"' if set(code) & {",", '"'} else code


def codes_in(values: Sequence[str]) -> list[str]:
    """The codes of a field, or of several that were chosen."""
    return [code.strip() for line in csv.reader(values, skipinitialspace=True) for code in line if code.strip()]


def tree_in(data: Mapping[str, Any]) -> Group:
    """What a page sent as a tree; parts of groups that are not there are left out."""
    found: dict[Place, Comparison | Group] = {}
    for name in data:
        matched = FIELD.fullmatch(name)
        if matched:
            place = tuple(int(number) for number in matched[2].split("-"))
            found[place] = _sent(matched[1], place, matched[2], data)
    together = str(data.get("together") or "all")
    root = Group(kind=together if together in KINDS else "all")
    for place in sorted(found, key=lambda each: (len(each), each)):
        owner = root if len(place) == 1 else found.get(place[:-1])
        if isinstance(owner, Group):
            owner.parts.append(found[place])
    return root


def _sent(what: str, place: Place, key: str, data: Mapping[str, Any]) -> Comparison | Group:
    said = str(data.get(f"{what}_{key}") or "")
    if what == "group":
        return Group(place, said if said in KINDS else "all")
    values = data.getlist(f"value_{key}") if isinstance(data, QueryDict) else [str(data.get(f"value_{key}") or "")]
    return Comparison(place, said, str(data.get(f"sign_{key}") or ""), [each for each in values if each.strip()])


def reshaped(tree: Group, wish: str) -> tuple[Group, str]:
    """The tree after `add:2`, `group:2`, `drop:2-1` or `look:2-1:number`, and the field that takes the focus.

    To look is to see a comparison anew when another fact was chosen (before it was one of this type).
    """
    what, written, before = [*wish.split(":"), "", ""][:3]
    place = tuple(int(number) for number in written.split("-") if number.isdigit())
    owner = _at(tree, place if what in ("add", "group") else place[:-1])
    if not isinstance(owner, Group):
        return tree, ""
    if what == "look":
        return _look(tree, _at(tree, place), before), ""
    if what == "drop":
        owner.parts = [part for part in owner.parts if part.place != place]
    elif what == "add" and len(list(tree.comparisons())) < MOST:
        owner.parts.append(Comparison((*owner.place, len(owner.parts))))
    elif what == "group" and owner.may_nest:
        owner.parts.append(Group((*owner.place, len(owner.parts)), "any", [Comparison(()), Comparison(())]))
    _count_anew(tree)
    focus = f"fact_{_last(owner).key}" if what in ("add", "group") and owner.parts else f"add_{owner.key}"
    return tree, focus if what in ("add", "group", "drop") else ""


def _look(tree: Group, part: Comparison | Group | None, before: str) -> Group:
    if isinstance(part, Comparison) and before and (part.fact not in FACTS or FACTS[part.fact].type != before):
        part.sign, part.values = "", []
    return tree


def _last(owner: Group) -> Comparison:
    last = owner.parts[-1]
    return next(last.comparisons()) if isinstance(last, Group) else last


def _at(tree: Group, place: Place) -> Comparison | Group | None:
    here: Comparison | Group | None = tree
    for depth in range(len(place)):
        parts = here.parts if isinstance(here, Group) else []
        here = next((part for part in parts if part.place == place[: depth + 1]), None)
    return here


def _count_anew(group: Group) -> None:
    for number, part in enumerate(group.parts):
        part.place = (*group.place, number)
        if isinstance(part, Group):
            _count_anew(part)


def plain_of(group: Group, *, allowed: Sequence[str]) -> dict[str, Any] | None:
    """The group as a policy's text writes it, None where it says nothing; what is wrong is put at its comparison."""
    parts = [found for part in group.parts if (found := _plain(part, allowed))]
    if not parts:
        return None
    if group.kind in ("all", "not_all"):
        whole = _all(parts)
        return {"not": whole} if group.kind == "not_all" else whole
    whole = parts[0] if len(parts) == 1 else {"any": parts}
    return {"not": whole} if group.kind == "none" else whole


def _plain(part: Comparison | Group, allowed: Sequence[str]) -> dict[str, Any] | None:
    if isinstance(part, Group):
        return plain_of(part, allowed=allowed)
    if not part.fact:
        return None
    try:
        if part.fact not in allowed:
            raise ValueError(gettext("This cannot be asked here."))
        return {part.fact: asked(FACTS[part.fact], part.sign, part.values)}
    except ValueError as wrong:
        part.error = str(wrong)
        return None


def _all(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """One mapping where every key comes once, else a list."""
    names = [name for part in parts for name in part]
    if len(set(names)) < len(names):
        return {"all": parts}
    return {name: value for part in parts for name, value in part.items()}


def shape_of(group: Group) -> Any:
    """What a tree says, to be compared: two of one shape are one condition, however it was written."""
    shapes = []
    for part in group.parts:
        if isinstance(part, Group):
            shapes.append(shape_of(part))
        elif part.fact in FACTS:
            try:
                shapes.append((part.fact, repr(asked(FACTS[part.fact], part.sign, part.values))))
            except ValueError:
                shapes.append((part.fact, part.sign, *part.values))
    return group.kind, shapes


def asked(fact: Fact, sign: str, values: Sequence[str]) -> Any:
    """What a comparison asks of a fact, as the text writes it. Raises ValueError with what is wrong."""
    if fact.type == "yes_no":
        said = "".join(values).strip().casefold()
        if said not in YES | NO:
            raise ValueError(gettext("Yes or no."))
        return (said in YES) is (sign != "!=")
    if fact.type == "text":
        codes = codes_in(values)
        if not codes:
            raise ValueError(gettext("One or more codes, with commas between."))
        return {"not in": codes} if sign in ("not in", "!=") else codes
    if sign in ("in", "not in"):
        raise ValueError(gettext("Choose how the number is compared."))
    return {sign or ">=": number_of("".join(values), places=DECIMALS)}


def number_of(written: str, *, places: int = 2) -> int | Decimal:
    """`1.000,50`, `1,000.50` or `1000.5` as a number with at most `places` decimals; `1.000` is a thousand in Italian,
    `1,000` in English. Raises ValueError.
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
    if not number.is_finite() or abs(number) >= TOO_MUCH:
        raise ValueError(gettext("Not a number."))
    if number != round(number, places):
        raise ValueError(gettext("A number with at most %(n)s decimals.") % {"n": places})
    return int(number) if number == number.to_integral_value() else number
