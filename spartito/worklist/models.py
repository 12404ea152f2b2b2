from django.db import models
from django.db.models import F, Q

from spartito.access.models import User
from spartito.actions.models import Task
from spartito.platform.fields import json_object


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


class Capacity(models.Model):
    """How many customers a person can work in a day; what exceeds it waits under *se avanza tempo*."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="capacity")
    customers_a_day = models.PositiveSmallIntegerField(default=40)
