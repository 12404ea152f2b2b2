"""A request finds its tenant by path or host name, and never another one's."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import get_script_prefix, set_script_prefix

from spartito.platform.connection import connection
from spartito.tenants.middleware import LanguageMiddleware, TenantMiddleware
from spartito.tenants.models import Domain


@pytest.fixture(autouse=True)
def _leave_the_script_prefix():
    yield
    set_script_prefix("/")


def ask(path, *, answer=None, **headers):
    """What a view sees of a request for this path, and the response."""
    seen = SimpleNamespace()

    def view(request):
        seen.tenant, seen.path_info, seen.prefix = request.tenant, request.path_info, get_script_prefix()
        seen.schema, seen.date = connection.schema_name, getattr(request, "business_date", None)
        seen.urlconf = getattr(request, "urlconf", None)
        return answer or HttpResponse()

    seen.response = TenantMiddleware(view)(RequestFactory().get(path, **headers))
    return seen


def test_the_slug_is_taken_off_the_path(tenant):
    seen = ask("/t/test/customers/3/")
    assert (seen.tenant, seen.path_info, seen.prefix) == (tenant, "/customers/3/", "/t/test/")
    assert seen.schema == tenant.schema_name
    assert seen.date is not None


def test_a_tenants_own_host_name_needs_no_slug(tenant):
    connection.set_schema_to_public()
    Domain.objects.create(tenant=tenant, domain="credito.example.it", is_primary=True)
    seen = ask("/customers/3/", headers={"host": "credito.example.it"})
    assert (seen.tenant, seen.path_info) == (tenant, "/customers/3/")


def test_outside_tenants_the_shared_addresses_answer(db):
    seen = ask("/")
    assert (seen.tenant, seen.urlconf, seen.schema) == (None, "spartito.config.public_urls", "public")


def test_a_company_nobody_has_is_not_found(db):
    assert ask("/t/nobody/customers/").response.status_code == 404


def test_cookies_are_narrowed_to_the_tenants_path(tenant):
    answer = HttpResponse()
    answer.set_cookie("spartito_session", "x")
    ask("/t/test/", answer=answer)
    assert answer.cookies["spartito_session"]["path"] == "/t/test"


def test_afterwards_the_schema_is_what_it_was(tenant):
    connection.set_schema_to_public()
    ask("/t/test/")
    assert connection.schema_name == "public"


def test_a_streamed_answer_is_made_inside_the_tenant(tenant):
    connection.set_schema_to_public()

    def rows():
        yield connection.schema_name

    answer = ask("/t/test/", answer=StreamingHttpResponse(rows())).response
    assert b"".join(answer.streaming_content).decode() == tenant.schema_name


@pytest.mark.parametrize(
    ("user_language", "cookie", "tenant_language", "expected"),
    [("en", "it", "it", "en"), (None, "en", "it", "en"), (None, None, "en", "en"), (None, "xx", "it", "it")],
)
def test_the_language_is_the_users_else_the_cookies_else_the_tenants(user_language, cookie, tenant_language, expected):
    request = RequestFactory().get("/")
    request.tenant = SimpleNamespace(language=tenant_language)
    request.user = SimpleNamespace(is_authenticated=user_language is not None, language=user_language)
    if cookie:
        request.COOKIES["django_language"] = cookie
    assert LanguageMiddleware(lambda r: HttpResponse())(request).headers["Content-Language"] == expected
