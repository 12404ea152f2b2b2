"""Who may pass: decorators of views. Rows are another matter: `portfolio.visible_to`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from spartito.access.permissions import may
from spartito.access.profiles import PERMISSIONS

ViewFunction = Callable[..., HttpResponse]


def needs(*permissions: str) -> Callable[[ViewFunction], ViewFunction]:
    """Lets in users who have every one of these permissions on the business date: others get 403, strangers the login."""
    unknown = set(permissions) - set(PERMISSIONS)
    if unknown:
        raise KeyError(f"unknown permissions: {', '.join(sorted(unknown))}")

    def decorate(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            check(request, *permissions)
            return view(request, *args, **kwargs)

        guarded.needs = permissions  # type: ignore[attr-defined]  # read by the permission table test
        return guarded

    return decorate


def signed_in(view: ViewFunction) -> ViewFunction:
    """Lets in everybody who is logged in."""
    return needs()(view)


def check(request: HttpRequest, *permissions: str) -> None:
    """Raises PermissionDenied unless the user has all of them."""
    as_of = request.business_date  # type: ignore[attr-defined]
    for permission in permissions:
        if not may(request.user, permission, as_of):  # type: ignore[arg-type]
            raise PermissionDenied(permission)
