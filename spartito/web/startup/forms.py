"""What the page sends: a kind, a day and a reason for each customer that was chosen."""

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.portfolio.operations.startup import Sorting

KINDS = {
    "late": gettext_lazy("late: remind them"),
    "disputed": gettext_lazy("disputed"),
    "promised": gettext_lazy("promised"),
    "legal": gettext_lazy("at law"),
    "insolvent": gettext_lazy("insolvent"),
    "write_off": gettext_lazy("to be written off"),
    "unknown": gettext_lazy("unknown: look into it"),
}


def read(sent: QueryDict, known: set[int], *, as_of: date) -> tuple[dict[int, Sorting], list[str]]:
    """The sortings of known customers, and what is wrong with the rest. Rows left on “choose” are passed over."""
    sortings, wrong = {}, []
    for field, kind in sent.items():
        name, dash, number = field.partition("-")
        if name != "kind" or not dash or not number.isdigit() or int(number) not in known or kind not in KINDS:
            continue
        until = _day(sent.get(f"until-{number}", ""))
        if kind == "promised" and (until is None or until < as_of):
            wrong.append(_("A promise needs a day that is still to come."))
            continue
        because = sent.get(f"because-{number}", "").strip()[:300] or str(KINDS[kind])
        sortings[int(number)] = Sorting(kind, until if kind == "promised" else None, because)
    return sortings, wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
