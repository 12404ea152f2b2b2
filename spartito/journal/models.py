from django.db import models
from django.db.models.functions import Now

from spartito.platform.fields import json_object


class Entry(models.Model):
    """One line of history. `verb` is `<noun>.<past verb>`, e.g. `item.opened`, `message.sent`."""

    at = models.DateTimeField(auto_now_add=True, db_default=Now())
    business_date = models.DateField()
    customer_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200, blank=True, db_default="", default="")
    verb = models.CharField(max_length=60)
    data = json_object()
    run_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=40, blank=True, db_default="", default="")

    class Meta:
        indexes = [
            models.Index(name="journal_entry_by_customer", fields=["customer_id", "-at", "-id"]),
            models.Index(name="journal_entry_by_day", fields=["business_date", "verb"]),
        ]
