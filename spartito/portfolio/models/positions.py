"""Positions and ageing of the business date, kept set-based by step 1 of the cycle."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from spartito.access.models import OrgUnit
from spartito.portfolio.models.parties import Customer, Salesperson

MONEY = {"max_digits": 16, "decimal_places": 2, "default": 0, "db_default": 0}


class Position(models.Model):
    """One customer's figures, in the tenant's currency at the day's reference rate.

    `as_of` is the day they last changed; they hold for the business date.

    `balance` = open items with their sign, less unallocated payments; `exposure` = open
    debits + effects at the bank still at risk; `overdue` = debits past their due date
    (withheld tax, split VAT, unreleased retention and effects at the bank left out);
    `buckets` follow `reference.Bucket.position`.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="position")
    as_of = models.DateField()
    balance = models.DecimalField(**MONEY)
    exposure = models.DecimalField(**MONEY)
    debits = models.DecimalField(**MONEY)
    credits = models.DecimalField(**MONEY)
    unallocated = models.DecimalField(**MONEY)
    not_due = models.DecimalField(**MONEY)
    overdue = models.DecimalField(**MONEY)
    at_bank = models.DecimalField(**MONEY)
    on_hold = models.DecimalField(**MONEY)
    returned = models.DecimalField(**MONEY)
    buckets = ArrayField(models.DecimalField(max_digits=16, decimal_places=2), default=list)
    open_items = models.IntegerField(default=0, db_default=0)
    overdue_items = models.IntegerField(default=0, db_default=0)
    oldest_due_date = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(name="portfolio_position_by_overdue", fields=["-overdue", "customer"])]


class Standing(models.Model):
    """The day on which figures stand: one row. `everybody_on`: positions and ageing of all customers hold for that day;
    `latest`: the day to which single customers were brought since.
    """

    of_all = models.BooleanField(primary_key=True, default=True)
    everybody_on = models.DateField()
    latest = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(name="portfolio_standing_is_one_row", condition=models.Q(of_all=True))]


class Ageing(models.Model):
    """Open items of one customer for one (salesperson, area, division, sector); `as_of` is the day they last changed.

    The smallest grain that every report needs and every scope can filter; item's own
    attributes, else the customer's. Amounts as in `Position`. Written by step 1 from rows
    that have the constraints, so it carries none itself: checking five keys a row cost more than the step.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="ageing", db_constraint=False)
    salesperson = models.ForeignKey(
        Salesperson, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False
    )
    area = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False)
    division = models.ForeignKey(
        OrgUnit, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    sector = models.ForeignKey(
        OrgUnit, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    as_of = models.DateField()
    total = models.DecimalField(**MONEY)
    debits = models.DecimalField(**MONEY)
    overdue = models.DecimalField(**MONEY)
    at_bank = models.DecimalField(**MONEY)
    returned = models.DecimalField(**MONEY)
    buckets = ArrayField(models.DecimalField(max_digits=16, decimal_places=2), default=list)
    open_items = models.IntegerField(default=0, db_default=0)
    overdue_items = models.IntegerField(default=0, db_default=0)
    oldest_due_date = models.DateField(null=True)
