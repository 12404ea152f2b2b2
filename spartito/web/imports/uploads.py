"""A file handed in through the page, kept until it is imported or forgotten: the bytes and, beside them, what is known."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from spartito.ingest.files import Source, open_source
from spartito.ingest.guess import Guess, guess
from spartito.ingest.mapping import Spec, from_dict
from spartito.ingest.models import Mapping
from spartito.platform import clock, storage
from spartito.platform.errors import Refused

KEPT_DAYS = 14
TOKEN = re.compile(r"[a-z0-9]{16}\Z")


@dataclass
class Upload:
    """One file waiting. `spec` is the mapping as it stands, as `Spec.as_dict` writes it; `day` is ISO."""

    token: str
    name: str
    size: int
    user: int
    kind: str = "items"
    mode: str = "snapshot"
    creditor: str = ""
    day: str = ""
    mapping: str = ""
    spec: dict[str, Any] = field(default_factory=dict)
    checked: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Its suffix is kept: spreadsheets are told by content, people by name."""
        return _folder() / f"{self.token}{Path(self.name).suffix.lower()[:8]}"

    @property
    def business_date(self) -> date:
        return date.fromisoformat(self.day)

    @property
    def is_saved(self) -> bool:
        """Whether the mapping is a saved one, unchanged: the import then says so."""
        return (
            Mapping.objects.filter(name=self.mapping, kind=self.kind, spec=self.spec).exists()
            if self.mapping
            else False
        )

    def save(self) -> None:
        storage.write(_folder() / f"{self.token}.json", json.dumps(asdict(self)).encode())

    def source(self) -> Source:
        """The file opened for reading. Raises FileRefused."""
        spec = self.spec
        return open_source(
            self.path,
            delimiter=spec.get("delimiter", ""),
            encoding=spec.get("encoding", ""),
            sheet=spec.get("sheet", ""),
        )

    def mapped(self) -> Spec:
        """The mapping as it stands. Raises MappingRefused."""
        return from_dict(self.spec, kind=self.kind)

    def guessed(self, source: Source) -> Guess:
        """The mapping completed by guessing what it does not say."""
        return guess(source, kind=self.kind, given=self.mapped())


def _folder() -> Path:
    return storage.tenant_folder("uploads")


def receive(file: UploadedFile, *, user: int, day: date, **known: str) -> Upload:
    """Keeps a file handed in, in pieces; files nobody came back for are forgotten."""
    _forget_old()
    upload = Upload(
        token=secrets.token_hex(8),
        name=Path(file.name or "file").name[:200],
        size=file.size or 0,
        user=user,
        day=day.isoformat(),
        **known,
    )
    with upload.path.open("xb") as kept:
        for piece in file.chunks(2**20):
            kept.write(piece)
    upload.save()
    return upload


def find(token: str, *, user: int) -> Upload:
    """The user's own upload of this token, else 404."""
    path = _folder() / f"{token}.json"
    if not TOKEN.match(token) or not path.is_file():
        raise Http404
    upload = Upload(**json.loads(path.read_bytes()))
    if upload.user != user or not upload.path.is_file():
        raise Http404
    return upload


def forget(upload: Upload) -> None:
    upload.path.unlink(missing_ok=True)
    (_folder() / f"{upload.token}.json").unlink(missing_ok=True)


def waiting(*, user: int) -> Iterator[Upload]:
    """The user's uploads not imported yet, the newest first."""
    for path in sorted(_folder().glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True):
        upload = Upload(**json.loads(path.read_bytes()))
        if upload.user == user and upload.path.is_file():
            yield upload


def _forget_old() -> None:
    before = (clock.now() - timedelta(days=KEPT_DAYS)).timestamp()
    for path in _folder().iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def kind_of(upload: Upload) -> str:
    """The kind of file that its heads say most about; items when none stands out."""
    from spartito.ingest.canonical import KINDS

    try:
        source = upload.source()
    except Refused:
        return "items"
    found = {kind: guess(source, kind=kind) for kind in KINDS}
    complete = {kind: each for kind, each in found.items() if not each.missing}
    if not complete or "items" in complete:
        return "items"
    return max(complete, key=lambda kind: len(complete[kind].spec.columns))
