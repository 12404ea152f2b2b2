"""A connection that finds its server running."""

from django_tenants.postgresql_backend import base

from spartito.platform import database

_started: set[str] = set()


class DatabaseWrapper(base.DatabaseWrapper):
    """Schema-aware PostgreSQL connection; the embedded server is started on a process's first connection."""

    def get_new_connection(self, conn_params):  # type: ignore[no-untyped-def]
        if self.settings_dict.get("EMBEDDED"):
            server = database.embedded()
            if str(server.home) not in _started:
                server.ensure_running()
                _started.add(str(server.home))
        return super().get_new_connection(conn_params)
