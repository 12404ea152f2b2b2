"""Making tenants and recording their runs."""

import re
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from spartito.platform import schema
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.logs import logger
from spartito.tenants.models import Domain, Tenant
from spartito.tenants.queries import tenant_by_slug

log = logger(__name__)
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}\Z")
# Their addresses or schemas are taken.
RESERVED = {"public", "static", "template", "t", "healthz", "readyz", "metrics", "api"}


class TenantRefused(Refused):
    """The tenant cannot be made: bad or taken slug, unknown clock, country, language, currency or time zone."""


def create_tenant(
    *,
    slug: str,
    name: str,
    country: str = "IT",
    currency: str = "EUR",
    language: str = "it",
    timezone: str = "Europe/Rome",
    clock: str = Tenant.Clock.TODAY,
    start_up: bool = False,
    domain: str | None = None,
) -> Tenant:
    """Makes a tenant: its row, its schema, and what every room seeds in it. Raises TenantRefused.

    All or nothing where the template is copied; a schema that had to be migrated step by step is dropped
    again when seeding fails. `start_up` is handed on to the seeds (the first creditor starts in *avviamento*).
    """
    _check(slug=slug, country=country, language=language, currency=currency, timezone=timezone, clock=clock)
    if connection.schema_name != "public":
        raise TenantRefused(_("a tenant is made from outside any tenant"))
    with transaction.atomic():
        tenant = Tenant.objects.create(
            slug=slug,
            schema_name=f"t_{slug.replace('-', '_')}",
            name=name,
            country=country.upper(),
            currency=currency.upper(),
            language=language,
            timezone=timezone,
            clock=clock,
            max_data_age=None if clock == Tenant.Clock.LAST_RUN else 1,
        )
        if domain:
            Domain.objects.create(tenant=tenant, domain=domain.lower(), is_primary=True)
        _fill_schema(tenant)
        seed(tenant=tenant, start_up=start_up)
    log.info("tenant_created", slug=slug)
    return tenant


def _check(*, slug: str, country: str, language: str, currency: str, timezone: str, clock: str) -> None:
    from zoneinfo import available_timezones

    from babel.numbers import get_territory_currencies, list_currencies

    if not SLUG.match(slug) or slug in RESERVED:
        raise TenantRefused(_("%(slug)r cannot be a slug: 2 to 40 of a-z, 0-9 and -, a letter first") % {"slug": slug})
    if Tenant.objects.filter(slug=slug).exists():
        raise TenantRefused(_("tenant %(slug)s exists already") % {"slug": slug})
    if language not in dict(settings.LANGUAGES):
        raise TenantRefused(
            _("language %(language)r is not one of %(known)s")
            % {"language": language, "known": ", ".join(dict(settings.LANGUAGES))}
        )
    if len(country) != 2 or not get_territory_currencies(country.upper()):
        raise TenantRefused(_("country %(country)r is not known") % {"country": country})
    if currency.upper() not in list_currencies():
        raise TenantRefused(_("currency %(currency)r is not known") % {"currency": currency})
    if timezone not in available_timezones():
        raise TenantRefused(_("time zone %(timezone)r is not known") % {"timezone": timezone})
    if clock not in Tenant.Clock.values:
        raise TenantRefused(
            _("clock %(clock)r is not one of %(known)s") % {"clock": clock, "known": ", ".join(Tenant.Clock.values)}
        )


def _fill_schema(tenant: Tenant) -> None:
    """A copy of the template; the migrations, one by one, where it cannot be copied."""
    try:
        schema.clone_template(tenant.schema_name)
    except schema.CloneFailed as failure:
        log.warning("template_not_copied", reason=str(failure))
        schema.migrate_schema(tenant.schema_name)


def seed(*, tenant: Tenant, start_up: bool = False) -> None:
    """Calls every room's `seed_tenant(tenant=…)` inside the tenant's schema."""
    before = connection.tenant
    connection.set_tenant(tenant)
    tenant.start_up = start_up  # type: ignore[attr-defined]  # read by the seed of the first creditor
    try:
        for path in settings.SPARTITO_TENANT_SEEDS:
            import_string(path)(tenant=tenant)
    finally:
        connection.set_tenant(before)


def record_run(*, tenant: Tenant, run_date: date) -> None:
    """Remembers the date of the last finished cycle, which never goes back."""
    Tenant.objects.filter(pk=tenant.pk).exclude(last_run_date__gte=run_date).update(last_run_date=run_date)
    tenant.refresh_from_db(fields=["last_run_date"])


def set_second_person(*, slug: str, wanted: bool) -> Tenant:
    """Whether another person than who submitted a strategy puts it in force. Raises UnknownTenant."""
    tenant = tenant_by_slug(slug)
    tenant.second_person_publishes = wanted
    tenant.save(update_fields=["second_person_publishes"])
    return tenant
