from django.db import models
from django.db.models import Q

from spartito.platform.history import tracked


class Day(models.Model):
    """One calendar day of the tenant, 1970-01-01 to 2100-12-31.

    `working_number` counts the working days up to and including this day, so that
    "n working days after d" is the first working day with number(d) + n.
    """

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    holiday = models.CharField(max_length=80, blank=True)
    working_number = models.IntegerField()

    class Meta:
        indexes = [models.Index(name="reference_day_by_number", fields=["working_number", "day"])]


@tracked()
class Holiday(models.Model):
    """A holiday of the tenant beside those of its country: the patron saint (`year` null), a bridge day.

    `day` rows are made from the country's law and from these (`operations.rebuild_calendar`).
    """

    class Kind(models.TextChoices):
        PATRON = "patron"
        CLOSING = "closing"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    month = models.SmallIntegerField()
    day = models.SmallIntegerField()
    year = models.SmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reference_holiday_once", fields=["month", "day", "year"], nulls_distinct=False
            ),
            models.UniqueConstraint(name="reference_holiday_one_patron", fields=["kind"], condition=Q(kind="patron")),
            models.CheckConstraint(
                name="reference_holiday_day_exists", condition=Q(month__range=(1, 12), day__range=(1, 31))
            ),
        ]


class EffectiveDated(models.Model):
    """Columns shared by every row that holds from a day on, with its source."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        abstract = True


@tracked()
class Bucket(EffectiveDated):
    """An ageing bucket: days overdue from `lower` to `upper` (null = open end).

    `key` is the JSON key: `not_due`, `1-30` … `over_365`.
    """

    position = models.SmallIntegerField()
    key = models.CharField(max_length=20)
    lower = models.IntegerField(null=True)
    upper = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reference_bucket_once", fields=["valid_from", "position"]),
        ]


class Currency(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=80)
    minor_digits = models.SmallIntegerField(default=2)


@tracked()
class ExchangeRate(models.Model):
    """Units of `currency` for one unit of the tenant's currency, from `day` on."""

    currency = models.ForeignKey(Currency, on_delete=models.PROTECT)
    day = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reference_exchangerate_once", fields=["currency", "day"]),
            models.CheckConstraint(name="reference_exchangerate_positive", condition=Q(rate__gt=0)),
        ]


@tracked()
class Rate(EffectiveDated):
    """An interest rate in percent a year. Kinds: `ecb_main`, `legal`, `surcharge_231`."""

    kind = models.CharField(max_length=30)
    country = models.CharField(max_length=2, default="IT")
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reference_rate_once", fields=["country", "kind", "valid_from"]),
        ]


@tracked()
class Fee(EffectiveDated):
    """A flat amount. Kinds: `recovery_fee` (40 EUR, D.Lgs. 231/2002 art. 6); `cost_<channel>`, what a message costs."""

    kind = models.CharField(max_length=30)
    country = models.CharField(max_length=2, default="IT")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reference_fee_once", fields=["country", "kind", "valid_from"]),
        ]


@tracked()
class ApprovalLimit(EffectiveDated):
    """Up to which amount an authority decides alone (domain 11, default approval limits), in the tenant's currency.

    `amount` null: any amount. `months`: the longest plan; `days`: the longest temporary release. Null: any.
    """

    class Decision(models.TextChoices):
        CREDIT_LIMIT = "credit_limit"
        BLOCK_RELEASE = "block_release"
        PLAN = "plan"
        INTEREST_WAIVER = "interest_waiver"
        SETTLEMENT = "settlement"
        WRITE_OFF = "write_off"
        LEGAL_ACTION = "legal_action"

    class Authority(models.TextChoices):
        COLLECTOR = "collector"
        CREDIT_MANAGER = "credit_manager"
        CFO = "cfo"
        BOARD = "board"

    decision = models.CharField(max_length=20, choices=Decision.choices)
    authority = models.CharField(max_length=20, choices=Authority.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    months = models.SmallIntegerField(null=True)
    days = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reference_approvallimit_once", fields=["decision", "authority", "valid_from"]
            ),
        ]


@tracked()
class LegalText(EffectiveDated):
    """A citation used in letters, by key and language."""

    key = models.CharField(max_length=60)
    language = models.CharField(max_length=5)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reference_legaltext_once", fields=["key", "language", "valid_from"]),
        ]


class Province(models.Model):
    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
