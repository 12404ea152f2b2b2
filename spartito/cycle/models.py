from django.db import models
from django.db.models import Q

from spartito.access.models import User
from spartito.platform.fields import json_object


class Run(models.Model):
    """One run of the cycle for one business date; resumed at the step that failed."""

    class Status(models.TextChoices):
        RUNNING = "running"
        FAILED = "failed"
        DONE = "done"

    class Kind(models.TextChoices):
        CYCLE = "cycle"
        REPLAY = "replay"

    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CYCLE)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    planned = models.IntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="cycle_run_one_unfinished", fields=["kind"], condition=~Q(status="done")),
        ]
        indexes = [models.Index(name="cycle_run_by_date", fields=["-date", "-id"])]


class RunStep(models.Model):
    """One finished step of a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    rows = models.BigIntegerField()
    seconds = models.FloatField()
    finished_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="cycle_runstep_once", fields=["run", "name"])]


class Work(models.Model):
    """Long work started from a page (an import, the cycle): watched while it runs, found again after the page was left.

    `done` of `total` and `label` say how far it is; `result` holds the ids of what it made.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    params = json_object()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True, default="")
    result = json_object()
    error = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
