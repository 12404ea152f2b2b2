"""Today's score: the list, its outcomes, and what each profile looks at first."""

from datetime import date, timedelta

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from spartito.access.doors import needs, signed_in
from spartito.access.permissions import lens_of
from spartito.actions import outcomes as recorded
from spartito.actions.models import OutcomeCode, Task
from spartito.portfolio.visibility import visible_customer
from spartito.reference.models import Day
from spartito.web import doors
from spartito.web.today import alerts, follows, forms, lenses, score, trend
from spartito.worklist import guidance as guide
from spartito.worklist import queries

WITH_A_KEY = ("DONE", "POST", "NR", "PDP")
KEPT = 300  # seconds


@signed_in
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The landing page. `carried=1` keeps what was carried over; `all=1` shows what exceeds the day, too."""
    user, day = request.user, request.business_date
    lens = lens_of(user, day)
    context = {"lens": lens, "works": doors.allowed(request, "tasks.work"), "alerts": alerts.alerts(request)}
    if context["works"]:
        context |= _score(request)
    shown = {"panel": "today/panels/_later.html"} if lenses.is_heavy(request, lens) else lenses.panel(request, lens)
    return doors.page(request, "today/today.html", context | shown)


@signed_in
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The part of the landing page that comes after the score."""
    lens = lens_of(request.user, request.business_date)
    return doors.page(request, "today/panel.html", lenses.panel(request, lens), part="panel")


def _score(request: HttpRequest) -> dict[str, object]:
    only_carried, everything = request.GET.get("carried") == "1", request.GET.get("all") == "1"
    whole, rows = score.day_of(request.user, request.business_date, only_carried=only_carried)
    first = [row for row in rows if not row.day.if_time_allows]
    later = [row for row in rows if row.day.if_time_allows]
    return {
        "day": whole,
        "rows": first,
        "later": later if everything else [],
        "later_count": len(later),
        "beyond": max(0, whole.total - queries.SHOWN),
        "only_carried": only_carried,
        "summary": score.summary_of(request.user, request.business_date, None if only_carried else whole),
        **outcomes(request.business_date),
    }


def outcomes(day: date) -> dict[str, object]:
    """What the buttons of a row need: the codes of a call, and the day it is postponed to unless said otherwise."""
    ahead: list[date] = cache.get_or_set(f"ahead:{day}", lambda: _working_days_after(day), KEPT) or []
    return {
        "codes": cache.get_or_set("outcome_codes", _codes, KEPT),
        "postpone_to": ahead[1],
        "promise_by": ahead[4],
        "tomorrow": day + timedelta(days=1),
        "guides": True,
    }


def _working_days_after(day: date) -> list[date]:
    return list(Day.objects.filter(day__gt=day, is_working=True).order_by("day").values_list("day", flat=True)[:5])


def _codes() -> list[OutcomeCode]:
    return list(OutcomeCode.objects.exclude(code__in=WITH_A_KEY).order_by("position"))


@needs("tasks.work")
@require_safe
def score_row(request: HttpRequest, customer: int) -> HttpResponse:
    """What a row of the score shows when it is opened; the customer's page for who comes without htmx."""
    day = request.business_date
    if not request.htmx:
        return HttpResponseRedirect(reverse("customer", args=[visible_customer(request.user, day, customer).pk]))
    row = score.row_of(request.user, day, customer)
    if row is None:
        raise Http404
    return doors.page(request, "today/more.html", {"row": row, **outcomes(day)})


@needs("tasks.work", "customers.view")
@require_safe
def guidance(request: HttpRequest, customer: int) -> HttpResponse:
    """How to go about a customer: comes into the opened row after it has opened."""
    found = guide.guidance_of(request.user, request.business_date, customer, timezone=request.tenant.timezone)
    context = {
        "guidance": found,
        "sees_facts": doors.allowed(request, "journal.view"),
        "sees_ledger": doors.allowed(request, "ledger.view"),
        "explains": doors.allowed(request, "explain.view"),
    }
    return doors.page(request, "today/guidance.html", context, part="guidance")


@needs("tasks.work")
@require_POST
def outcome(request: HttpRequest, task: int) -> HttpResponse:
    """Records how a task went; answers with what is left of its row, so that the next one moves up."""
    found = _task(request, task)
    form = forms.OutcomeForm(request.POST)
    if not form.is_valid():
        return _refuse(request, found, form)
    decided = doors.perform(
        request,
        recorded.record_outcome,
        customers=[found.customer_id],
        undo=reverse("undo_outcome", args=[task]),
        task=task,
        **form.cleaned_data,
    )
    return _after(request, found, status=200 if decided else 422)


@needs("tasks.work")
@require_safe
def outcome_ahead(request: HttpRequest, task: int) -> HttpResponse:
    """What the form of an outcome asks, and what will follow once it is saved."""
    found, code = _task(request, task), request.GET.get("code", "DONE").upper()
    if not OutcomeCode.objects.filter(pk=code).exists():
        raise Http404
    context = {"task": found, "tomorrow": request.business_date + timedelta(days=1)}
    context |= follows.ahead(found, code, request.business_date)
    return doors.page(request, "today/asks.html", context)


@needs("tasks.work")
@require_POST
def undo(request: HttpRequest, task: int) -> HttpResponse:
    """Takes back today's outcome of a task."""
    found = _task(request, task)
    doors.perform(request, recorded.undo_outcome, customers=[found.customer_id], task=task)
    return doors.back(request, reverse("today"))


def _task(request: HttpRequest, task: int) -> Task:
    """The task, if it is one the user may work; one of a customer out of sight does not exist."""
    try:
        return queries.task_to_work(request.user, request.business_date, task)
    except queries.NoSuchTask as hidden:
        raise Http404 from hidden
    except queries.NotOwnTask as theirs:
        raise PermissionDenied(str(theirs)) from theirs


def _refuse(request: HttpRequest, task: Task, form: forms.OutcomeForm) -> HttpResponse:
    from django.contrib import messages

    for errors in form.errors.values():
        messages.error(request, errors[0])
    return _after(request, task, status=422)


def _after(request: HttpRequest, task: Task, *, status: int) -> HttpResponse:
    """For htmx the row as it is now (nothing when done), the numbers and what is to be said; else the page again."""
    if not request.htmx:
        return doors.back(request, reverse("today"))
    day = request.business_date
    row = score.row_of(request.user, day, task.customer_id)
    context = {"row": row, "summary": score.summary_of(request.user, day), "out_of_band": True, **outcomes(day)}
    body = render_to_string("today/row.html", context, request) if row else ""
    body += render_to_string("today/summary.html", context, request)
    body += render_to_string("partials/toasts.html", context, request)
    return HttpResponse(body, status=status)


@needs("ageing.view")
@require_safe
def trend_page(request: HttpRequest) -> HttpResponse:
    """Open and overdue at the end of each of the last months, as a line and as a table."""
    context = trend.drawn(request.user, request.business_date, currency=request.tenant.currency)
    return doors.page(request, "today/trend.html", context, part="trend")
