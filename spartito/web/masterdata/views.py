"""Master data: what there is, and for each kind its list, its form and its history."""

import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import check, needs
from spartito.reference.models import ExchangeRate
from spartito.web import doors
from spartito.web.masterdata import reading
from spartito.web.masterdata.subjects import SUBJECTS, Subject, counts
from spartito.web.tables import Table


@require_safe
@needs("masterdata.view")
def masterdata(request: HttpRequest) -> HttpResponse:
    """What master data there is, and how much of it."""
    found = counts()
    context = {
        "subjects": [(subject, found[key]) for key, subject in SUBJECTS.items()],
        "customers": reading.count_customers(request),
        "templates": reading.count_templates(),
        "rates": ExchangeRate.objects.values("currency").distinct().count(),
        "may_add_customer": doors.allowed(request, "customers.edit"),
        "may_read_templates": doors.allowed(request, "strategies.view"),
    }
    return doors.page(request, "masterdata/masterdata.html", context)


def _subject(key: str) -> Subject:
    if key not in SUBJECTS:
        raise Http404
    return SUBJECTS[key]


@require_safe
@needs("masterdata.view")
def rows(request: HttpRequest, subject: str) -> HttpResponse:
    """The rows of one kind."""
    found = _subject(subject)
    table = Table(
        request=request,
        rows=found.rows(),
        columns=found.columns,
        row_template="masterdata/row.html",
        name=str(found.plural),
        default_sort="name",
        per_page=100,
        empty_title=_("Nothing here yet"),
        empty_text=_("An import makes what it needs from its codes; the rest is added here."),
        can_export=doors.allowed(request, "export"),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {"subject": found, "table": table, "may_edit": doors.allowed(request, "masterdata.edit")}
    return doors.page(request, "masterdata/rows.html", context)


@require_http_methods(["GET", "POST"])
@needs("masterdata.view")
def row(request: HttpRequest, subject: str, row: int | None = None) -> HttpResponse:
    """One row's form (read-only for those who may not edit) and its history."""
    found = _subject(subject)
    current = get_object_or_404(found.rows(), pk=row) if row else None
    if current is None or request.method == "POST":
        check(request, "masterdata.edit")
    form = found.form(request.POST or None, instance=copy.copy(current) if current else None)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, found, current, form.changes())
        if saved:
            return doors.back(request, reverse("masterdata_rows", args=[found.key]))
    may_edit = doors.allowed(request, "masterdata.edit")
    if not may_edit:
        reading.freeze(form)
    context = {
        "subject": found,
        "row": current,
        "form": form,
        "may_edit": may_edit,
        "can_retire": may_edit and current is not None and found.retire is not None,
        "history": reading.history_of(found, current) if current else [],
        "contacts": reading.contacts_of_salesperson(current) if found.key == "salespeople" and current else None,
    }
    return doors.page(request, "masterdata/form.html", context)


def _save(request: HttpRequest, subject: Subject, current: Any, changes: dict[str, Any]) -> bool:
    result = doors.attempt(
        request,
        lambda: subject.save(request.user, request.business_date, current, changes),  # type: ignore[arg-type,attr-defined]
        done=gettext("Saved."),
    )
    if isinstance(result, tuple):
        reading.tell_doubts(request, result[1])
    return result is not None


@require_POST
@needs("masterdata.edit")
def retire(request: HttpRequest, subject: str, row: int) -> HttpResponse:
    """No longer offered in choices; `back` brings it back."""
    found = _subject(subject)
    current = get_object_or_404(found.rows(), pk=row)
    if found.retire is None:
        raise Http404
    back, act = request.POST.get("back") == "1", found.retire
    doors.attempt(
        request,
        lambda: act(request.user, request.business_date, current, back),  # type: ignore[arg-type,attr-defined]
        done=gettext("Brought back.") if back else gettext("Retired."),
    )
    return doors.back(request, reverse("masterdata_rows", args=[found.key]))
