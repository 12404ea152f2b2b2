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
    proposal = levelling.proposal(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    return doors.page(request, "workload/share_out.html", {"proposal": proposal})


@needs("work.manage")
@require_POST
def do_share_out(request: HttpRequest) -> HttpResponse:
    """Gives the marked customers as proposed; what the proposal, worked out anew, no longer says is left out."""
    proposal = levelling.proposal(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    wanted = set(request.POST.getlist("tasks"))
    moves = [load for load in proposal.moves if load.to and f"{load.tasks[0].pk}-{load.to.pk}" in wanted]
    given = [(task.pk, load.to.pk) for load in moves for task in load.tasks if load.to]
    customers = sorted({load.customer.pk for load in moves})
    done = doors.perform(request, operations.share_out, customers=customers, given=given)
    return doors.back(request, reverse("workload" if done else "share_out"))
