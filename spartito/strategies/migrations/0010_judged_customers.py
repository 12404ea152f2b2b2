"""Installs `judged_items` again: of the customers it is asked about it reads those alone."""

from pathlib import Path

from django.db import migrations

FUNCTION = Path(__file__).parent.parent / "functions" / "judged_items.sql"


class Migration(migrations.Migration):
    dependencies = [("strategies", "0009_education")]

    operations = [migrations.RunSQL(FUNCTION.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
