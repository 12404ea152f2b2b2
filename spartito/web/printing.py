"""A list on paper: the table as a PDF, landscape from six columns on."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from spartito.platform.sheets import Column
from spartito.web import words

PAGE = Path(__file__).parent / "list.typ"
WIDE = 6


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(PAGE), ignore_system_fonts=True)


def list_pdf(request: HttpRequest, *, title: str, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> bytes:
    """The rows as they stand, under the company's name, the title and the day; pages are numbered."""
    tenant, today = request.tenant, request.business_date  # type: ignore[attr-defined]
    data = {
        "title": title,
        "company": tenant.name,
        "day": words.numeric(today),
        "language": words.language(),
        "page": _("page"),
        "landscape": len(columns) >= WIDE,
        "heads": [column.label for column in columns],
        "numbers": [column.kind in ("money", "number") for column in columns],
        "rows": [[_said(cell) for cell in row] for row in rows],
    }
    return _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})  # type: ignore[no-any-return]


def _said(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return words.amount(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return words.numeric(value)
    return str(value) if isinstance(value, (str, int, float, Promise)) else ""
