"""Cache keys that never meet across tenants."""

from spartito.platform.connection import connection


def key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: the schema in force is part of every key."""
    return f"{connection.schema_name}:{key_prefix}:{version}:{key}"
