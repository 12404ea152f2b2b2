from django.contrib.postgres.fields import ArrayField
from django.db import models

from spartito.access.models import User
from spartito.archive.models import Document
from spartito.platform.fields import json_object


class Mapping(models.Model):
    """How a foreign file becomes a canonical one: columns, constants, formats; saved by name."""

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    spec = json_object()
    saved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)


class Batch(models.Model):
    """One file taken in. Counts are of rows of the file.

    `heads`: the file's heads in their order; `reading`: the mapping as it was used.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDONE = "undone"
        REFUSED = "refused"

    kind = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, blank=True, db_default="", default="")
    file_name = models.CharField(max_length=300)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    mapping = models.ForeignKey(Mapping, on_delete=models.SET_NULL, null=True, related_name="+")
    business_date = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=20, default="cli")
    rows = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    not_closed = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    warnings = ArrayField(models.TextField(), default=list)
    creditor_ids = ArrayField(models.BigIntegerField(), default=list)
    heads = ArrayField(models.TextField(), default=list)
    reading = json_object()
    refused_because = models.CharField(max_length=500, blank=True, default="")


class Reject(models.Model):
    """One row not taken: its number in the file, field, value and reason; `raw` to correct and re-import."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rejects")
    row = models.IntegerField()
    field = models.CharField(max_length=60)
    value = models.CharField(max_length=300)
    error = models.CharField(max_length=300)
    raw = json_object()


class Change(models.Model):
    """What a batch did to one row, so that it can be undone: `before` null = the row was created."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="changes", db_index=False)
    room_table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(name="ingest_change_by_row", fields=["room_table", "row_id", "batch"]),
            models.Index(name="ingest_change_by_batch", fields=["batch", "room_table"]),
        ]


class Delivery(models.Model):
    """What the ERP last said of a customer, contact or salesperson: canonical column → text.

    A value of the row that differs from it was corrected here by a person. `fingerprint` is the
    hash of the source row; null when the values came with items.
    """

    room_table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    values = models.JSONField(default=dict)
    fingerprint = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="ingest_delivery_once", fields=["room_table", "row_id"])]


class FieldOwner(models.Model):
    """Who owns a field of customers or contacts: `erp`, `spartito` or `last_writer` (default)."""

    table = models.CharField(max_length=30)
    field = models.CharField(max_length=40)
    owner = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(name="ingest_fieldowner_once", fields=["table", "field"])]


class Proposal(models.Model):
    """An ERP value that differs from what a person corrected here; a person decides."""

    customer_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    current_value = models.CharField(max_length=500)
    proposed_value = models.CharField(max_length=500)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="proposals")
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted = models.BooleanField(null=True)


class WatchedFile(models.Model):
    """A file expected in the tenant's folder: its pattern, mapping, mode, and by when."""

    pattern = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, default="items")
    mode = models.CharField(max_length=10, default="snapshot")
    mapping = models.ForeignKey(Mapping, on_delete=models.SET_NULL, null=True, related_name="+")
    creditor_code = models.CharField(max_length=40, blank=True, default="")
    expected_by = models.TimeField(null=True)
    last_seen_on = models.DateField(null=True)
    missing_since = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
