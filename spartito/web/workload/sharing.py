"""Sharing out again what no longer fits people's days: first the proposal, then, if it is wanted, the change."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from spartito.access.doors import needs
from spartito.web import doors
from spartito.worklist import levelling, operations


@needs("work.manage")
@require_safe
def share_out(request: HttpRequest) -> HttpResponse:
    """Who would take what, and what each day would be; nothing is changed."""
    return doors.page(request, "workload/share_out.html", {"proposal": _proposal(request), "named": _named(request)})


@needs("work.manage")
@require_POST
def do_share_out(request: HttpRequest) -> HttpResponse:
    """Gives the marked customers as proposed; what the proposal, worked out anew, no longer says is left out."""
    proposal = _proposal(request)
    wanted = set(request.POST.getlist("tasks"))
    moves = [load for load in proposal.moves if load.to and f"{load.tasks[0].pk}-{load.to.pk}" in wanted]
    given = [(task.pk, load.to.pk) for load in moves for task in load.tasks if load.to]
    customers = sorted({load.customer.pk for load in moves})
    done = doors.perform(request, operations.share_out, customers=customers, given=given)
    return doors.back(request, reverse("workload" if done else "share_out"))


def _named(request: HttpRequest) -> bool:
    """Whether customers that are a person's by name are to be shared out too."""
    return (request.POST.get("named") or request.GET.get("named")) == "1"


def _proposal(request: HttpRequest) -> levelling.Proposal:
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    return levelling.proposal(user, as_of, with_named=_named(request))  # type: ignore[arg-type]
