"""Contacts and measures that wait for an approval: the list, and the word on each."""

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.actions.clearing import grant_action, grant_actions, refuse_action, waiting_for_approval
from spartito.actions.models import PlannedAction
from spartito.web import doors
from spartito.web.messages.views import DropForm

SHOWN = 200


@require_safe
@needs("approve")
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for this person's word, the oldest first, and of a day what is most overdue."""
    waiting = waiting_for_approval(user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    shown = list(waiting.order_by("due_on", "-overdue_amount", "id")[: SHOWN + 1])
    whole = {"n": len(shown), "overdue": sum(each.overdue_amount or 0 for each in shown)}
    if len(shown) > SHOWN:
        whole = {"n": waiting.count(), **waiting.aggregate(overdue=Sum("overdue_amount"))}
    return doors.page(request, "messages/approvals.html", {"waiting": shown[:SHOWN], "whole": whole})


@require_POST
@needs("approve")
def grant_marked(request: HttpRequest) -> HttpResponse:
    """Lets all that were marked go on, or none and why."""
    marked = {int(each) for each in request.POST.getlist("actions") if each.isdecimal() and len(each) < 18}
    mine = waiting_for_approval(user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    found = dict(mine.filter(pk__in=marked).values_list("pk", "account_id"))
    if not found:
        messages.error(request, gettext("Choose at least one: mark it in the first column."))
    else:
        done = ngettext("%(n)d step goes on", "%(n)d steps go on", len(found)) % {"n": len(found)}
        doors.perform(request, grant_actions, customers=sorted(set(found.values())), done=done, actions=sorted(found))
    return doors.back(request, reverse("approvals"))


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
