"""Contacts and measures that wait for an approval: the list, and the word on each."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.actions.clearing import grant_action, refuse_action, waiting_for_approval
from spartito.actions.models import PlannedAction
from spartito.web import doors
from spartito.web.messages.views import DropForm


@require_safe
@needs("approve")
def approvals(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person's word, the oldest first."""
    waiting = waiting_for_approval(user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    return doors.page(request, "messages/approvals.html", {"waiting": waiting})


@require_POST
@needs("approve")
def grant(request: HttpRequest, action: int) -> HttpResponse:
    """Lets it go on."""
    found = _waiting(request, action)
    doors.perform(request, grant_action, customers=[found.account_id], action=found.pk)
    return doors.back(request, reverse("approvals"))


class RefuseForm(DropForm):
    """Not before a day, when it is asked again; or skipped for good."""

    reason = forms.CharField(label=_("Why"), max_length=300)


@require_http_methods(["GET", "POST"])
@needs("approve")
def refuse(request: HttpRequest, action: int) -> HttpResponse:
    """Refuses it, and says what becomes of the step."""
    found = _waiting(request, action)
    form = RefuseForm(request.POST or None, as_of=request.business_date)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        day = said["not_before"] if said["how"] == "not_before" else None
        doors.perform(
            request,
            refuse_action,
            customers=[found.account_id],
            action=found.pk,
            not_before=day,
            skip=day is None,
            because=said["reason"],
        )
        return doors.back(request, reverse("approvals"))
    shown = {"action": found, "form": form, "title": gettext("Refuse")}
    return doors.page(request, "messages/refuse.html", shown)


def _waiting(request: HttpRequest, action: int) -> PlannedAction:
    """The action if its account is visible and it still waits, else 404."""
    mine = waiting_for_approval(user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    return get_object_or_404(mine, pk=action)
