"""One import: what it did, what it did not take, and how to take it back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from spartito.access.doors import needs
from spartito.ingest import operations, queries
from spartito.ingest.models import Batch
from spartito.platform import sheets
from spartito.web import doors
from spartito.web.imports import reading


@require_safe
@needs("imports.view")
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    """The result of an import: counts, warnings, rejected rows."""
    found = get_object_or_404(Batch.objects.select_related("user", "mapping"), pk=batch)
    is_masked = reading.masks_names(request)
    context = {
        "batch": found,
        "kind": found.kind,
        "result": {
            **{
                name: getattr(found, name)
                for name in (
                    "rows",
                    "created",
                    "updated",
                    "unchanged",
                    "closed",
                    "reopened",
                    "not_closed",
                    "rejected",
                    "warnings",
                )
            },
            "rejects": reading.rejects_of(found, is_masked=is_masked),
        },
        "is_masked": is_masked,
        "may_run": doors.allowed(request, "imports.run"),
        "may_cycle": doors.allowed(request, "runs.start"),
        "rejects_shown": reading.REJECTS_SHOWN,
    }
    return doors.page(request, "imports/batch.html", context)


@require_safe
@needs("imports.run")
def rejects(request: HttpRequest, batch: int) -> HttpResponse:
    """The rejected rows as a file in the original's columns, with why beside: correct it and hand it in again."""
    found = get_object_or_404(Batch, pk=batch)
    if reading.masks_names(request) and found.user_id != request.user.pk:
        raise PermissionDenied
    form = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    answer = HttpResponse(
        queries.rejects_file(batch=found, format=form),
        content_type=sheets.XLSX_MIME if form == "xlsx" else sheets.CSV_MIME,
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="rejects-{found.pk}.{form}"'
    return answer


@require_POST
@needs("imports.run")
def undo(request: HttpRequest, batch: int) -> HttpResponse:
    """Takes an import back, as long as no later one touched what it did."""
    found = get_object_or_404(Batch, pk=batch)
    doors.attempt(
        request,
        lambda: operations.undo_import(batch=found.pk, user=request.user, as_of=request.business_date),  # type: ignore[attr-defined]
        done=gettext("The import was taken back."),
    )
    return doors.back(request, reverse("import_batch", args=[found.pk]))
