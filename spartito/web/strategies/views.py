"""Strategies, to be read: who follows which, its steps on a time line, its limits, its versions and its text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.strategies.models import Strategy, Version
from spartito.web import doors
from spartito.web.strategies import changes, reading
from spartito.web.strategies.periodics import texts_of


@require_safe
@needs("strategies.view")
def strategies(request: HttpRequest) -> HttpResponse:
    """Every strategy, in the order in which the engine tries them."""
    rows = reading.strategies_for(user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    context = {"rows": rows, "may_edit": doors.allowed(request, "strategies.edit")}
    return doors.page(request, "strategies/strategies.html", context)


@require_safe
@needs("strategies.view")
def strategy(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """One version of a strategy: the live one unless a number says otherwise."""
    found, version = _version(code, number)
    context = {
        "strategy": found,
        "version": version,
        "versions": reading.versions_of(found),
        "ways": reading.ways(version),
        "limits": reading.limits_of(version),
        "payment_rules": reading.payment_rules(version),
        "texts": texts_of(version),
        "education": changes.said_education(version.further.get("education")),
        "for_whom": reading.for_whom(found, version),
        "followers": reading.follows_version(version=version, user=request.user, as_of=request.business_date),  # type: ignore[arg-type,attr-defined]
        "is_live": version.pk == found.live_version_id,
        "may_edit": doors.allowed(request, "strategies.edit"),
        "sees_ledger": doors.allowed(request, "ledger.view"),
        "has_draft": found.versions.filter(status=Version.Status.DRAFT).exists(),
    }
    return doors.page(request, "strategies/strategy.html", context)


def _version(code: str, number: int | None) -> tuple[Strategy, Version]:
    found = get_object_or_404(Strategy.objects.select_related("live_version"), code=code)
    if number is None and found.live_version is not None:
        return found, found.live_version
    versions = found.versions.order_by("-number")
    return found, get_object_or_404(versions, number=number) if number else get_object_or_404(versions[:1])


@require_safe
@needs("strategies.view")
def text(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version as it was written, in YAML, as a file."""
    found, version = _version(code, number)
    answer = HttpResponse(version.source, content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.code}-{version.number}.yaml"'
    return answer
