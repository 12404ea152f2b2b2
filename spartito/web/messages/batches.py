"""Print batches: letters as one PDF and a CSV of addresses; they are sent when someone confirms it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from spartito.access.doors import needs
from spartito.archive.models import Document
from spartito.archive.operations import content_of
from spartito.communications import operations, queries
from spartito.communications.models import PrintBatch
from spartito.web import doors
from spartito.web.tables import Column, Table


def _batch(request: HttpRequest, batch: int) -> PrintBatch:
    """A batch whose every letter goes to a visible account, else 404: its PDF shows them all."""
    mine = queries.batches(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    return get_object_or_404(mine, pk=batch)


@require_safe
@needs("messages.manage")
def prints(request: HttpRequest) -> HttpResponse:
    """Letters that wait to be printed, by creditor, and the batches made so far."""
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    table = Table(
        request=request,
        rows=queries.batches(user, as_of),  # type: ignore[arg-type]
        columns=[
            Column("made_on", _("Made"), ("made_on", "id"), "date"),
            Column("creditor", _("Creditor"), ("creditor__name",), value=lambda b: str(b.creditor or "")),
            Column("count", _("Letters"), ("count",), "number"),
            Column("made_by", _("Who"), value=lambda b: str(b.made_by or ""), on_phone=False),
            Column("confirmed_on", _("Posted"), ("confirmed_on",), "date"),
        ],
        row_template="messages/batch_row.html",
        name=gettext("Print batches"),
        default_sort="-made_on",
        empty_title=_("No batch yet"),
        empty_text=_("Letters gather here; make a batch to print them together."),
        can_export=False,
    )
    context = {"table": table, "waiting": queries.letters_to_print(user, as_of)}  # type: ignore[arg-type]
    return doors.page(request, "messages/prints.html", context)


@require_POST
@needs("messages.manage")
def make(request: HttpRequest) -> HttpResponse:
    """Prints the letters of one creditor that wait: one PDF and a CSV of addresses."""
    wanted = request.POST.get("creditor", "")
    waiting = queries.letters_to_print(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    line = next((each for each in waiting if str(each["creditor"].pk) == wanted), None)
    if line is None:
        raise Http404
    decided = doors.perform(
        request, operations.make_print_batch, customers=line["accounts"], creditor=line["creditor"].pk
    )
    if decided is None:
        return doors.back(request, reverse("prints"))
    return doors.back(request, reverse("print_batch", args=[decided.result.pk]))


@require_safe
@needs("messages.manage")
def print_batch(request: HttpRequest, batch: int) -> HttpResponse:
    """One batch: print it, post it, and say so; or leave letters out."""
    found = _batch(request, batch)
    letters = found.letters.select_related("message__account").order_by("first_page")
    return doors.page(request, "messages/print_batch.html", {"batch": found, "letters": letters})


@require_safe
@xframe_options_sameorigin
@needs("messages.manage")
def letters(request: HttpRequest, batch: int) -> HttpResponse:
    """The batch's PDF; as often as it is to be printed again."""
    return _file(_batch(request, batch).pdf, name=f"letters-{batch}.pdf", inline=True)


@require_safe
@needs("messages.manage")
def addresses(request: HttpRequest, batch: int) -> HttpResponse:
    """The batch's addresses as CSV, for labels and the post."""
    return _file(_batch(request, batch).addresses, name=f"addresses-{batch}.csv", inline=False)


def _file(document: Document | None, *, name: str, inline: bool) -> HttpResponse:
    if document is None:
        raise Http404
    answer = HttpResponse(content_of(document), content_type=document.mime)
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return answer


@require_POST
@needs("messages.manage")
def confirm(request: HttpRequest, batch: int) -> HttpResponse:
    """The letters were posted, but those marked as left out."""
    found = _batch(request, batch)
    left_out = [int(value) for value in request.POST.getlist("leave_out") if value.isdecimal()]
    doors.perform(
        request,
        operations.confirm_print_batch,
        customers=queries.accounts_of_batch(found),
        batch=found.pk,
        leave_out=left_out,
    )
    return doors.back(request, reverse("prints"))


@require_POST
@needs("messages.manage")
def drop(request: HttpRequest, batch: int) -> HttpResponse:
    """The batch was not posted: its letters wait for printing again."""
    found = _batch(request, batch)
    doors.perform(request, operations.drop_print_batch, customers=queries.accounts_of_batch(found), batch=found.pk)
    return doors.back(request, reverse("prints"))
