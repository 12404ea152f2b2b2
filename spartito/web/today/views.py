"""Today's score."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from spartito.access.doors import signed_in
from spartito.web import doors


@signed_in
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    return doors.page(request, "today/today.html", {})
