"""The sending job: queued by composing, and again for what the server could not take now."""

from typing import Any

from spartito.platform.jobs import defer, tenant_job
from spartito.platform.logs import logger
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

log = logger(__name__)


@tenant_job(name="send_messages", queue="mail")
def send_messages(*, tenant: Tenant) -> dict[str, Any]:
    """Send what is queued, 200 at a time; a tenant whose history is lived again sends nothing."""
    from spartito.communications.dispatch import AT_ONCE, send_queued

    if tenant.clock == Tenant.Clock.LAST_RUN:
        return {"sent": 0}
    result = send_queued(as_of=business_date(tenant))
    told = {
        "sent": len(result.sent),
        "failed": len(result.failed),
        "uncertain": len(result.uncertain),
        "waiting": len(result.waiting),
    }
    log.info("messages_sent", **told, unreachable=result.unreachable)
    if len(result.sent) + len(result.failed) >= AT_ONCE:
        defer(send_messages, tenant=tenant, once_as="send_messages")
    return told
