"""What is put away stays as it is."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from spartito.archive.models import Document
from spartito.archive.operations import ArchiveRefused, archive_document, content_of, path_of

pytestmark = pytest.mark.usefixtures("tenant", "english")


def put_away(content=b"Gentile Cliente"):
    return archive_document(
        kind="letter", title="Lettera", mime="text/plain", content=content, business_date=date(2026, 11, 18)
    )


def test_it_comes_out_as_it_went_in_and_equal_bytes_lie_once():
    first, second = put_away(), put_away()
    assert content_of(first) == content_of(second) == b"Gentile Cliente"
    assert path_of(first.sha256) == path_of(second.sha256)


def test_the_database_refuses_to_change_or_delete_it():
    document = put_away()
    for change in (lambda: Document.objects.update(title="Altra"), document.delete):
        with pytest.raises(IntegrityError, match="write-once"), transaction.atomic():
            change()


def test_altered_or_missing_bytes_are_found_out():
    document = put_away(b"da alterare")
    path = path_of(document.sha256)
    path.chmod(0o600)
    path.write_bytes(b"alterato")
    with pytest.raises(ArchiveRefused, match="altered"):
        content_of(document)
    path.unlink()
    with pytest.raises(ArchiveRefused, match="missing"):
        content_of(document)
