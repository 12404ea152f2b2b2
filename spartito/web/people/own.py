"""A person's own settings: language, look, name, password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access import operations
from spartito.access.doors import signed_in
from spartito.access.profiles import PROFILES
from spartito.web import doors
from spartito.web.context import THEME_COOKIE, THEMES
from spartito.web.people import forms

A_YEAR = 365 * 24 * 3600


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What the house knows of the person, and what they may change themselves."""
    assignments = request.user.assignments.prefetch_related("scopes").order_by("valid_from", "id")
    held = [{"assignment": each, "profile": PROFILES[each.profile]} for each in assignments]
    return doors.page(request, "people/me.html", {"held": held, "works": doors.allowed(request, "tasks.work")})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """A new password, after the present one."""
    form = forms.OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["password"]

        def change() -> None:
            operations.set_password(user=request.user, target=request.user, password=new)

        if doors.attempt(request, change, done=_("Your password is changed.")):
            update_session_auth_hash(request, request.user)
            return doors.back(request, reverse("me"))
    context = {"form": form, "title": _("Change your password")}
    return doors.page(request, "people/form.html", context, status=422 if request.method == "POST" else 200)


@signed_in
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language of the pages, kept with the user."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        operations.edit_user(user=request.user, target=request.user, language=chosen)
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
