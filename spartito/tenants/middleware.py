"""Which tenant a request is for, and in which language it is answered."""

from collections.abc import Callable, Iterable, Iterator

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import set_script_prefix
from django.utils import timezone, translation

from spartito.platform.connection import connection
from spartito.tenants import doors
from spartito.tenants.models import Domain, Tenant
from spartito.tenants.queries import business_date

GetResponse = Callable[[HttpRequest], HttpResponse]
PREFIX = "/t/"
PUBLIC_PATHS = {"/healthz", "/readyz", "/metrics"}


class TenantMiddleware:
    """Finds the tenant by host name or by `/t/<slug>`, which it takes off the path, and enters its schema.

    Sets `request.tenant`, `request.business_date` and `request.tenant_prefix`; outside a tenant the first is
    None and the shared addresses answer. Every cookie is narrowed to the tenant's path, so that two tenants
    of one host never read each other's session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = connection.tenant
        connection.set_schema_to_public()
        structlog.contextvars.clear_contextvars()
        tenant, prefix = self._find(request)
        request.tenant, request.tenant_prefix = tenant, prefix  # type: ignore[attr-defined]
        if tenant is None:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]
            if prefix:  # a company nobody has
                return doors.choose_company(request, status=404)
            return self.get_response(request)
        self._enter(request, tenant, prefix)
        try:
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                response.streaming_content = inside(tenant, response.streaming_content)
            for morsel in response.cookies.values():
                if morsel["path"] == "/":
                    morsel["path"] = prefix or "/"
            return response
        finally:
            timezone.deactivate()
            translation.deactivate()
            connection.set_tenant(before)

    def _find(self, request: HttpRequest) -> tuple[Tenant | None, str]:
        """The tenant (None for a slug nobody has, and outside tenants) and the part of the path that names it."""
        path = request.path_info
        if path in PUBLIC_PATHS:
            return None, ""
        if path.startswith(PREFIX):
            slug = path[len(PREFIX) :].split("/", 1)[0]
            return Tenant.objects.filter(slug=slug).first(), PREFIX + slug
        host = request.get_host().rsplit(":", 1)[0].lower()
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
        return (domain.tenant if domain else None), ""

    def _enter(self, request: HttpRequest, tenant: Tenant, prefix: str) -> None:
        if prefix:
            before = request.META.get("SCRIPT_NAME", "") or ""
            request.path_info = request.path_info[len(prefix) :] or "/"
            request.META["SCRIPT_NAME"] = before + prefix
            request.META["PATH_INFO"] = request.path_info
            set_script_prefix(before + prefix + "/")
        connection.set_tenant(tenant)
        timezone.activate(tenant.timezone)
        request.business_date = business_date(tenant)  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(tenant=tenant.slug)


def inside(tenant: Tenant, content: Iterable[bytes]) -> Iterator[bytes]:
    """The rest of a streamed answer, made after the middleware has left, is made inside the tenant too."""
    before = connection.tenant
    connection.set_tenant(tenant)
    try:
        yield from content
    finally:
        connection.set_tenant(before)


class LanguageMiddleware:
    """The language of the answer: the user's, else the language cookie, else the tenant's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(self._language(request))
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    def _language(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        tenant: Tenant | None = getattr(request, "tenant", None)
        if tenant is not None and request.user.is_authenticated:
            chosen = getattr(request.user, "language", "")
            if chosen in known:
                return chosen
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if cookie in known:
            return cookie
        if tenant is not None and tenant.language in known:
            return tenant.language
        return translation.get_language_from_request(request)
