"""Both demo companies, and what the door tells about them."""

from typing import Any

from django_tenants.utils import tenant_context

from spartito.access.models import User
from spartito.access.profiles import PROFILES
from spartito.demo import adriatica, late_payments
from spartito.demo.adriatica import Say
from spartito.demo.cast import PASSWORD
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

MISSING = (
    "The second company (real late payments) is left out: its data was not found. "
    "Put the file's folder in SPARTITO_DATA and run again."
)


def make(*, say: Say, port: int) -> dict[str, Any]:
    """Makes what is missing and returns addresses, users and notes; a second call finds all done."""
    tenants = [adriatica.make_adriatica(say=say)]
    data = late_payments.find_data()
    if data is not None:
        tenants.append(late_payments.make_late_payments(data=data, say=say))
    return {
        "tenants": [_told(tenant, port) for tenant in tenants],
        "password": PASSWORD,
        "notes": [] if data is not None else [MISSING],
    }


def _told(tenant: Tenant, port: int) -> dict[str, Any]:
    with tenant_context(tenant):
        users = [_user(user, tenant.language) for user in User.objects.filter(is_active=True).order_by("id")]
    return {
        "slug": tenant.slug,
        "name": tenant.name,
        "date": business_date(tenant),
        "address": f"http://127.0.0.1:{port}/t/{tenant.slug}/",
        "users": users,
    }


def _user(user: User, language: str) -> dict[str, str]:
    held = user.assignments.order_by("id").first()
    profile = PROFILES[held.profile] if held else None
    scopes = ", ".join(f"{scope.key}={scope.code}" for scope in held.scopes.all()) if held else ""
    name = (profile.name_it if language == "it" else profile.name_en) if profile else ""
    return {"username": user.username, "name": user.full_name, "profile": name + (f" ({scopes})" if scopes else "")}
