"""Importing a file: hand it in, look at the guessed mapping on the first rows, correct it, check, import."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.cycle import work as works
from spartito.ingest.canonical import columns_of
from spartito.ingest.files import Source
from spartito.ingest.guess import Guess
from spartito.ingest.mapping import Spec
from spartito.ingest.models import Mapping
from spartito.ingest.operations import save_mapping
from spartito.platform.errors import Refused
from spartito.platform.jobs import defer
from spartito.portfolio.models import Creditor
from spartito.web import doors, labels
from spartito.web.imports import reading, uploads
from spartito.web.imports.forms import FileForm, TermsForm, chosen_columns, column_choices
from spartito.web.jobs import check_file, import_file
from spartito.web.tables import Column, Table
from spartito.web.wording import IMPORT_KINDS as KIND_NAMES

SHOWN_ROWS = 8


@require_safe
@needs("imports.view")
def imports(request: HttpRequest) -> HttpResponse:
    """What was imported, what waits, and the place to drop a file."""
    table = Table(
        request=request,
        rows=reading.batches(),
        columns=_columns(),
        row_template="imports/row.html",
        name=gettext("Imports"),
        default_sort="-started_at",
        empty_title=_("Nothing was imported yet"),
        empty_text=_(
            "Drop the open ledger above: a CSV or Excel file with customer, document, due date and open amount."
        ),
        can_export=doors.allowed(request, "export"),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "table": table,
        "form": FileForm(),
        "may_run": doors.allowed(request, "imports.run"),
        "waiting": list(uploads.waiting(user=request.user.pk))[:5],  # type: ignore[arg-type]
        "under_way": reading.imports_under_way(),
        "proposals": reading.open_proposals(request).count(),
        "alarms": reading.alarms(),
        "kinds": list(KIND_NAMES.items()),
        "ledgers": reading.ledgers(request),
    }
    return doors.page(request, "imports/imports.html", context)


def _columns() -> list[Column]:
    return [
        Column("started_at", _("When"), ("started_at", "id"), "instant"),
        Column("file_name", _("File"), ("file_name",)),
        Column("kind", _("What"), ("kind",), value=lambda b: str(KIND_NAMES.get(b.kind, b.kind)), on_phone=False),
        Column("status", _("Status"), ("status",)),
        Column("rows", _("Rows"), ("rows",), "number", on_phone=False),
        Column("created", _("New"), ("created",), "number", on_phone=False),
        Column("updated", _("Changed"), ("updated",), "number", on_phone=False),
        Column("closed", _("Closed"), ("closed",), "number", on_phone=False),
        Column("rejected", _("Rejected"), ("rejected",), "number"),
        Column("user", _("Who"), value=lambda b: str(b.user or labels.SOURCES.get(b.source, b.source)), on_phone=False),
    ]


@require_POST
@needs("imports.run")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Keeps the file and goes on to its mapping."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, gettext("Choose a file first."))
        return doors.back(request, reverse("imports"))
    upload = uploads.receive(form.cleaned_data["file"], user=request.user.pk, day=request.business_date)  # type: ignore[arg-type,attr-defined]
    upload.kind = form.cleaned_data["kind"] or uploads.kind_of(upload)
    upload.save()
    return doors.back(request, reverse("import_mapping", args=[upload.token]))


@require_http_methods(["GET", "POST"])
@needs("imports.run")
def mapping(request: HttpRequest, token: str) -> HttpResponse:
    """The file's heads and first rows, what each column is taken for, and how to take the whole."""
    upload = uploads.find(token, user=request.user.pk)  # type: ignore[arg-type]
    try:
        source = upload.source()
        if request.method == "POST":
            _take_answers(request, upload, source)
            return _go_on(request, upload)
        guessed = upload.guessed(source)
        return doors.page(request, "imports/mapping.html", _mapping_context(upload, source, guessed))
    except Refused as refusal:
        return doors.page(request, "imports/refused.html", {"upload": upload, "reason": str(refusal)}, status=422)


def _mapping_context(upload: uploads.Upload, source: Source, guessed: Guess) -> dict[str, Any]:
    named = {head: name for name, head in guessed.spec.columns.items()}
    frame = source.sample(SHOWN_ROWS)
    columns = [
        {"head": head, "place": place, "chosen": named.get(head, ""), "cells": frame[str(place)].to_list()}
        for place, head in enumerate(source.heads)
    ]
    about = columns_of(upload.kind)
    initial = {**vars(upload), "decimal": _one(guessed.spec.decimal), "dates": _one(guessed.spec.dates)}
    return {
        "upload": upload,
        "columns": columns,
        "row_numbers": frame["row"].to_list(),
        "choices": column_choices(upload.kind),
        "missing": [_about(about[name]) for name in guessed.missing],
        "doubts": [_about(about[name]) for name in guessed.doubts],
        "constants": guessed.spec.constants,
        "needs_creditor": _needs_creditor(upload, guessed.spec),
        "form": TermsForm(initial=initial, upload=upload),
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "cells_by_row": list(zip(frame["row"].to_list(), *[column["cells"] for column in columns], strict=True)),
    }


