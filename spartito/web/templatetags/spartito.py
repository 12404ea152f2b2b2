"""Tags and filters every template has (`builtins` in the settings); see the docstring of `spartito.web`."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from spartito.web import stepnames, words

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount without its currency (said once in the column's head)."""
    return words.amount(value)


@register.filter
def amount_or_dash(value: Decimal | None) -> str:
    """An amount; a thin dash for nothing, so that full cells stand out."""
    return words.amount(value) if value else "–"


@register.filter
def round_amount(value: Decimal | None) -> str:
    """An amount without cents, for heads and charts."""
    return words.amount(value, digits=0)


@register.filter
def compact(value: Decimal) -> str:
    """An amount short enough for an axis: `1,2 Mln`, `350 k`."""
    return words.compact(value)


@register.filter
def money(value: Decimal | None, currency: str = "EUR") -> str:
    """An amount alone in a sentence: `1.234,56 €`."""
    sign = {"EUR": "€", "USD": "$", "GBP": "£"}.get(currency or "EUR", currency)
    return f"{words.amount(value)} {sign}"


@register.filter
def days(count: int | None) -> str:
    return "" if count is None else words.days(int(count))


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None) -> str:
    """`oggi`, `tra 3 giorni` … with the exact day on hover."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        words.exact(value),
        words.spoken(value, _today(context)),
    )


@register.simple_tag(takes_context=True)
def exact_day(context: Context, value: date | None) -> str:
    """`21/11/2026`, with how far away it is on hover: for documents, where the day itself is what is read."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        words.spoken(value, _today(context)),
        words.numeric(value),
    )


@register.filter
def iso_day(value: str | date) -> str:
    """A day that may come as ISO text (explanations are JSON), as `21/11/2026`."""
    return words.numeric(date.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def short_day(value: date) -> str:
    """`3 nov`, where the year is known."""
    return words.brief(value)


@register.filter
def month_name(value: date) -> str:
    """`novembre 2026`."""
    return words.month(value)


@register.simple_tag
def step_name(code: str, means: str = "", version: int | None = None) -> str:
    """A step as its strategy calls it: `1° sollecito`, else its channel or measure, else its code."""
    return stepnames.step_name(code, means, version)


def _today(context: Context) -> date:
    return context.get("today") or context["request"].business_date


@register.filter
def label(thing: Any) -> str:
    """The name of a row that has `name_it` and `name_en`, in the language of the page."""
    if thing is None:
        return ""
    return str(getattr(thing, f"name_{words.language()}", "") or getattr(thing, "name_it", "") or thing)


@register.simple_tag
def named(name: str, code: str = "") -> str:
    """A name with its code small beside; the code alone when there is no name."""
    if not name or name == code:
        return format_html("{}", code)
    return format_html('{} <span class="code">{}</span>', name, code)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler icon; silent for screen readers unless it has a label."""
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}" title="{}"></i>', name, label, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def ageing_bar(buckets: Sequence[Decimal] | None, names: Sequence[str]) -> SafeString:
    """A bar of one row's ageing: `buckets` as in `Position.buckets` (the first is not due yet), `names` beside.

    Written here and not in a template: a list has fifty of them.
    """
    amounts = [max(Decimal(0), each) for each in buckets or ()]
    total = sum(amounts, Decimal(0))
    if not total:
        return mark_safe('<svg class="ageing-bar ageing-bar-empty" aria-hidden="true"></svg>')
    parts, told, left = [], [], Decimal(0)
    for place, (part, name) in enumerate(zip(amounts, names, strict=False)):
        if part:
            width = part * 100 / total
            parts.append(_PART % (min(place, 7), left, width))
            told.append(f"{name}: {words.amount(part)}")
            left += width
    return mark_safe(_BAR % (escape(" · ".join(told)), "".join(parts)))  # noqa: S308 -- escaped, the rest are numbers


_BAR = '<svg class="ageing-bar" role="img" viewBox="0 0 100 10" preserveAspectRatio="none"><title>%s</title>%s</svg>'
_PART = '<rect class="bucket-%d" x="%.2f" y="0" width="%.2f" height="10"></rect>'


@register.inclusion_tag("partials/field.html")
def field(bound: BoundField, inline: bool = False, classes: str = "") -> dict[str, Any]:
    """A form field with label, help and errors, dressed for the page and tied together for screen readers."""
    widget = bound.field.widget
    kind = "check" if isinstance(widget, CheckboxInput) else "radio" if isinstance(widget, RadioSelect) else "input"
    dress = {"check": "form-check-input", "radio": "form-check-input"}.get(kind) or (
        "form-select" if isinstance(widget, Select) else "form-control"
    )
    attrs = {"class": f"{dress} {widget.attrs.get('class', '')} {'is-invalid' if bound.errors else ''}".strip()}
    if bound.help_text or bound.errors:
        attrs["aria-describedby"] = f"{bound.id_for_label}_about"
    return {"field": bound, "widget": bound.as_widget(attrs=attrs), "kind": kind, "inline": inline, "classes": classes}


@register.filter
def at(rows: Any, key: Any) -> Any:
    """The value of a key (or place) in a mapping or list; empty when it has none."""
    try:
        return rows[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.filter
def initials(name: str) -> str:
    """`MR` of Maria Rossi."""
    return "".join(part[0] for part in str(name).split()[:2]).upper()


@register.filter
def telephone(number: str) -> str:
    """The number as a `tel:` address takes it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """This page's query string with some values changed; None takes one away, and any change goes to page 1."""
    values = context["request"].GET.copy()
    if "page" not in changes:
        values.pop("page", None)
    for key, value in changes.items():
        if value in (None, ""):
            values.pop(key, None)
        elif isinstance(value, Iterable) and not isinstance(value, str):
            values.setlist(key, list(value))
        else:
            values[key] = str(value)
    text = values.urlencode()
    return mark_safe(f"?{text.replace('&', '&amp;')}") if text else "?"  # noqa: S308 -- urlencode leaves no markup


@register.inclusion_tag("partials/table.html", takes_context=True)
def table(context: Context, table: Any) -> dict[str, Any]:
    """A `tables.Table` with its head, rows, pages and exports."""
    return {**context.flatten(), "table": table}
