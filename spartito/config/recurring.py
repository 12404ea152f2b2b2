"""Everything that runs by itself, on one page. Times are UTC: what must run at a tenant's local time is decided in the job."""

from importlib import import_module
from typing import Any

# When (cron, UTC), in which module, which task.
RECURRING = [
    ("*/15 * * * *", "spartito.cycle.jobs", "tick"),
]


def register(app: Any) -> None:
    """Called by procrastinate when it is ready: binds each task of the list to its times."""
    for cron, module, name in RECURRING:
        try:
            task = getattr(import_module(module), name)
        except ModuleNotFoundError as missing:
            if missing.name != module:
                raise
            continue
        app.periodic(cron=cron, periodic_id=f"{module}.{name}")(task)
