"""Reads about tenants. They tell nothing about customers, so they take no user."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from spartito.platform import clock
from spartito.platform.errors import Refused
from spartito.tenants.models import Tenant


class UnknownTenant(Refused):
    """No tenant has this slug, or none was named where there is more than one."""


def business_date(tenant: Tenant) -> date:
    """Today in the tenant's time zone, or the last run's date for a `last_run` clock (today when it never ran)."""
    if tenant.clock == Tenant.Clock.LAST_RUN and tenant.last_run_date:
        return tenant.last_run_date
    return local_now(tenant).date()


def local_now(tenant: Tenant) -> datetime:
    """This instant on the tenant's wall clock."""
    return clock.now().astimezone(ZoneInfo(tenant.timezone))


def tenant_by_slug(slug: str | None) -> Tenant:
    """The tenant of this slug; without a slug the only one there is. Raises UnknownTenant."""
    if slug:
        found = Tenant.objects.filter(slug=slug).first()
        if found is None:
            raise UnknownTenant(_("no tenant is called %(slug)s") % {"slug": slug})
        return found
    first_two = list(Tenant.objects.order_by("slug")[:2])
    if not first_two:
        raise UnknownTenant(_("there is no tenant yet: spartito tenant create SLUG --name NAME"))
    if len(first_two) > 1:
        raise UnknownTenant(_("there is more than one tenant: name it with --tenant SLUG"))
    return first_two[0]


def all_tenants() -> list[Tenant]:
    return list(Tenant.objects.order_by("slug"))
