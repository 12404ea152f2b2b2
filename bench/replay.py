"""The public set of 2,466 invoices lived again, 700 days; left out where the data is not found."""

from collections.abc import Iterator

from django_tenants.utils import tenant_context

from bench.imports import drop
from bench.machine import run_spartito
from bench.results import Measure
from spartito.demo import late_payments
from spartito.tenants.operations import create_tenant

SLUG = "bench-replay"


def measure() -> Iterator[Measure]:
    """Seconds for `spartito replay` over the whole range, imports apart."""
    data = late_payments.find_data()
    if data is None:
        raise RuntimeError("the data of late-payments is not here (SPARTITO_DATA)")
    drop(SLUG)
    tenant = create_tenant(slug=SLUG, name="Replay", language="en", currency="USD", clock="last_run")
    with tenant_context(tenant):
        late_payments.fill(data=data, say=lambda *_: None)
    ran = run_spartito(
        "replay", "--tenant", SLUG, "--from", str(late_payments.FIRST), "--to", str(late_payments.LAST)
    )  # fmt: skip
    note = f"{ran.result['days']} days, {ran.result['planned']:,} planned"
    yield Measure("replay", "2,466 invoices, 700 days", ran.result["seconds"], "s", bar=60, note=note)
