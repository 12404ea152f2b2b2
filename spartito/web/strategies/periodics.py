"""The texts of a period that a version sends, said in words."""

from dataclasses import dataclass

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from spartito.strategies.models import Periodic, Version
from spartito.web import wording, words
from spartito.web.strategies.reading import said_condition


@dataclass(frozen=True)
class Text:
    """One text: its name and code, when it goes, by what, and for whom."""

    code: str
    name: str
    template: str
    when: str
    how: str
    condition: str


def texts_of(version: Version) -> list[Text]:
    """The texts of a version in the order written."""
    return [_text(each) for each in version.periodics.order_by("id")]


def name_of(text: Periodic) -> str:
    """What people call a text of the calendar: its name, else its code."""
    return str(text.params.get(f"name_{words.language()}") or text.code)


def _text(text: Periodic) -> Text:
    ways = [str(wording.CHANNELS.get(channel, channel)) for channel in (text.channel, *text.fallback)]
    return Text(
        code=text.code,
        name=name_of(text),
        template=text.template,
        when=_when(text),
        how=_(", else by ").join(ways),
        condition=said_condition(text.conditions),
    )


def _when(text: Periodic) -> str:
    told = {
        "day": text.day,
        "within": words.days(text.within),
        "month": str(MONTHS[text.month]).lower(),
        "n": text.month,
    }
    if text.every == Periodic.Every.MONTH:
        return _("every month on the %(day)s, tried for %(within)s") % told
    if text.every == Periodic.Every.QUARTER:
        return _("every quarter, month %(n)s, on the %(day)s, tried for %(within)s") % told
    return _("every year on %(day)s %(month)s, tried for %(within)s") % told
