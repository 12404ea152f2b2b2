"""Addresses inside a tenant; `/t/<slug>` (or the host name) was taken off by the middleware."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("spartito.web.urls")),
]
