"""How many customers a condition holds for now, counted while somebody writes it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.platform.errors import Refused
from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.conditions import matching as how_many
from spartito.strategies.conditions_text import condition_of
from spartito.strategies.models import Strategy, Version
from spartito.web import doors
from spartito.web.strategies.conditions_form import ConditionFields


@require_safe
@needs("strategies.view")
def matching(request: HttpRequest, code: str) -> HttpResponse:
    """The customers that fit the rows of the form in the address, or (`kept`) what the draft says already.

    Of a `step` they are counted among those the strategy is for; `kind` says what is being asked.
    """
    strategy = get_object_or_404(Strategy, code=code)
    version = get_object_or_404(strategy.versions.filter(status=Version.Status.DRAFT).order_by("-number")[:1])
    is_step = "step" in request.GET
    context: dict[str, Any] = {"is_step": is_step}
    condition = _condition(request, version)
    if condition is None:
        context["wrong"] = True
    else:
        base = version.applies_to if is_step else {}
        context |= {"everybody": not condition, "all": _count(request, base)}
        context["fit"] = _count(request, _both(base, condition)) if condition else context["all"]
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


def _count(request: HttpRequest, condition: dict[str, Any]) -> int:
    return how_many(condition=condition, user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
