"""Two strategies on the same past: asked for, watched, read. It changes nothing."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.cycle import work as works
from spartito.cycle.models import Work
from spartito.platform.jobs import defer
from spartito.strategies.models import Version
from spartito.web import doors
from spartito.web.comparison import reading
from spartito.web.comparison.forms import ComparisonForm, in_words
from spartito.web.jobs import compare_strategies


@require_http_methods(["GET", "HEAD", "POST"])
@needs("strategies.edit")
def begin(request: HttpRequest) -> HttpResponse:
    """Which two, and which days; posted, they are compared."""
    form = ComparisonForm(request.POST or None, as_of=request.business_date, second=_asked_for(request))  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        return _start(request, form)
    context = {"form": form, "comparisons": reading.comparisons_of(request.user)}  # type: ignore[arg-type]
    return doors.page(request, "comparison/new.html", context, status=422 if request.method == "POST" else 200)


def _asked_for(request: HttpRequest) -> int | None:
    """The version a link names as `?second=standard:3`."""
    code, _colon, number = request.GET.get("second", "").partition(":")
    found = Version.objects.filter(strategy__code=code, number=number) if number.isdecimal() else Version.objects.none()
    return found.values_list("pk", flat=True).first()


def _start(request: HttpRequest, form: ComparisonForm) -> HttpResponse:
    """One at a time for a person: a second request leads to the one under way."""
    under_way = reading.under_way(user=request.user)  # type: ignore[arg-type]
    if under_way is None:
        chosen = [
            Version.objects.select_related("strategy").get(pk=form.cleaned_data[name]) for name in ("first", "second")
        ]
        params = {
            "versions": [
                {"strategy": each.strategy.code, "number": each.number, "source": each.source} for each in chosen
            ],
            "titles": [in_words(each) for each in chosen],
            "start": form.cleaned_data["start"].isoformat(),
            "end": form.cleaned_data["end"].isoformat(),
        }
        with transaction.atomic():
            under_way = works.start(kind="comparison", user=request.user, params=params)  # type: ignore[arg-type]
            defer(compare_strategies, tenant=request.tenant, one_at_a_time="rehearsal", work=under_way.pk)  # type: ignore[attr-defined]
    return doors.back(request, reverse("work", args=[under_way.pk]))


def _mine(request: HttpRequest, comparison: int) -> Work:
    return get_object_or_404(Work, pk=comparison, kind="comparison", user=request.user)


@require_safe
@needs("strategies.edit")
def comparison(request: HttpRequest, comparison: int) -> HttpResponse:
    """What both would have done: how much, how far the documents went, at what cost."""
    found = _mine(request, comparison)
    if found.status != Work.Status.DONE:
        return HttpResponseRedirect(reverse("work", args=[found.pk]))
    return doors.page(request, "comparison/comparison.html", reading.shown(found))


@require_POST
@needs("strategies.edit")
def cancel(request: HttpRequest, comparison: int) -> HttpResponse:
    """Gives it up; nothing is kept of it."""
    found = _mine(request, comparison)
    works.cancel(found)
    return doors.back(request, reverse("work", args=[found.pk]))
