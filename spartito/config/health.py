"""What monitors ask: is the process alive, can it reach its database, what has it counted."""

import os

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "alive"})


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its schema is this version's, else 503."""
    from spartito.platform import schema

    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        current = schema.is_current()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ready" if current else "migrations wait"}, status=200 if current else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text; open to this machine, elsewhere only with `SPARTITO_METRICS_TOKEN` as bearer token."""
    from django_prometheus.exports import ExportToDjangoView

    token = os.environ.get("SPARTITO_METRICS_TOKEN")
    local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not request.headers.get("X-Forwarded-For")
    if not local and not (token and request.headers.get("Authorization") == f"Bearer {token}"):
        return HttpResponse(status=403)
    return ExportToDjangoView(request)
