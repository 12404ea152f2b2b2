"""What stops dunning (holds) and what stops orders (blocks)."""

from django.db import models
from django.db.models import F, Q

from spartito.access.models import User
from spartito.platform.history import tracked
from spartito.portfolio.models.items import Item
from spartito.portfolio.models.parties import Customer


@tracked()
class Hold(models.Model):
    """A hold on an account (`item` null), an item, or an amount of an item (design 6, rule 10).

    Covers D when starts_on ≤ D ≤ ends_on (null = as long as its cause) and it is not
    released by D. A hold on a customer covers that customer's items.
    """

    class Kind(models.TextChoices):
        PROMISE = "promise"
        PLAN = "plan"
        DISPUTE = "dispute"
        PAYMENT_CHECK = "payment_check"
        MANUAL = "manual"
        DO_NOT_CONTACT = "do_not_contact"
        LEGAL = "legal"
        INSOLVENCY = "insolvency"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="holds")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, related_name="holds")
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    put_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    because = models.CharField(max_length=500, blank=True, db_default="", default="")
    source = models.CharField(max_length=20, db_default="person", default="person")
    released_on = models.DateField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    release_reason = models.CharField(max_length=500, blank=True, db_default="", default="")
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="portfolio_hold_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="portfolio_hold_amount_is_of_an_item",
                condition=Q(amount__isnull=True) | Q(amount__gt=0, item__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="portfolio_hold_live", fields=["customer", "item"], condition=Q(released_on__isnull=True)
            ),
        ]


@tracked()
class Block(models.Model):
    """An order block (domain 11.7) in force on a customer until released."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="blocks")
    level = models.SmallIntegerField()
    reason = models.CharField(max_length=200)
    starts_on = models.DateField()
    released_on = models.DateField(null=True)
    put_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    released_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    release_reason = models.CharField(max_length=300, blank=True, db_default="", default="")
    planned_action_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="portfolio_block_level_known", condition=Q(level__gte=0, level__lte=5)),
            models.UniqueConstraint(
                name="portfolio_block_one_in_force", fields=["customer"], condition=Q(released_on__isnull=True)
            ),
        ]
