"""Who is away when, and who stands in: one's own absences, and those of all for who directs the work."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.access.models import User
from spartito.actions.models import Task
from spartito.web import doors
from spartito.worklist import direction, operations
from spartito.worklist.models import Absence

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WEEKS = 5


@needs("tasks.work")
@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    """Absences that are not over, and the next weeks at a glance."""
    as_of, manages = request.business_date, doors.allowed(request, "work.manage")
    rows = Absence.objects.filter(ends_on__gte=as_of).select_related("user", "substitute").order_by("starts_on", "id")
    if not manages:
        rows = rows.filter(user=request.user)
    shown = list(rows[:300])
    waiting = Task.objects.filter(status=Task.Status.OPEN, assignment__user__in=[each.user_id for each in shown])
    tasks = dict(waiting.values_list("assignment__user").annotate(n=Count("id")))
    context = {
        "rows": [{"absence": each, "tasks": tasks.get(each.user_id, 0)} for each in shown],
        "calendar": _calendar(shown, as_of) if manages else [],
        "manages": manages,
    }
    return doors.page(request, "workload/absences.html", context)


def _calendar(rows: list[Absence], as_of: date) -> dict[str, Any]:
    """A line a person who is away in the next weeks, a cell a day: away or not."""
    start = as_of - timedelta(days=as_of.weekday())
    days = [start + timedelta(days=n) for n in range(7 * WEEKS)]
    days = [day for day in days if day.weekday() < 5]
    lines: dict[User, list[bool]] = {}
    for each in rows:
        cells = lines.setdefault(each.user, [False] * len(days))
        for place, day in enumerate(days):
            cells[place] = cells[place] or each.starts_on <= day <= each.ends_on
    return {
        "days": days,
        "lines": [
            {"person": person, "days": list(zip(days, cells, strict=True))}
            for person, cells in lines.items()
            if any(cells)
        ],
    }


class AbsenceForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who"))
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DATE)
    ends_on = forms.DateField(label=gettext_lazy("Until, included"), widget=DATE)
    substitute = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who stands in"), required=False,
        empty_label=gettext_lazy("nobody: the credit manager"),
        help_text=gettext_lazy("Tasks of customers that the substitute does not see go to the credit manager."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, only: User | None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["person"].queryset = people
        self.fields["substitute"].queryset = people
        if only is not None:
            del self.fields["person"]
            self.fields["substitute"].queryset = people.exclude(pk=only.pk)


@needs("tasks.work")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An absence of one's own, or of anybody for who directs; one that covers today hands the tasks on at once."""
    as_of, user = request.business_date, request.user
    only = None if doors.allowed(request, "work.manage") else user
    initial = {"starts_on": as_of, "ends_on": as_of, "person": request.GET.get("person")}
    people = direction.people_who_may_take(as_of)
    form = AbsenceForm(request.POST or None, people=people, only=only, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        away = only or data.pop("person")
        stand_in = data.pop("substitute")
        now = data["starts_on"] <= as_of <= data["ends_on"]
        done = doors.perform(
            request, operations.record_absence, customers=direction.customers_worked_by(away) if now else [],
            person=away.pk, substitute=stand_in and stand_in.pk, **data,
        )  # fmt: skip
        if done is not None:
            return doors.back(request, reverse("absences"))
    context = {"form": form, "title": _("Record an absence"), "hint": ""}
    return doors.page(request, "workload/form.html", context, status=422 if request.method == "POST" else 200)


@needs("tasks.work")
@require_POST
def end(request: HttpRequest, absence: int) -> HttpResponse:
    """Back earlier than said: what was handed on comes back at once."""
    found = get_object_or_404(Absence.objects.select_related("user"), pk=absence)
    if found.user_id != request.user.pk and not doors.allowed(request, "work.manage"):
        raise PermissionDenied("work.manage")
    doors.perform(request, operations.end_absence, customers=direction.customers_lent_by(found.user), absence=absence)
    return doors.back(request, reverse("absences"))
