"""Addresses inside a tenant; `/t/<slug>` (or the host name) was taken off by the middleware."""

from django.urls import include, path

from spartito.config.accounts import PasswordReset

handler403 = "spartito.web.errorpages.not_allowed"
handler404 = "spartito.web.errorpages.not_found"
urlpatterns = [
    path("account/password/reset/", PasswordReset.as_view(), name="account_reset_password"),
    path("account/", include("allauth.urls")),
    path("", include("spartito.web.urls")),
]
