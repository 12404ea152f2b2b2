"""Column shapes shared by the rooms' tables."""

from django.db import models


def json_object() -> models.JSONField:
    """A JSON object, empty at first, in the database too (set-based inserts leave it out)."""
    return models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
