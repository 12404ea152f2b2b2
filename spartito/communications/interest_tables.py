"""Tables of interest in a text: what is asked for, and what was not charged for payments that came late."""

from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Block = dict[str, Any]


class Words(Protocol):
    """How a text writes amounts, days and rates."""

    fields: dict[str, Any]

    def amount(self, value: str | Decimal) -> str: ...
    def written_day(self, value: Any) -> str: ...
    def percent(self, value: str) -> str: ...
    def _sums(self) -> dict[str, Decimal]: ...


def interest_table(words: Words, interest: dict[str, Any], *, law: str) -> list[Block]:
    """Interest tranche by tranche, and the flat fee; `law` is its title."""
    rows = _tranches(words, interest)
    head = [
        pgettext("letter", "Document"),
        pgettext("letter", "Period"),
        pgettext("letter", "Days"),
        pgettext("letter", "Capital"),
        pgettext("letter", "Rate"),
        pgettext("letter", "Interest EUR"),
    ]
    return [
        {
            "kind": "table",
            "title": law[:1].upper() + law[1:],
            "head": head,
            "align": ["left", "left", "right", "right", "right", "right"],
            "rows": rows,
            "totals": _interest_totals(words, interest),
            "note": _("Each document's interest is rounded once, on its sum.") if rows else "",
        }
    ]


def _tranches(words: Words, interest: dict[str, Any]) -> list[list[str]]:
    """A row for each stretch of days at one rate."""
    return [
        [
            each["number"], f"{words.written_day(t['from'])} – {words.written_day(t['to'])}", str(t["days"]),
            words.amount(t["capital"]), f"{words.percent(t['percent'])} %", words.amount(Decimal(t["interest"])),
        ]
        for each in interest["documents"]
        for t in each["tranches"]
    ]  # fmt: skip


def _interest_totals(words: Words, interest: dict[str, Any]) -> list[dict[str, str]]:
    """Interest, flat fee, and all that is due where everything is in euro."""
    lines = [
        {"label": _("Interest up to %(day)s EUR") % {"day": words.written_day(interest["until"])},
         "amount": words.amount(interest["total"])},
    ]  # fmt: skip
    if interest["fee_documents"]:
        fee = ngettext(
            "Recovery costs, %(fee)s for %(count)s document EUR", "Recovery costs, %(fee)s for each of %(count)s documents EUR",
            interest["fee_documents"],
        ) % {"fee": words.amount(interest["fee"]), "count": interest["fee_documents"]}  # fmt: skip
        lines.append({"label": fee, "amount": words.amount(interest["fee_total"])})
    if set(words.fields["total"]) == {"EUR"}:
        everything = words._sums()["EUR"] + Decimal(interest["total"]) + Decimal(interest["fee_total"])  # noqa: SLF001
        lines.append({"label": _("Total due EUR"), "amount": words.amount(everything)})
    return lines


def delays_table(words: Words, delays: dict[str, Any]) -> list[Block]:
    """Documents paid late, with their days and the interest that was not charged for them."""
    head = [
        pgettext("letter", "Document"),
        pgettext("letter", "Due"),
        pgettext("letter", "Paid"),
        pgettext("letter", "Days late"),
        pgettext("letter", "Amount") + " EUR",
        pgettext("letter", "Interest not charged EUR"),
    ]
    rows = [
        [
            each["number"],
            words.written_day(each["due"]),
            words.written_day(each["paid"]),
            str(each["days"]),
            words.amount(each["amount"]),
            words.amount(each["interest"]) if each["interest"] else "–",
        ]
        for each in delays["documents"]
    ]
    total = (
        {"label": _("Interest not charged EUR"), "amount": words.amount(delays["total"])} if delays["total"] else None
    )
    align = ["left", "left", "left", "right", "right", "right"]
    return [
        {
            "kind": "table",
            "title": _("Paid after the due date"),
            "head": head,
            "align": align,
            "rows": rows,
            "totals": [total] if total else [],
            "note": "",
        }
    ]
