"""Addresses outside any tenant: choosing a company, and what monitors ask."""

from django.urls import path

from spartito.config import health
from spartito.tenants import doors

urlpatterns = [
    path("", doors.choose_company, name="choose_company"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
