"""The subscribers and their host names, in the shared schema."""

from django.db import models
from django.db.models import Q
from django_tenants.models import DomainMixin, TenantMixin


class Tenant(TenantMixin):
    """A subscriber. Its rows live in `schema_name`; no foreign key crosses from there to here."""

    class Clock(models.TextChoices):
        TODAY = "today", "today in the tenant's time zone"
        LAST_RUN = "last_run", "date of the last cycle: a replayed history"

    class OtherItems(models.TextChoices):
        TOTAL = "total", "as a total"
        WHOLE = "whole", "item by item"

    auto_create_schema = False
    auto_drop_schema = False

    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="IT")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=5, default="it")
    timezone = models.CharField(max_length=50, default="Europe/Rome")
    clock = models.CharField(max_length=10, choices=Clock, default=Clock.TODAY)
    run_time = models.TimeField(default="05:30", help_text="local time of the daily cycle")
    last_run_date = models.DateField(null=True, blank=True)
    max_data_age = models.PositiveSmallIntegerField(
        null=True, default=1, help_text="working days a ledger may be old before messages wait; null = never wait"
    )
    show_other_items = models.CharField(max_length=5, choices=OtherItems, default=OtherItems.TOTAL)
    second_person_publishes = models.BooleanField(
        default=False, db_default=False, help_text="a strategy is put in force by another person than who submitted it"
    )
    watch_folder = models.CharField(max_length=500, blank=True, help_text="files that appear here are imported")
    watch_mapping = models.CharField(max_length=60, blank=True)
    watch_expected_by = models.TimeField(null=True, blank=True, help_text="local time; later the alarm rings")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="tenants_tenant_slug_once"),
            models.CheckConstraint(condition=Q(clock__in=["today", "last_run"]), name="tenants_tenant_clock_known"),
            models.CheckConstraint(
                condition=Q(show_other_items__in=["total", "whole"]), name="tenants_tenant_other_items_known"
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="tenants_tenant_slug_given"),
        ]

    def __str__(self) -> str:
        return self.slug


class Domain(DomainMixin):
    """A host name that leads straight to a tenant, without `/t/<slug>`."""
