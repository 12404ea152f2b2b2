"""Beside imports: files to fill in, differences to decide, the watched folder."""

from copy import copy

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.cycle.watch import folder_of
from spartito.ingest.canonical import KINDS, template
from spartito.ingest.expecting import expect_file, no_longer_expect
from spartito.ingest.models import Mapping, WatchedFile
from spartito.ingest.proposals import decide_proposal
from spartito.portfolio.models import Creditor, Customer
from spartito.web import doors
from spartito.web.imports import reading
from spartito.web.imports.forms import MODES
from spartito.web.masterdata.labels import field_label
from spartito.web.wording import IMPORT_KINDS


@require_safe
@needs("imports.view")
def model_file(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty canonical file with one example row."""
    if kind not in KINDS:
        raise Http404
    answer = HttpResponse(template(kind), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="spartito-{kind}.csv"'
    return answer


@require_safe
@needs("imports.view", "customers.view")
def proposals(request: HttpRequest) -> HttpResponse:
    """Where the ERP says something else than a person corrected here."""
    found = list(reading.open_proposals(request)[:200])
    customers = Customer.objects.in_bulk([each.customer_id for each in found])
    names = {"customer_name": "name", "assigned_to": "collector"}
    rows = [
        (each, customers.get(each.customer_id), field_label(names.get(each.field, each.field.removesuffix("_code"))))
        for each in found
    ]
    context = {"rows": rows, "may_decide": doors.allowed(request, "customers.edit")}
    return doors.page(request, "imports/proposals.html", context)


@require_POST
@needs("customers.edit")
def decide(request: HttpRequest, proposal: int) -> HttpResponse:
    """Takes the ERP's value, or keeps ours."""
    found = get_object_or_404(reading.open_proposals(request), pk=proposal)
    doors.perform(
        request,
        decide_proposal,
        customers=[found.customer_id],
        proposal=found.pk,
        accept=request.POST.get("accept") == "1",
    )
    return doors.back(request, reverse("proposals"))


class WatchedForm(forms.ModelForm):
    """A file expected in the folder."""

    class Meta:
        model = WatchedFile
        fields = ["pattern", "kind", "mode", "mapping", "creditor_code", "expected_by", "is_active"]
        labels = {
            "pattern": _("Name of the file (* stands for anything)"),
            "mapping": _("Mapping"),
            "creditor_code": _("Creditor"),
            "expected_by": _("Expected every working day by"),
            "is_active": _("Watched"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"] = forms.ChoiceField(label=_("It holds"), choices=list(IMPORT_KINDS.items()))
        self.fields["mode"] = forms.ChoiceField(label=_("As"), choices=MODES, required=False)
        creditors = list(Creditor.objects.order_by("name").values_list("code", "name"))
        self.fields["creditor_code"] = forms.ChoiceField(
            label=_("Creditor"), required=False, choices=[("", _("as the file says")), *creditors]
        )
        mapping = self.fields["mapping"]
        mapping.queryset = Mapping.objects.order_by("name")  # type: ignore[attr-defined]
        mapping.label_from_instance = lambda row: row.name  # type: ignore[attr-defined]
        mapping.required = False
        mapping.empty_label = _("guess it")  # type: ignore[attr-defined]
        self.fields["expected_by"].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        self.fields["expected_by"].required = False


@require_safe
@needs("imports.run")
def watched(request: HttpRequest) -> HttpResponse:
    """The folder that is watched, which files are expected in it, and whether they came."""
    tenant = request.tenant  # type: ignore[attr-defined]
    context = {"files": WatchedFile.objects.select_related("mapping").order_by("pattern"), "folder": folder_of(tenant)}
    return doors.page(request, "imports/watched.html", context)


@require_http_methods(["GET", "POST"])
@needs("imports.run")
def watched_edit(request: HttpRequest, watched: int | None = None) -> HttpResponse:
    """One expected file."""
    row = get_object_or_404(WatchedFile, pk=watched) if watched else None
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    if request.method == "POST" and request.POST.get("act") == "remove" and row is not None:
        doors.attempt(request, lambda: no_longer_expect(user=user, as_of=as_of, watched=row), done=gettext("Saved."))  # type: ignore[arg-type]
        return doors.back(request, reverse("watched"))
    form = WatchedForm(request.POST or None, instance=copy(row) if row else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = doors.attempt(
            request,
            lambda: expect_file(user=user, as_of=as_of, watched=row, **said),  # type: ignore[arg-type]
            done=gettext("Saved."),
        )
        if done is not None:
            return doors.back(request, reverse("watched"))
    return doors.page(request, "imports/watched_form.html", {"form": form, "row": row})
