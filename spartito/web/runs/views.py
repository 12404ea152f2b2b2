"""The run log: what each day's cycle did, how long it took, what it planned; and the cycle by hand."""

import re

from django.db import transaction
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from spartito.access.doors import needs, signed_in
from spartito.cycle import work as works
from spartito.cycle.models import Run, Work
from spartito.platform.jobs import defer
from spartito.web import doors
from spartito.web.jobs import run_cycle_now
from spartito.web.runs import reading
from spartito.web.tables import Column, Table

# What the command line adds to a safeguard's reason; here it is a button.
FORCE = re.compile(r"\s*\([^()]*--force[^()]*\)")
RESULT_PAGES = {"cycle": ("run", "run"), "import": ("import_batch", "batch"), "dry_run": ("import_check", "upload"),
                "rehearsal": ("rehearsal", "rehearsal"), "comparison": ("comparison", "comparison")}  # fmt: skip
CANCELLED_BY = {"rehearsal": "rehearsal_cancel", "comparison": "comparison_cancel"}


@require_safe
@needs("runs.view")
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, the newest first."""
    rows = Run.objects.select_related("user").annotate(seconds=Sum("steps__seconds"))
    table = Table(
        request=request,
        rows=rows,
        columns=[
            Column("date", _("Business date"), ("date", "id"), "date"),
            Column("status", _("Status"), value=lambda run: reading.STATUS[run.status]),
            Column("planned", _("Planned actions"), ("planned",), "number"),
            Column("seconds", _("Seconds"), ("seconds",), "number", on_phone=False),
            Column("started_at", _("Started"), ("started_at",), "instant", on_phone=False),
            Column("user", _("Started by"), value=reading.starter, on_phone=False),
        ],
        row_template="runs/row.html",
        name=gettext("Runs"),
        default_sort="-date",
        empty_title=_("No run yet"),
        empty_text=_("Import the open ledger, then run the cycle: it decides who is to be contacted, and why."),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "table": table,
        "schedule": reading.schedule(tenant=request.tenant),  # type: ignore[attr-defined]
        "at_work": reading.work_under_way(kind="cycle"),
        "may_run": doors.allowed(request, "runs.start"),
        "statuses": reading.STATUS,
    }
    return doors.page(request, "runs/runs.html", context)


@require_safe
@needs("runs.view")
def run(request: HttpRequest, run: int) -> HttpResponse:
    """One run: its steps with rows and seconds, and what it planned by step and channel."""
    found = get_object_or_404(Run.objects.select_related("user"), pk=run)
    context = {
        "run": found,
        "status": reading.STATUS[found.status],
        "starter": reading.starter(found),
        "steps": reading.steps_of(found),
        "planned": reading.planned_by_step(run=found, user=request.user, as_of=request.business_date),  # type: ignore[attr-defined]
        "may_run": doors.allowed(request, "runs.start"),
    }
    return doors.page(request, "runs/run.html", context)


@require_POST
@needs("runs.start")
def run_now(request: HttpRequest) -> HttpResponse:
    """Lets the worker run the cycle of the business date; one at a time."""
    under_way = reading.work_under_way(kind="cycle")
    if under_way is None:
        with transaction.atomic():
            under_way = works.start(kind="cycle", user=request.user, params={})  # type: ignore[arg-type]
            defer(run_cycle_now, tenant=request.tenant, one_at_a_time="cycle", work=under_way.pk)  # type: ignore[attr-defined]
    return doors.back(request, reverse("work", args=[under_way.pk]))


@require_safe
@signed_in
def work(request: HttpRequest, work: int) -> HttpResponse:
    """How far a long work is: the page asks again by itself and goes on to the result."""
    found = get_object_or_404(Work.objects.select_related("user"), pk=work)
    if found.user_id != request.user.pk and not doors.allowed(request, "runs.view"):
        raise Http404
    if found.status == Work.Status.DONE:
        name, key = RESULT_PAGES[found.kind]
        url = reverse(name, args=[found.result[key]])
        return doors.back(request, url) if request.htmx else HttpResponseRedirect(url)  # type: ignore[attr-defined]
    context = {
        "work": found,
        "percent": min(100, found.done * 100 // found.total) if found.total else 0,
        "title": reading.WORK_TITLES.get(found.kind, ""),
        "back": reading.page_before(found),
        "upload": found.params.get("upload", ""),
        "reason": FORCE.sub("", found.error),
        "can_be_forced": found.kind == "import" and "--force" in found.error,
        "is_slow_to_start": reading.is_slow_to_start(found),
        "is_over": found.status in (Work.Status.REFUSED, Work.Status.FAILED, Work.Status.CANCELLED),
        "cancel": _cancels(found, request),
    }
    return doors.page(request, "runs/work.html", context, part="progress")


def _cancels(work: Work, request: HttpRequest) -> str:
    """The address that gives it up, for who asked for it; nothing where it cannot be."""
    name = CANCELLED_BY.get(work.kind)
    return reverse(name, args=[work.pk]) if name and work.user_id == request.user.pk else ""
