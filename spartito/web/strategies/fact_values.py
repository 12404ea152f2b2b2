"""The codes that a fact may have, by the names people know: so that a condition is chosen and not spelled."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.access.models import OrgUnit
from spartito.portfolio.models import CreditClass, Creditor, PaymentType, Salesperson
from spartito.reference.models import Currency
from spartito.web import labels
from spartito.web.templatetags.spartito import label

MOST = 60  # above it a list is worse than writing the code
ROWS: dict[str, Any] = {
    "credit_class": CreditClass,
    "payment_type": PaymentType,
    "creditor": Creditor,
    "salesperson": Salesperson,
    "currency": Currency,
}
UNITS = ("area", "division", "sector")
WORDS: dict[str, dict[str, str | Promise]] = {
    "education": {"treated": _("Treated"), "held_out": _("Left out by chance")},
    "document_type": labels.DOCUMENTS,
    "bank_status": {**labels.BANK, "none": _("not at the bank")},
}


def values_of(fact: str) -> list[tuple[str, str]]:
    """(code, name) of what a fact may be, without what is retired; nothing where codes are written by hand."""
    asked = fact.removeprefix("item_")
    if asked in WORDS:
        return [(code, str(name)) for code, name in WORDS[asked].items()]
    rows = _rows(asked)
    if rows is None:
        return []
    if hasattr(rows.model, "retired_on"):
        rows = rows.filter(retired_on__isnull=True)
    found = [(row.code, _name(row)) for row in rows.order_by("code")[: MOST + 1]]
    return found if len(found) <= MOST else []


def names_of(fact: str, codes: Iterable[str]) -> list[str]:
    """What codes of a fact are called, in their order; a code without a name as it is."""
    asked, codes = fact.removeprefix("item_"), list(codes)
    if asked in WORDS:
        names = {code: str(name) for code, name in WORDS[asked].items()}
    else:
        rows = _rows(asked)
        names = {} if rows is None else {row.code: _name(row) for row in rows.filter(code__in=codes)}
    return [names.get(code) or code for code in codes]


def _rows(asked: str) -> Any:
    if asked in UNITS:
        return OrgUnit.objects.filter(kind=asked)
    return ROWS[asked].objects.all() if asked in ROWS else None


def _name(row: Any) -> str:
    return label(row) if hasattr(row, "name_it") else str(row.name or row.code)
