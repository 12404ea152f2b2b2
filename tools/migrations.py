"""Django's makemigrations without a database: `tools/migrations.py portfolio -n add_x`, or `--check`."""

import os
import sys
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spartito.config.settings")
os.environ["SPARTITO_HOME"] = tempfile.mkdtemp(prefix="spartito-migrations-")
os.environ.setdefault("SPARTITO_LOG_LEVEL", "error")
# A server that is not there: the history check is then passed over, with a warning.
os.environ["DATABASE_URL"] = "postgresql://nobody@/none?host=/nonexistent"

if __name__ == "__main__":
    import warnings

    import django
    from django.core.management import call_command

    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    django.setup()
    call_command("makemigrations", *sys.argv[1:])
