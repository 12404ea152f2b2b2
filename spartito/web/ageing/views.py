"""The ageing list (scadenzario): grouped as one likes, on any day, down to the items behind every number."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.reference.queries import buckets_on
from spartito.web import doors, filters
from spartito.web.ageing import reading
from spartito.web.ageing.reading import BY, DUE, NARROWED_BY, Group, Question
from spartito.web.buckets import bucket_names
from spartito.web.tables import Column, Table, remembered

CHART_ROWS = 15
MOST_CUSTOMERS = 500
MOST_ITEMS = 2_000
EXPORTED_ITEMS = 200_000


def question_of(request: HttpRequest) -> Question:
    """The question in the address; what is missing or wrong falls back to the last run's day, by collector, agreed date."""
    today: date = request.business_date  # type: ignore[attr-defined]
    by = request.GET.get("by", "")
    named = _day_in(request.GET.get("date", ""))
    due = request.GET.get("due", "")
    within = {key: request.GET[key] for key in NARROWED_BY if request.GET.get(key)}
    return Question(
        by=by if by in dict(BY) else "collector",
        day=min(named or today, today),
        due=due if due in dict(DUE) else "agreed",
        within=within,
        as_kept=named is None,
    )


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@needs("ageing.view")
def ageing(request: HttpRequest) -> HttpResponse:
    """Totals by group and bucket, as bars and as a table; each number leads to its rows."""
    if (answer := remembered(request, "ageing")) is not None:
        return answer
    asked = question_of(request)
    many = asked.by == "customer" and "export" not in request.GET
    sort = _sort(request, asked)
    found = reading.groups(user=request.user, asked=asked, sort=sort, most=MOST_CUSTOMERS if many else None)  # type: ignore[arg-type]
    asked = found.asked
    names = bucket_names(as_of=asked.day)
    table = Table(
        request=request,
        rows=found.rows,
        columns=_columns(asked, names),
        row_template="ageing/row.html",
        name=gettext("Ageing list"),
        default_sort="-overdue",
        per_page=100,
        empty_title=_("Nothing was open on this day"),
        empty_text=_("Choose another day, or go back to the whole ledger."),
        total={"group": found.total},
        total_template="ageing/total.html",
        can_export=doors.allowed(request, "export"),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "asked": asked,
        "table": table,
        "form": _form(asked),
        "marks": reading.marks(asked),
        "total": found.total,
        "is_moving": found.is_moving,
        "is_cut": many and len(found.rows) == MOST_CUSTOMERS,
        "most": MOST_CUSTOMERS,
        "chart": _chart(sorted(found.rows, key=lambda group: group.overdue, reverse=True), names),
    }
    return doors.page(request, "ageing/ageing.html", context)


def _sort(request: HttpRequest, asked: Question) -> str:
    """What the ledger puts first where there are too many groups to have them all."""
    column = request.GET.get("sort", "").lstrip("-")
    keys = [bucket.key for bucket in buckets_on(asked.day)]
    if column.startswith("bucket_") and column[7:].isdecimal() and int(column[7:]) < len(keys):
        return keys[int(column[7:])]
    return column if column in ("total", "items", "label") else "overdue"


def _today(request: HttpRequest) -> date:
    return request.business_date  # type: ignore[attr-defined,no-any-return]


def _columns(asked: Question, names: list[str]) -> list[Column]:
    columns = [
        Column("label", dict(BY)[asked.by], ("label",)),
        Column("items", _("Items"), ("items",), "number", on_phone=False),
        Column("total", _("Total"), ("total",), "money"),
        Column("overdue", _("Overdue"), ("overdue",), "money"),
        Column("share", _("Overdue per cent"), ("share",), "number", on_phone=False),
    ]
    for place, name in enumerate(names):
        columns.append(Column(f"bucket_{place}", name, ("buckets",), "money", value=_bucket(place), on_phone=False))
    return columns


def _bucket(place: int) -> Any:
    return lambda group: group.buckets[place] if place < len(group.buckets) else Decimal(0)


def _form(asked: Question) -> forms.Form:
    values = {"by": asked.by, "date": asked.day.isoformat(), "due": asked.due, **asked.within}
    by = forms.ChoiceField(label=_("By"), choices=BY)
    due = forms.ChoiceField(label=_("Due date"), choices=DUE)
    linked = {key: filters.kept() for key in asked.within}
    return filters.filter_form(values, {"by": by, "date": filters.day(_("On")), "due": due} | linked)


def _chart(groups: list[Group], names: list[str]) -> dict[str, Any]:
    """What `charts.js` draws: the most overdue groups as stacked bars. Amounts as numbers: only pixels come of them."""
    shown = groups[:CHART_ROWS]
    return {
        "groups": [group.label for group in shown],
        "links": [group.link for group in shown],
        "series": [
            {"name": name, "values": [max(0.0, float(_bucket(place)(group))) for group in shown]}
            for place, name in enumerate(names)
        ],
    }


@require_safe
@needs("ageing.view")
def items(request: HttpRequest) -> HttpResponse:
    """The items behind a number of the ageing list: those of the groups entered, of one bucket or of all."""
    asked = question_of(request)
    buckets = {
        bucket.key: name for bucket, name in zip(buckets_on(asked.day), bucket_names(as_of=asked.day), strict=True)
    }
    buckets["overdue"] = gettext("overdue")
    bucket = request.GET.get("bucket", "")
    bucket = bucket if bucket in buckets else ""
    most = EXPORTED_ITEMS if "export" in request.GET else MOST_ITEMS
    found = reading.items(user=request.user, asked=asked, bucket=bucket, most=most)  # type: ignore[arg-type]
    table = Table(
        request=request,
        rows=found["items"],
        columns=_item_columns(),
        row_template="ageing/item_row.html",
        name=gettext("Open items"),
        default_sort="due_date",
        per_page=100,
        empty_title=_("No item is behind this number"),
        empty_text=_("It may have been paid or moved since: go back to the ageing list."),
        total=found,
        total_template="ageing/item_total.html",
        can_export=doors.allowed(request, "export"),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "asked": asked,
        "table": table,
        "marks": reading.marks(asked),
        "bucket": buckets.get(bucket, ""),
        "found": found,
        "is_cut": len(found["items"]) < found["count"],
        "back": reverse("ageing") + asked.query(),
    }
    return doors.page(request, "ageing/items.html", context)


def _item_columns() -> list[Column]:
    return [
        Column("customer", _("Customer"), ("customer",)),
        Column("document_number", _("Document"), ("document_number",)),
        Column("issue_date", _("Issued"), ("issue_date",), "date", on_phone=False),
        Column("due_date", _("Due"), ("due_date",), "date"),
        Column("days_overdue", _("Days late"), ("days_overdue",), "number"),
        Column("bank", _("Bank"), ("bank",), on_phone=False),
        Column("total", _("Open amount"), ("total",), "money"),
    ]
