"""How people get in: only users that an administrator made, while they hold a profile; nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import PasswordResetView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from spartito.access.permissions import profiles_of


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour, with the open door closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Who is retired, or whose profiles have all ended, stays outside."""
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if answer is None and not profiles_of(user, request.business_date):  # type: ignore[attr-defined]
            return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]
        return answer


class PasswordReset(PasswordResetView):  # type: ignore[misc]  # allauth has no types
    """A new password by e-mail, where e-mail can leave; else whom to ask, and nothing is promised."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EMAIL_CONFIGURED:
            return render(request, "account/password_by_hand.html")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer
