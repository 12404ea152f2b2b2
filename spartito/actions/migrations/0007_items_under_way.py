"""Installs `items_under_way`: what became of the items of actions that have not left the house."""

from pathlib import Path

from django.db import migrations

FUNCTION = Path(__file__).parent.parent / "functions" / "items_under_way.sql"


class Migration(migrations.Migration):
    dependencies = [("actions", "0006_occasions"), ("portfolio", "0002_standing"), ("reference", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION.read_text(encoding="utf-8"), "drop function actions_items_under_way(date, boolean, bigint[])"
        )
    ]
