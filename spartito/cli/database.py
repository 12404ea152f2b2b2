"""`spartito database start|stop|status` and `spartito migrate`."""

import os

from spartito.cli.frame import Door, command, group
from spartito.platform.errors import Refused

database = group("database", "The embedded PostgreSQL of this home.")


def _server():  # type: ignore[no-untyped-def]
    from spartito.platform.database import embedded

    if os.environ.get("DATABASE_URL"):
        raise Refused("DATABASE_URL names a server of your own; start and stop that one yourself")
    return embedded()


@command("start", parent=database, database=False)
def start(door: Door, /) -> dict:
    """Starts the server unless it runs."""
    server = _server()
    server.ensure_running()
    return {"running": True, "pid": server.pid(), "url": server.url()}


@command("stop", parent=database, database=False)
def stop(door: Door, /) -> dict:
    """Stops the server; the next command starts it again."""
    return {"stopped": _server().stop(), "running": False}


@command("status", parent=database, database=False)
def status(door: Door, /) -> dict:
    """Whether the server runs, and how to reach it with psql."""
    server = _server()
    pid = server.pid()
    return {"running": pid is not None, "pid": pid, "home": str(server.home), "url": server.url()}


@command("migrate")
def migrate(door: Door, /) -> dict:
    """Brings all schemas to this version of the code (other commands do that by themselves when needed)."""
    from spartito.platform import schema

    return {"schemas": schema.migrate_all()}
