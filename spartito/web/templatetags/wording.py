"""Filters that turn codes into words, loaded everywhere; the words are in `web/wording.py`."""

from collections.abc import Sequence

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html

from spartito.ingest.canonical import columns_of
from spartito.web import wording, words
from spartito.web.labels import ROLES
from spartito.web.runs.reading import STEPS
from spartito.web.tables import Column

register = template.Library()
Word = str | Promise


@register.filter
def channel(code: str) -> Word:
    return wording.CHANNELS.get(code, code)


@register.filter
def channel_icon(code: str) -> str:
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', wording.ICONS.get(code, "send"))


@register.filter
def measure(code: str) -> Word:
    return wording.MEASURES.get(code, code)


@register.filter
def means_name(code: str) -> str:
    """A channel or a measure in words."""
    return words.channel(code)


@register.filter
def message_status(code: str) -> Word:
    return wording.STATUSES.get(code, code)


@register.filter
def held_reason(code: str) -> Word:
    reason = wording.reason_of(code)
    return reason.short if reason else wording.STATUSES["held"]


@register.filter
def step_word(code: str) -> Word:
    """The name of a step of the day."""
    return STEPS.get(code, wording.IMPORT_PHASES.get(code, code))


@register.filter
def localized(count: int | None) -> str:
    """A count with its thousands marked."""
    return "" if count is None else words.amount(count, digits=0)  # type: ignore[arg-type]


@register.filter
def import_kind(code: str) -> Word:
    """`partite aperte` for items."""
    return wording.IMPORT_KINDS.get(code, code)


@register.filter
def contact_role(code: str) -> Word:
    return ROLES.get(code, code)


@register.filter
def change_verb(verb: str) -> Word:
    """`modificato` for `customer.edited`, and so on."""
    return wording.CHANGES.get(verb, wording.CHANGES.get(verb.rsplit(".", 1)[-1], verb))


@register.filter
def cells(row: object, columns: Sequence[Column]) -> list[dict[str, object]]:
    """The row's cells in the order of the columns."""
    return [{"column": column, "value": column.of(row)} for column in columns]


@register.filter
def addstr(text: str, more: object) -> str:
    return f"{text}{more}"


@register.filter
def get(mapping: dict[str, object], key: str) -> object:
    """`mapping[key]`, for keys that a template would take for a method."""
    return mapping.get(key)


@register.filter
def canonical(name: str, kind: str) -> str:
    """What a canonical column means, e.g. `Scadenza della rata` for due_date; the name itself when it is none."""
    column = columns_of(kind).get(name)
    if column is None:
        return name
    return column.about_it if words.language() == "it" else column.about_en
