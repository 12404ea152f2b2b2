from django.db import models
from django.db.models import F, Q

from spartito.access.models import User
from spartito.actions.models import Task
from spartito.platform.fields import json_object
from spartito.platform.history import tracked


class Assignment(models.Model):
    """Who has a task, since when, and its priority (higher first) with its reasons."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, primary_key=True, related_name="assignment")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    assigned_on = models.DateField()
    because = models.CharField(max_length=30, db_default="", default="")
    by_hand = models.BooleanField(default=False, db_default=False)
    priority = models.IntegerField(default=0, db_default=0)
    reasons = json_object()

    class Meta:
        indexes = [models.Index(name="worklist_assignment_by_user", fields=["user", "-priority"])]


@tracked()
class Weight(models.Model):
    """How much a criterion of the priority counts, as the credit manager set it; one not set has its default."""

    criterion = models.CharField(max_length=20, primary_key=True)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="worklist_weight_up_to_100", condition=Q(points__lte=100)),
        ]


@tracked()
class Absence(models.Model):
    """A person away from a day to a day, and who stands in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    substitute = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="worklist_absence_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
        ]


@tracked()
class Capacity(models.Model):
    """Minutes a day a person has for tasks; what exceeds them waits under *se avanza tempo*."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="capacity")
    minutes_a_day = models.PositiveSmallIntegerField(default=360)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="worklist_capacity_within_a_day", condition=Q(minutes_a_day__gte=1, minutes_a_day__lte=1440)
            ),
        ]


@tracked()
class Effort(models.Model):
    """Minutes that a task of a kind takes, as the credit manager set them; a kind not set has its default."""

    kind = models.CharField(max_length=20, primary_key=True)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="worklist_effort_takes_time", condition=Q(minutes__gte=1, minutes__lte=480)),
        ]


class SpokenLanguage(models.Model):
    """A language that a person can talk to customers in, beside the one their pages are in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="spoken_languages")
    language = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="worklist_spokenlanguage_once", fields=["user", "language"]),
        ]


@tracked()
class Target(models.Model):
    """What the team (`user` null) or a person is to reach in a period, from a day on; 0 ends it.

    Contacts and promises are counted; cash is money received, in the tenant's currency.
    """

    class Measure(models.TextChoices):
        CONTACTS = "contacts"
        PROMISES = "promises"
        CASH = "cash"

    class Period(models.TextChoices):
        DAY = "day"
        WEEK = "week"
        MONTH = "month"

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="targets")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    period = models.CharField(max_length=5, choices=Period.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="worklist_target_once", fields=["user", "measure", "period", "valid_from"], nulls_distinct=False
            ),
            models.CheckConstraint(name="worklist_target_not_negative", condition=Q(amount__gte=0)),
        ]


@tracked()
class Monitoring(models.Model):
    """Whether figures of single persons may be shown: one row, with the agreement that allows it (L. 300/1970, art. 4)."""

    tenant = models.BooleanField(primary_key=True, default=True)
    single_persons = models.BooleanField(default=False, db_default=False)
    agreement = models.CharField(max_length=300, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="worklist_monitoring_is_one_row", condition=Q(tenant=True)),
            models.CheckConstraint(
                name="worklist_monitoring_by_agreement", condition=Q(single_persons=False) | ~Q(agreement="")
            ),
        ]
