"""What the day of everybody stands on: weights, minutes, capacities, languages, targets, and what may be shown."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from spartito.access.doors import needs
from spartito.access.models import User
from spartito.platform.errors import Refused
from spartito.web import doors, labels
from spartito.web.workload import reading
from spartito.worklist import direction, operations, targets
from spartito.worklist.models import Capacity, Effort, Monitoring, SpokenLanguage, Target, Weight
from spartito.worklist.rules import DEFAULT_CAPACITY, DEFAULT_EFFORTS, DEFAULT_WEIGHTS, NEVER_NOTHING

both = require_http_methods(["GET", "HEAD", "POST"])


@needs("work.manage")
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """All of it on one page, each part with the form that changes it."""
    as_of = request.business_date
    own = dict(Capacity.objects.values_list("user", "minutes_a_day"))
    spoken: dict[int, list[str]] = {}
    for user, language in SpokenLanguage.objects.order_by("language").values_list("user", "language"):
        spoken.setdefault(user, []).append(language)
    people = direction.people_who_may_take(as_of)
    monitoring = Monitoring.objects.first()
    context = {
        "weights": [(reading.CRITERIA[name], points) for name, points in _weights().items()],
        "efforts": [(labels.TASKS[kind], minutes) for kind, minutes in _efforts().items()],
        "people": [
            {"person": each, "minutes": own.get(each.pk, DEFAULT_CAPACITY), "languages": spoken.get(each.pk, [])}
            for each in people
        ],
        "team": targets.targets_in_force(as_of),
        "persons": [(each, targets.targets_in_force(as_of, person=each.pk)) for each in people if _shown(monitoring)],
        "measures": reading.MEASURES,
        "periods": reading.PERIODS,
        "monitoring": monitoring,
    }
    return doors.page(request, "workload/settings.html", context)


def _shown(monitoring: Monitoring | None) -> bool:
    return bool(monitoring and monitoring.single_persons)


def _weights() -> dict[str, int]:
    return DEFAULT_WEIGHTS | dict(Weight.objects.values_list("criterion", "points"))


def _efforts() -> dict[str, int]:
    return DEFAULT_EFFORTS | dict(Effort.objects.values_list("kind", "minutes"))


def _shown_or_done(
    request: HttpRequest, form: forms.Form, do: Callable[[], Any], *, title: str, hint: str | Promise = ""
) -> HttpResponse:
    """Shows the form; sent and right, does one operation and goes back to the page."""
    if request.method == "POST" and form.is_valid() and doors.attempt(request, do, done=_("Saved.")):
        return doors.back(request, reverse("workload_settings"))
    context = {"form": form, "title": title, "hint": hint}
    return doors.page(request, "workload/form.html", context, status=422 if request.method == "POST" else 200)


class NumbersForm(forms.Form):
    """One whole number a row."""

    def __init__(self, data: Any, *, rows: dict[str, tuple[str | Promise, str | Promise, int]], top: int) -> None:
        super().__init__(data)
        for name, (label, hint, value) in rows.items():
            self.fields[name] = forms.IntegerField(
                label=label, help_text=hint, initial=value, min_value=1 if name in NEVER_NOTHING else 0, max_value=top
            )


@needs("work.manage")
@both
def weights(request: HttpRequest) -> HttpResponse:
    """What each criterion of the priority counts at most; every open task is ranked anew."""
    rows = {name: (*reading.CRITERIA[name], points) for name, points in _weights().items()}
    form = NumbersForm(request.POST or None, rows=rows, top=100)

    def change() -> Any:
        from spartito.cycle.act import act

        given = {"user": request.user, "customers": [], "as_of": request.business_date}
        return act(operations.set_weights, weights=form.cleaned_data, **given)

    hint = _("All open tasks are put in their new order at once.")
    return _shown_or_done(request, form, change, title=_("Weights of the priority"), hint=hint)


@needs("work.manage")
@both
def efforts(request: HttpRequest) -> HttpResponse:
    rows = {kind: (labels.TASKS[kind], "", minutes) for kind, minutes in _efforts().items()}
    form = NumbersForm(request.POST or None, rows=rows, top=480)

    def change() -> None:
        operations.set_efforts(efforts=form.cleaned_data, by=request.user)

    return _shown_or_done(request, form, change, title=_("Minutes that a task takes"))


class PersonForm(forms.Form):
    minutes_a_day = forms.IntegerField(label=gettext_lazy("Minutes a day for tasks"), min_value=15, max_value=720)
    languages = forms.CharField(
        label=gettext_lazy("Languages spoken with customers"), required=False, max_length=100,
        help_text=gettext_lazy("Two-letter codes, with commas: de, fr. The language of the person's pages counts anyway."),
    )  # fmt: skip


@needs("work.manage")
@both
def person(request: HttpRequest, person: int) -> HttpResponse:
    """How many minutes a day somebody has, and in which languages they can call."""
    found = get_object_or_404(User, pk=person, is_active=True)
    own = Capacity.objects.filter(user=found).first()
    spoken = SpokenLanguage.objects.filter(user=found).order_by("language").values_list("language", flat=True)
    initial = {"minutes_a_day": own.minutes_a_day if own else DEFAULT_CAPACITY, "languages": ", ".join(spoken)}
    form = PersonForm(request.POST or None, initial=initial)

    def change() -> None:
        data = form.cleaned_data
        operations.set_capacity(user=found, minutes_a_day=data["minutes_a_day"], by=request.user)
        operations.set_languages(user=found, languages=data["languages"].split(","))

    return _shown_or_done(request, form, change, title=str(found))


class TargetForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Whose"), required=False, empty_label=gettext_lazy("the team's")
    )
    measure = forms.ChoiceField(label=gettext_lazy("Of what"))
    amount = forms.DecimalField(
        label=gettext_lazy("How much"), min_value=0, max_digits=16, decimal_places=2,
        help_text=gettext_lazy("0 ends the target."),
    )  # fmt: skip
    period = forms.ChoiceField(label=gettext_lazy("In"))

    def __init__(self, *args: Any, people: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["measure"].choices = list(reading.MEASURES.items())
        self.fields["period"].choices = list(reading.PERIODS.items())
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = people


@needs("work.manage")
@both
def target(request: HttpRequest) -> HttpResponse:
    """A target from today on; the one before it stays what it was until yesterday."""
    as_of = request.business_date
    people = direction.people_who_may_take(as_of) if direction.shows_single_persons() else None
    form = TargetForm(request.POST or None, people=people, initial={"period": Target.Period.MONTH})

    def change() -> Target:
        data = dict(form.cleaned_data)
        whose = data.pop("person", None)
        return operations.set_target(as_of=as_of, person=whose and whose.pk, by=request.user, **data)

    return _shown_or_done(request, form, change, title=_("Set a target"))


class SinglePersonsForm(forms.Form):
    allowed = forms.BooleanField(label=gettext_lazy("Show figures of single persons"), required=False)
    agreement = forms.CharField(
        label=gettext_lazy("Agreement or authorisation that allows it"), required=False, max_length=300,
        help_text=gettext_lazy("L. 300/1970, art. 4: with the unions, or of the labour inspectorate. Date and signatories."),
    )  # fmt: skip


@needs("work.manage")
@both
def single_persons(request: HttpRequest) -> HttpResponse:
    """Whether what single persons did is shown; off unless an agreement is named."""
    found = Monitoring.objects.first()
    initial = {"allowed": _shown(found), "agreement": found.agreement if found else ""}
    form = SinglePersonsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.allow_single_persons(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("agreement", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return doors.back(request, reverse("workload_settings"))
    hint = _("Without it only figures of the whole team are shown; how much each person has to do is always shown.")
    context = {"form": form, "title": _("Figures of single persons"), "hint": hint}
    return doors.page(request, "workload/form.html", context, status=422 if request.method == "POST" else 200)
