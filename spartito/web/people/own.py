"""A person's own settings: language, look, name, password."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spartito.access import operations
from spartito.access.doors import signed_in
from spartito.web import doors
from spartito.web.context import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 3600


@signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """What the house knows of the person, and what they may change themselves."""
    assignments = request.user.assignments.prefetch_related("scopes").order_by("valid_from", "id")
    return doors.page(request, "people/me.html", {"assignments": assignments})


@signed_in
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language of the pages, kept with the user."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        operations.set_own_language(user=request.user, language=chosen)
        translation.activate(chosen)
        messages.success(request, _("Spartito now speaks English."))
    answer = doors.back(request, reverse("me"))
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=A_YEAR, samesite="Lax")
    return answer


@signed_in
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the machine says: kept on this machine."""
    chosen = request.POST.get("theme", "")
    answer = doors.back(request, reverse("me"))
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=A_YEAR, samesite="Lax")
    return answer
