"""Rehearsals: started for a version, watched, read, and opened customer by customer. They change nothing."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.cycle import work as works
from spartito.cycle.models import Work
from spartito.cycle.rehearsal import rehearse
from spartito.platform.jobs import defer
from spartito.portfolio.visibility import visible_to
from spartito.strategies.models import Version
from spartito.web import doors
from spartito.web.jobs import rehearse_strategy
from spartito.web.rehearsal import reading


@require_http_methods(["GET", "POST"])
@needs("strategies.edit")
def begin(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """How far ahead to look, and the rehearsals of this strategy so far; posted, one is begun."""
    version = get_object_or_404(Version.objects.select_related("strategy"), strategy__code=code, number=number)
    if request.method == "POST":
        return _start(request, version)
    context = {
        "strategy": version.strategy,
        "version": version,
        "choices": reading.DAYS,
        "rehearsals": reading.rehearsals_of(code=code, user=request.user),  # type: ignore[arg-type]
    }
    return doors.page(request, "rehearsal/new.html", context)


def _start(request: HttpRequest, version: Version) -> HttpResponse:
    """One at a time for a person: a second request leads to the one under way."""
    under_way = reading.under_way(user=request.user)  # type: ignore[arg-type]
    if under_way is None:
        given = request.POST.get("days", "")
        params = {
            "strategy": version.strategy.code, "number": version.number, "source": version.source,
            "days": int(given) if given in reading.DAYS else 90,
        }  # fmt: skip
        with transaction.atomic():
            under_way = works.start(kind="rehearsal", user=request.user, params=params)  # type: ignore[arg-type]
            defer(rehearse_strategy, tenant=request.tenant, one_at_a_time="rehearsal", work=under_way.pk)  # type: ignore[attr-defined]
    return doors.back(request, reverse("work", args=[under_way.pk]))


def _mine(request: HttpRequest, rehearsal: int) -> Work:
    """A rehearsal is for who asked for it: it speaks of the customers that person sees."""
    return get_object_or_404(Work, pk=rehearsal, kind="rehearsal", user=request.user)


@require_safe
@needs("strategies.edit")
def rehearsal(request: HttpRequest, rehearsal: int) -> HttpResponse:
    """What the draft would do beside what is in force: how much, to whom, by whom, at what cost."""
    found = _mine(request, rehearsal)
    if found.status != Work.Status.DONE:
        return HttpResponseRedirect(reverse("work", args=[found.pk]))
    context = reading.shown(found, user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    return doors.page(request, "rehearsal/rehearsal.html", context)


@require_POST
@needs("strategies.edit")
def cancel(request: HttpRequest, rehearsal: int) -> HttpResponse:
    """Gives it up; nothing is kept of it."""
    found = _mine(request, rehearsal)
    works.cancel(found)
    return doors.back(request, reverse("work", args=[found.pk]))


@require_safe
@needs("strategies.edit")
def customer(request: HttpRequest, rehearsal: int, customer: int) -> HttpResponse:
    """One customer's days to come, side by side, each action with its reason: rehearsed again for its account alone."""
    found = _mine(request, rehearsal)
    theirs = get_object_or_404(visible_to(request.user, request.business_date), pk=customer)  # type: ignore[arg-type,attr-defined]
    told = rehearse(
        tenant=request.tenant,  # type: ignore[attr-defined]
        source=found.params["source"],
        as_of=request.business_date,  # type: ignore[attr-defined]
        days=found.params["days"],
        user=request.user,  # type: ignore[arg-type]
        only=[theirs.pk],
    )
    context = {"work": found, "customer": theirs, "rows": reading.side_by_side(told["actions"]), "told": told}
    return doors.page(request, "rehearsal/customer.html", context)
