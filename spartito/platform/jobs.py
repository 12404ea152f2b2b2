"""The job queue: procrastinate's rows in the shared schema, deferred in the caller's transaction.

A job belongs to a tenant and carries its schema: `@tenant_job(name="send_messages")` wraps a function that
takes the keyword `tenant`, and `defer(send_messages, tenant=tenant, batch=3)` queues it. In the worker the
function runs inside the tenant's schema. What runs by itself is listed in `spartito/config/recurring.py`.
"""

from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from spartito.platform.connection import connection
from spartito.platform.logs import logger

log = logger(__name__)
JobFunction = Callable[..., Any]


def tenant_job(*, name: str, queue: str = "default", **options: Any) -> Callable[[JobFunction], Task]:
    """Registers a job of a tenant; further options (retry, priority) are procrastinate's."""

    def register(function: JobFunction) -> Task:
        def run(schema: str, **arguments: Any) -> Any:
            return _run_inside(function, schema, arguments)

        run.__name__ = function.__name__
        run.__doc__ = function.__doc__
        return app.task(name=name, queue=queue, **options)(run)

    return register


def _run_inside(function: JobFunction, schema: str, arguments: dict[str, Any]) -> Any:
    from django_tenants.utils import get_tenant_model

    close_old_connections()
    connection.set_schema_to_public()
    tenant = get_tenant_model().objects.filter(schema_name=schema).first()
    if tenant is None:
        log.warning("job_of_gone_tenant", schema=schema, job=function.__name__)
        return None
    connection.set_tenant(tenant)
    try:
        return function(tenant=tenant, **arguments)
    finally:
        connection.set_schema_to_public()
        close_old_connections()


def defer(
    job: Task, *, tenant: Any, once_as: str | None = None, one_at_a_time: str | None = None, **arguments: Any
) -> None:
    """Queues a job in the transaction that is open.

    `once_as`: a second one of this name is not queued while the first waits. `one_at_a_time`: jobs of this
    name run one after the other. Both names are the tenant's own.
    """
    from procrastinate.exceptions import AlreadyEnqueued

    options: dict[str, Any] = {
        "queueing_lock": once_as and f"{tenant.schema_name}:{once_as}",
        "lock": one_at_a_time and f"{tenant.schema_name}:{one_at_a_time}",
    }
    try:
        with transaction.atomic():  # a refused insert must not spoil the caller's transaction
            job.configure(**{key: value for key, value in options.items() if value}).defer(
                schema=tenant.schema_name, **arguments
            )
    except AlreadyEnqueued:
        log.info("job_waits_already", name=once_as, schema=tenant.schema_name)
