"""Search anywhere: customers by name, code, VAT number, phone or e-mail; items by document number."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from spartito.access.doors import signed_in
from spartito.web import doors
from spartito.web.search import finding

SHORTEST = 2


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the words find among the customers this user sees. One exact hit opens at once."""
    words = " ".join(request.GET.get("q", "").split())[:100]
    found = finding.Found()
    if len(words) >= SHORTEST and doors.allowed(request, "customers.view"):
        found = finding.find(
            words, user=request.user, as_of=request.business_date, with_items=doors.allowed(request, "ledger.view")
        )
    context = {"words": words, "found": found, "too_short": len(words) < SHORTEST}
    return doors.page(request, "search/search.html", context, part="found")
