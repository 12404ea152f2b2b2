from django.db import models
from django.db.models import Q

from spartito.access.models import User
from spartito.actions.models import Message
from spartito.archive.models import Document
from spartito.platform.fields import json_object
from spartito.portfolio.models import Creditor


class Template(models.Model):
    """A Markdown text with named fields, by code, language and number; the latest is in force."""

    code = models.CharField(max_length=60)
    language = models.CharField(max_length=5)
    number = models.IntegerField(default=1)
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    tone = models.CharField(max_length=20, blank=True, db_default="", default="")
    interrupts_limitation = models.BooleanField(default=False, db_default=False)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="communications_template_once", fields=["code", "language", "number"]),
        ]


class Rendition(models.Model):
    """A message as composed: its template (which never changes), its fields and its subject.

    The one not superseded is the message's text; older ones stay. `body` is the plain text and `document` the
    PDF, kept when it leaves or is first opened.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="renditions")
    number = models.SmallIntegerField()
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, related_name="+")
    composed_on = models.DateField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    fields = json_object()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    superseded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="communications_rendition_once", fields=["message", "number"]),
            models.UniqueConstraint(
                name="communications_rendition_one_current",
                fields=["message"],
                condition=Q(superseded_on__isnull=True),
            ),
        ]


class PrintBatch(models.Model):
    """Letters printed together: one PDF and a CSV of addresses; sent when a person confirms."""

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, null=True, related_name="+")
    made_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    pdf = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    addresses = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")


class PrintBatchMessage(models.Model):
    """A letter in a batch, at its page."""

    batch = models.ForeignKey(PrintBatch, on_delete=models.CASCADE, related_name="letters")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="+")
    first_page = models.IntegerField()
    pages = models.SmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="communications_printbatchmessage_once", fields=["batch", "message"]),
        ]


class ChannelPause(models.Model):
    """A channel stopped (for one creditor or all) until someone lifts it."""

    creditor = models.ForeignKey(Creditor, on_delete=models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=20)
    because = models.CharField(max_length=300)
    starts_on = models.DateField()
    lifted_on = models.DateField(null=True)
    put_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
