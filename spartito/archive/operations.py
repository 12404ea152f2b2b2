"""Putting documents away, and taking them out unchanged."""

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from spartito.archive.models import Document
from spartito.platform import storage
from spartito.platform.errors import Refused


class ArchiveRefused(Refused):
    """The document is not there, or its bytes are no longer what was put away."""


def archive_document(
    *,
    kind: str,
    title: str,
    mime: str,
    content: bytes,
    business_date: date,
    customer_id: int | None = None,
    stored_by_id: int | None = None,
    retain_until: date | None = None,
) -> Document:
    """Put a document away for good: the bytes first, named by their SHA-256, then its row.

    A crash between the two leaves only a file that the same bytes will use again.
    """
    sha256 = storage.digest(content)
    path = path_of(sha256)
    if not path.exists():
        storage.write(path, content)
    return Document.objects.create(
        kind=kind,
        title=title[:300],
        mime=mime,
        sha256=sha256,
        size=len(content),
        customer_id=customer_id,
        business_date=business_date,
        stored_by_id=stored_by_id,
        retain_until=retain_until,
    )


def content_of(document: Document) -> bytes:
    """The document's bytes, checked against its hash. Raises ArchiveRefused."""
    path = path_of(document.sha256)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ArchiveRefused(
            _("document %(document)s is not in the archive: %(name)s is missing")
            % {"document": document.pk, "name": path.name}
        ) from None
    if storage.digest(content) != document.sha256:
        raise ArchiveRefused(
            _("document %(document)s was altered: its bytes do not match %(sha256)s")
            % {"document": document.pk, "sha256": document.sha256}
        )
    return content


def path_of(sha256: str) -> Path:
    """Where bytes of this hash lie, below the tenant's archive folder."""
    return storage.tenant_folder("archive") / sha256[:2] / sha256
