"""What the import pages show. Batches belong to the company, rejected rows and proposals to their customers."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from spartito.cycle.models import Work
from spartito.ingest.models import Batch, Proposal, WatchedFile
from spartito.platform import clock
from spartito.portfolio.models import Creditor
from spartito.portfolio.visibility import sees_everything, visible_to

REJECTS_SHOWN = 200
STALE = timedelta(hours=6)


def batches() -> QuerySet[Batch]:
    return Batch.objects.select_related("user")


def imports_under_way() -> list[Work]:
    since = clock.now() - STALE
    running = Work.objects.filter(
        kind__in=["import", "dry_run"], status__in=["waiting", "running"], created_at__gte=since
    )
    return list(running.order_by("-id"))


def open_proposals(request: HttpRequest) -> QuerySet[Proposal]:
    """Differences that wait for a decision, of visible customers."""
    mine = visible_to(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    return Proposal.objects.filter(decided_on__isnull=True, customer_id__in=mine.values("pk")).order_by(
        "customer_id", "field"
    )


def alarms() -> list[WatchedFile]:
    return list(WatchedFile.objects.filter(is_active=True, missing_since__isnull=False))


def ledgers(request: HttpRequest) -> list[Creditor]:
    """The creditors with the date of their last ledger."""
    return list(Creditor.objects.filter(retired_on__isnull=True).order_by("name"))


def masks_names(request: HttpRequest) -> bool:
    """Who sees no customers sees rejected rows with the names masked (design section 8)."""
    return not sees_everything(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]


def masked(text: str) -> str:
    """The first letter of each word, then dots: enough to see that a cell is filled, not whose it is."""
    return " ".join(word[0] + "•" * min(len(word) - 1, 8) for word in text.split() if word)


PLAIN_FIELDS = {
    "due_date", "issue_date", "open_amount", "amount", "currency", "document_type", "bank_status", "payment_type",
    "credit_class", "instalment", "payment_date", "presented_on", "returned_on", "retention_release_date",
}  # fmt: skip


def rejects_of(batch: Batch, *, is_masked: bool) -> list[dict[str, Any]]:
    """The rejected rows, in order of the file; values of fields that could name someone masked when asked."""
    rows = batch.rejects.order_by("row", "id").values("row", "field", "value", "error")[:REJECTS_SHOWN]
    if not is_masked:
        return list(rows)
    return [row if row["field"] in PLAIN_FIELDS else {**row, "value": masked(row["value"]), "error": row["error"].replace(row["value"], masked(row["value"])) if row["value"] else row["error"]} for row in rows]  # fmt: skip