def _needs_creditor(upload: uploads.Upload, spec: Spec) -> bool:
    """Whether nobody said whose ledger this is: several creditors, no column that names them, none chosen."""
    if upload.kind == "salespeople" or upload.creditor or "creditor_code" in spec.mapped():
        return False
    return Creditor.objects.filter(retired_on__isnull=True).count() > 1


def _about(column: Any) -> str:
    from spartito.web import words

    return column.about_it if words.language() == "it" else column.about_en


def _one(said: str | dict[str, str]) -> str:
    """A format said for all columns alike; columns that differ keep theirs and the select says "as guessed"."""
    values = {said} if isinstance(said, str) else set(said.values())
    return values.pop() if len(values) == 1 else ""


def _take_answers(request: HttpRequest, upload: uploads.Upload, source: Source) -> None:
    """Takes kind, mode, creditor, day, mapping, columns and formats from the form into the upload. Raises Refused."""
    form = TermsForm(request.POST, upload=upload)
    form.is_valid()
    said = form.cleaned_data
    before = (upload.kind, upload.mapping)
    upload.kind = said.get("kind") or upload.kind
    upload.mode = said.get("mode") or upload.mode
    upload.creditor = said.get("creditor", "")
    upload.mapping = said.get("mapping", "")
    if said.get("day"):
        upload.day = min(said["day"], request.business_date).isoformat()  # type: ignore[attr-defined]
    if upload.kind != before[0]:
        upload.spec = {}
    elif upload.mapping != before[1]:
        upload.spec = Mapping.objects.get(name=upload.mapping).spec if upload.mapping else {}
    else:
        upload.spec = _corrected(upload.mapped(), request.POST, source, said).as_dict()
    upload.checked = {}
    upload.save()


def _corrected(spec: Spec, data: Any, source: Source, said: dict[str, Any]) -> Spec:
    columns = chosen_columns(data, source)
    changed = replace(spec, columns=columns, difference={k: v for k, v in spec.difference.items() if k not in columns})
    if said.get("decimal"):
        changed = replace(changed, decimal=said["decimal"])
    if said.get("dates"):
        changed = replace(changed, dates=said["dates"])
    return changed


def _go_on(request: HttpRequest, upload: uploads.Upload) -> HttpResponse:
    """Where the button pressed leads: saving the mapping, checking, importing, or looking again."""
    act = request.POST.get("act", "")
    here = reverse("import_mapping", args=[upload.token])
    if act == "save":
        name = request.POST.get("save_as", "").strip()
        if not name:
            messages.error(request, gettext("Give the mapping a name first."))
        else:
            _save_mapping(request, upload, name)
        return doors.back(request, here)
    if act in ("check", "import"):
        guessed = upload.guessed(upload.source())
        if guessed.missing or _needs_creditor(upload, guessed.spec):
            messages.error(request, gettext("Something is still missing: see the red line."))
            return doors.back(request, here)
        return _start(request, upload, dry_run=act == "check")
    return doors.back(request, here)


def _save_mapping(request: HttpRequest, upload: uploads.Upload, name: str) -> None:
    spec = upload.guessed(upload.source()).spec.as_dict()
    save_mapping(name=name, kind=upload.kind, spec=spec, user=request.user)  # type: ignore[arg-type]
    upload.mapping, upload.spec = name[:80], spec
    upload.save()
    messages.success(
        request, gettext("Mapping %(name)s is saved: it will be offered for the next file.") % {"name": name}
    )


def _start(request: HttpRequest, upload: uploads.Upload, *, dry_run: bool, force: bool = False) -> HttpResponse:
    """Lets the worker check or import the file, and shows how far it is."""
    with transaction.atomic():
        work = works.start(
            kind="dry_run" if dry_run else "import",
            user=request.user,  # type: ignore[arg-type]
            params={"upload": upload.token, "file": upload.name, "force": force},
        )
        job = check_file if dry_run else import_file
        defer(job, tenant=request.tenant, one_at_a_time="import", work=work.pk)  # type: ignore[attr-defined]
    return doors.back(request, reverse("work", args=[work.pk]))


@require_safe
@needs("imports.run")
def check(request: HttpRequest, token: str) -> HttpResponse:
    """What an import of the file would do: counts, rejected rows, warnings. Nothing was changed."""
    upload = uploads.find(token, user=request.user.pk)  # type: ignore[arg-type]
    if not upload.checked:
        return doors.back(request, reverse("import_mapping", args=[token]))
    return doors.page(request, "imports/check.html", {"upload": upload, "result": upload.checked, "kind": upload.kind})


@require_POST
@needs("imports.run")
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Imports a checked file; `force` after a safeguard refused it."""
    upload = uploads.find(token, user=request.user.pk)  # type: ignore[arg-type]
    return _start(request, upload, dry_run=False, force=request.POST.get("force") == "1")


@require_POST
@needs("imports.run")
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Throws the file away without importing it."""
    uploads.forget(uploads.find(token, user=request.user.pk))  # type: ignore[arg-type]
    return doors.back(request, reverse("imports"))
