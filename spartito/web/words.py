"""How amounts and days are said to a person, in the language of the page. Pure but for the language."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from spartito.web.wording import CHANNELS, MEASURES

_STEPS = {
    "courtesy": gettext_lazy("courtesy reminder"),
    "first": gettext_lazy("first reminder"),
    "second": gettext_lazy("second reminder"),
    "third": gettext_lazy("third reminder"),
    "call": gettext_lazy("phone call"),
    "second_call": gettext_lazy("second phone call"),
    "formal_notice": gettext_lazy("formal notice"),
    "block": gettext_lazy("order block"),
    "legal": gettext_lazy("proposal to the lawyer"),
}
_COMMA = str.maketrans(",.", ".,")
NEAR = 14


def amount(value: Decimal | None, *, digits: int = 2) -> str:
    """`1.234,56` in Italian, `1,234.56` in English; empty for None. A true minus sign before negatives."""
    if value is None:
        return ""
    text = f"{abs(value):,.{digits}f}"
    if language() == "it":
        text = text.translate(_COMMA)
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def compact(value: Decimal) -> str:
    """`1,2 M`, `350 k`, `80`: for axes."""
    for size, sign in ((Decimal(1_000_000), "M"), (Decimal(1000), "k")):
        if abs(value) >= size:
            part = value / size
            return f"{amount(part, digits=1 if abs(part) < 10 else 0)} {sign}"
    return amount(value, digits=0)


def language() -> str:
    return (get_language() or "it")[:2]


def exact(day: date) -> str:
    """`sabato 21 novembre 2026`."""
    return format_date(day, "full", locale=language())


def short(day: date, today: date) -> str:
    """`21 nov`, with the year when it is not this one's."""
    pattern = "d MMM" if day.year == today.year else "d MMM yyyy"
    return format_date(day, pattern, locale=language())


def brief(day: date) -> str:
    """`21 nov`."""
    return format_date(day, "d MMM", locale=language())


def month(day: date) -> str:
    """`novembre 2026`."""
    return format_date(day, "LLLL yyyy", locale=language())


def numeric(day: date) -> str:
    """`21/11/2026` in Italian, `2026-11-21` in English: nobody can read it wrong."""
    return day.strftime("%d/%m/%Y") if language() == "it" else day.isoformat()


def spoken(day: date, today: date) -> str:
    """`oggi`, `ieri`, `tra 3 giorni`, `5 giorni fa`; farther than two weeks `21 nov`."""
    away = (day - today).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if away in near:
        return near[away]
    if 1 < away <= NEAR:
        return ngettext("in %(n)d day", "in %(n)d days", away) % {"n": away}
    if -NEAR <= away < -1:
        return ngettext("%(n)d day ago", "%(n)d days ago", -away) % {"n": -away}
    return short(day, today)


def days(count: int) -> str:
    """`1 giorno`, `12 giorni`."""
    return ngettext("%(n)d day", "%(n)d days", count) % {"n": count}


def step(code: str, means: str = "") -> str:
    """A step by the words people use; a code nobody foresaw is read as it is written."""
    if code in _STEPS:
        return str(_STEPS[code])
    return code.replace("_", " ") if code else channel(means)


def channel(code: str) -> str:
    """A channel or a measure in words; what was done on a task without one is work of the house."""
    if code == "internal":
        return _("in the house")
    return str(CHANNELS.get(code) or MEASURES.get(code) or code.replace("_", " "))
