"""How many customers a condition holds for now, counted while somebody writes it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.platform.errors import Refused
from spartito.strategies.conditions import FACT_TYPES, accounts_that_fit
from spartito.strategies.conditions import matching as how_many
from spartito.strategies.conditions_text import condition_of
from spartito.strategies.models import Enrolment, Strategy, Version
from spartito.web import doors
from spartito.web.strategies.conditions_form import ConditionFields
from spartito.web.strategies.reading import is_for_everybody_else


@require_safe
@needs("strategies.view")
def matching(request: HttpRequest, code: str) -> HttpResponse:
    """The customers that fit the rows of the form in the address, or (`kept`) what the draft says already.

    Of a `step` they are counted among those the strategy is for.
    """
    strategy = get_object_or_404(Strategy, code=code)
    version = get_object_or_404(strategy.versions.filter(status=Version.Status.DRAFT).order_by("-number")[:1])
    is_step = "step" in request.GET
    context: dict[str, Any] = {"is_step": is_step}
    condition = _condition(request, version)
    if condition is None:
        context["wrong"] = True
    else:
        among = _whose(strategy, version, request.business_date) if is_step else None  # type: ignore[attr-defined]
        base = version.applies_to if is_step and among is None else {}
        context |= {"everybody": not condition, "all": _count(request, base, among)}
        context["fit"] = _count(request, _both(base, condition), among) if condition else context["all"]
    return doors.page(request, "strategies/matching.html", context)


def _condition(request: HttpRequest, version: Version) -> dict[str, Any] | None:
    """What is asked, in normal form; None while it cannot be read yet."""
    if "kept" in request.GET:
        step = version.steps.filter(code=request.GET.get("step", "")).first()
        return dict(step.conditions if step else version.applies_to)
    form = ConditionFields(request.GET)
    if not form.is_valid():
        return None
    try:
        return condition_of(form.cleaned_data["condition"], facts=FACT_TYPES, where="")
    except Refused:
        return None


def _both(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {"all": [first, second]} if first and second else first or second


def _whose(strategy: Strategy, version: Version, as_of: date) -> set[int] | None:
    """Of the strategy for everybody else: those it fits and those who follow it for want of another; None of others."""
    if not is_for_everybody_else(strategy, version) or not version.applies_to:
        return None
    followers = Enrolment.objects.filter(strategy=strategy).values_list("account", flat=True)
    return accounts_that_fit(version.applies_to, as_of=as_of) | set(followers)


def _count(request: HttpRequest, condition: dict[str, Any], among: set[int] | None) -> int:
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    return how_many(condition=condition, user=user, as_of=as_of, among=among)  # type: ignore[arg-type]
