"""Addresses of the pages inside a tenant: one include a screen, found by its name."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

SCREENS = [
    "today",
    "workload",
    "duedates",
    "startup",
    "search",
    "customer",
    "customers",
    "ageing",
    "messages",
    "imports",
    "strategies",
    "rehearsal",
    "comparison",
    "campaigns",
    "runs",
    "masterdata",
    "people",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"spartito.web.{screen}.urls"))
    for screen in SCREENS
    if find_spec(f"spartito.web.{screen}") and find_spec(f"spartito.web.{screen}.urls")
]
