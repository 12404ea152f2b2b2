"""What every page's frame knows: navigation, theme, language, the day."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from spartito.web import navigation

THEMES = ("light", "dark", "auto")
THEME_COOKIE = "spartito_theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and looks; safe on error pages, where half of the middleware may not have run."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    user = getattr(request, "user", None)
    signed_in = bool(getattr(request, "tenant", None)) and bool(getattr(user, "is_authenticated", False))
    return {
        "tenant": getattr(request, "tenant", None),
        "today": getattr(request, "business_date", None),
        "theme": theme if theme in THEMES else "auto",
        "languages": settings.LANGUAGES,
        "signed_in": signed_in,
        "navigation": navigation.links(request) if signed_in and not _is_part(request) else [],
    }


def _is_part(request: HttpRequest) -> bool:
    """True when htmx will swap a part of the page, which has no frame."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted
