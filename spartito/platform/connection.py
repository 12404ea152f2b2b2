"""The connection of this thread, with django-tenants' methods (`set_tenant`, `schema_name`), which Django's types lack."""

from typing import Any

from django.db import connection as _connection

connection: Any = _connection
