"""What falls on which day: a month as a calendar, or its days as a list; planned contacts are moved from both."""

from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from spartito.access.doors import needs
from spartito.actions.models import Task
from spartito.reference.models import Day
from spartito.web import doors, filters
from spartito.web.duedates.asked import day_of, month_of, values_of
from spartito.web.workload import reading
from spartito.worklist import operations, planning

KINDS: dict[str, str | Promise] = {
    "contact": gettext_lazy("planned contacts"),
    "promise": gettext_lazy("promises"),
    "due": gettext_lazy("due dates"),
    "step": gettext_lazy("steps the engine will plan"),
}


@needs("ledger.view")
@require_safe
def duedates(request: HttpRequest) -> HttpResponse:
    """The month of `month` (or the one of today); `view=list` its days one below the other."""
    user, as_of = request.user, request.business_date
    values = values_of(request)
    first = month_of(request.GET.get("month", ""), as_of)
    last = first + relativedelta(months=1) - timedelta(days=1)
    is_list = request.GET.get("view") == "list"
    only = day_of(request.GET.get("day", ""))
    context: dict[str, Any] = {
        "first": first,
        "last": last,
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": (last + timedelta(days=1)).strftime("%Y-%m"),
        "is_list": is_list or only,
        "only": only,
        "form": _filters(values, as_of, request),
        "values": {key: value for key, value in values.items() if value},
        "looks_ahead": doors.allowed(request, "explain.view")
        and (only or last) > as_of
        and values.get("kind") in (None, "", "step"),
        "may_plan": doors.allowed(request, "tasks.work"),
        "may_manage": doors.allowed(request, "work.manage"),
        "me": user.pk,
    }
    if is_list or only:
        days, is_more = planning.listed(user, as_of, start=only or first, end=only or last, filters=values)
        context |= {"days": days, "is_more": is_more, "people": reading.people_choices(as_of)}
    else:
        context |= _calendar(request, first, last, values)
    return doors.page(request, "duedates/duedates.html", context)


def _calendar(request: HttpRequest, first: date, last: date, values: dict[str, str]) -> dict[str, Any]:
    """Whole weeks from Monday, with the days of the months around, so that nothing falls out of the month's edge."""
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    whole = planning.ledger(
        request.user, request.business_date, start=start, end=end, currency=request.tenant.currency, filters=values
    )
    off = set(Day.objects.filter(day__range=(start, end), is_working=False).values_list("day", flat=True))
    cells = list(whole.days.values())
    return {"weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)], "off": off, "total": whole.total}


def _filters(values: dict[str, str], as_of: date, request: HttpRequest) -> forms.Form:
    fields: dict[str, forms.Field] = {
        "q": filters.search(_("Search"), _("customer, code")),
        "kind": filters.choice(_("What"), list(KINDS.items())),
        "area": filters.choice(_("Area"), reading.area_choices()),
        "salesperson": filters.choice(_("Salesperson"), reading.salesperson_choices()),
        "month": filters.kept(),
        "view": filters.kept(),
    }
    if doors.allowed(request, "work.view"):
        fields["person"] = filters.choice(
            _("Whose contacts"), [*reading.people_choices(as_of), ("nobody", _("nobody"))]
        )
    kept = {key: request.GET.get(key, "") for key in ("month", "view")}
    return filters.filter_form(values | kept, fields)


class PlanForm(forms.Form):
    """The day and the reason of one moved contact."""

    on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("On a day off it stands on the next working day."),
    )  # fmt: skip
    because = forms.CharField(label=gettext_lazy("Why"), max_length=500)


@needs("tasks.work", "customers.view")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, task: int) -> HttpResponse:
    """Moves one planned contact; `?on=` is the day it was dropped on."""
    found = _movable(request, task)
    initial = {"on": day_of(request.GET.get("on", "")) or found.day}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = doors.perform(
            request, operations.plan_tasks, customers=[found.customer_id], tasks=[found.pk], **form.cleaned_data
        )
        if done is not None:
            return doors.back(request, reverse("duedates") + f"?month={form.cleaned_data['on']:%Y-%m}")
    context = {
        "form": form,
        "title": _("Plan for another day"),
        "about": f"{found.customer} ({found.customer.code})",
        "hint": "",
    }
    return doors.page(request, "workload/form.html", context, status=422 if request.method == "POST" else 200)


def _movable(request: HttpRequest, task: int) -> Task:
    """An open task on a visible customer: one's own, or anybody's for who directs. Anything else does not exist."""
    rows = planning.contacts(request.user, request.business_date).filter(pk=task)
    if not doors.allowed(request, "work.manage"):
        rows = rows.filter(assignment__user=request.user)
    found = rows.first()
    if found is None:
        raise Http404
    return found
