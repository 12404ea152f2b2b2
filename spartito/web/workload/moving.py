"""Moving tasks, one or many: first what it would change, then the change. Collectors move their own, who directs anybody's."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from spartito.access.doors import needs
from spartito.access.models import User
from spartito.actions.models import Task
from spartito.portfolio.visibility import of_visible
from spartito.reference.queries import NotKnown
from spartito.web import doors
from spartito.web.workload import reading
from spartito.worklist import direction, operations

MOST = 2_000  # tasks of one move


class MoveForm(forms.Form):
    """What is to become of the chosen tasks: given to `to`, or planned for the day `on`, because."""

    do = forms.ChoiceField(choices=[("give", "give"), ("plan", "plan")])
    to = forms.ModelChoiceField(User.objects.none(), required=False)
    on = forms.DateField(required=False, error_messages={"invalid": gettext_lazy("This is not a day.")})
    because = forms.CharField(required=False, max_length=500)

    def __init__(self, data: QueryDict, *, as_of: date) -> None:
        super().__init__(data)
        self.as_of = as_of
        self.fields["to"].queryset = direction.people_who_may_take(as_of)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("do") == "give" and not data.get("to") and "to" not in self.errors:
            raise forms.ValidationError(_("Choose whom to give the tasks to."))
        if data.get("do") == "plan":
            if not data.get("on") and "on" not in self.errors:
                raise forms.ValidationError(_("Choose the day to plan them for."))
            if not (data.get("because") or "").strip():
                raise forms.ValidationError(_("Say why they are moved."))
        return data


@needs("tasks.work")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the move would change, with the button that does it."""
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    form, tasks = asked
    data, user, as_of = form.cleaned_data, request.user, request.business_date
    context: dict[str, Any] = {
        "do": data["do"],
        "to": data["to"],
        "because": data["because"],
        "next": _whence(request),
    }
    if data["do"] == "give":
        context["effect"] = direction.effect_of_giving(user, as_of, tasks=tasks, to=data["to"])
    else:
        try:
            day, context["effect"] = direction.effect_of_planning(user, as_of, tasks=tasks, on=data["on"])
        except NotKnown as refusal:
            messages.error(request, str(refusal))
            return doors.back(request, _next(request))
        context |= {"on": data["on"], "day": day}
    context["left_out"] = len(tasks) - len(context["effect"].tasks)
    return doors.page(request, "workload/preview.html", context)


@needs("tasks.work")
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Gives or plans the chosen tasks; all of them, or none and why."""
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    form, tasks = asked
    data = form.cleaned_data
    customers = list(Task.objects.filter(pk__in=tasks).values_list("customer", flat=True).distinct())
    if data["do"] == "give":
        done = ngettext("%(n)s task given to %(to)s", "%(n)s tasks given to %(to)s", len(tasks))
        done %= {"n": len(tasks), "to": data["to"]}
        doors.perform(request, operations.give_tasks, customers=customers, done=done, tasks=tasks, to=data["to"].pk)
    else:
        doors.perform(
            request, operations.plan_tasks, customers=customers, tasks=tasks, on=data["on"], because=data["because"]
        )
    return doors.back(request, _next(request))


def _asked(request: HttpRequest) -> tuple[MoveForm, list[int]] | HttpResponse:
    """The form and the chosen tasks; or, when something is missing, the way back with the reason."""
    form = MoveForm(request.POST, as_of=request.business_date)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return doors.back(request, _next(request))
    if form.cleaned_data["do"] == "give" and not doors.allowed(request, "work.manage"):
        raise PermissionDenied("work.manage")
    tasks = _chosen(request)
    if not tasks:
        messages.error(request, _("Choose at least one task: mark it in the first column."))
        return doors.back(request, _next(request))
    return form, tasks


def _chosen(request: HttpRequest) -> list[int]:
    """Open tasks that were marked, or all that the list's filters give (`all=1`); of others' only for who directs."""
    user, as_of = request.user, request.business_date
    if request.POST.get("all") == "1":
        values = {key[2:]: value for key, value in request.POST.items() if key.startswith("f-")}
        rows = reading.tasks_of(user, as_of, values)
    else:
        marked = [int(each) for each in request.POST.getlist("tasks") if each.isdecimal() and len(each) < 18]
        rows = of_visible(Task.objects.filter(pk__in=marked, status=Task.Status.OPEN), user=user, as_of=as_of)
    if not doors.allowed(request, "work.manage"):
        rows = rows.filter(assignment__user=user)
    return list(rows.order_by("-assignment__priority", "pk").values_list("pk", flat=True)[:MOST])


def _whence(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of this house."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else _next(request)


def _next(request: HttpRequest) -> str:
    """Where to go where the form does not say (`doors.back` reads its `next`): the list of tasks, or their own day."""
    return reverse("workload_tasks" if doors.allowed(request, "work.view") else "today")
