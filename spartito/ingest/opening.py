"""What is settled before the first row is read: the mapping in force, the codes there are, the creditor meant."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.ingest import mapping as mappings
from spartito.ingest.canonical import KINDS, columns_of, normal
from spartito.ingest.cells import Reference
from spartito.ingest.files import FileRefused, Source, open_source
from spartito.ingest.guess import Guess, guess
from spartito.ingest.mapping import MappingRefused, Spec
from spartito.ingest.models import Mapping
from spartito.portfolio.models import CreditClass, Creditor, PaymentType
from spartito.reference.models import Currency

# The columns our own file of rejected rows adds; a file that has them is a correction, not a whole ledger.
MARKS = ("spartito_row", "spartito_field", "spartito_error")


@dataclass(frozen=True)
class Opened:
    """A file ready to be read: its source, the whole mapping, and the saved mapping it came from."""

    source: Source
    guess: Guess
    kind: str
    saved: Mapping | None = None

    @property
    def spec(self) -> Spec:
        return self.guess.spec

    @property
    def is_correction(self) -> bool:
        """Whether this is our own file of rejected rows, corrected by a person."""
        return MARKS[2] in self.source.heads


def open_file(*, path: Path, kind: str, mapping: object = None) -> Opened:
    """Opens a file with a mapping (a name, a file, a Spec, its dict, or None: guessed). Raises FileRefused."""
    if kind not in KINDS:
        raise FileRefused(_("%(kind)s is not a kind of file: %(kinds)s") % {"kind": kind, "kinds": ", ".join(KINDS)})
    spec, saved = find_mapping(mapping, kind=kind)
    source = open_source(
        path,
        delimiter=spec.delimiter if spec else "",
        encoding=spec.encoding if spec else "",
        sheet=spec.sheet if spec else "",
    )
    found = guess(source, kind=kind, given=spec)
    if found.missing:
        names = ", ".join(found.missing)
        raise FileRefused(_("the file has no column for %(names)s") % {"names": names})
    refuse_same_heads(found.spec, source.heads)
    return Opened(source, found, kind, saved)


def refuse_same_heads(spec: Spec, heads: list[str]) -> None:
    """A head that is read and stands over two columns: nobody can tell which is meant. Raises FileRefused."""
    for head in spec.heads():
        places = [at for at, other in enumerate(heads, start=1) if other == head]
        places = places or [at for at, other in enumerate(heads, start=1) if normal(other) == normal(head)]
        if len(places) > 1:
            both = {"head": head, "first": places[0], "second": places[1]}
            raise FileRefused(
                _("columns %(first)s and %(second)s of the file are both called %(head)s: rename the one not meant")
                % both
            )


def find_mapping(mapping: object, *, kind: str) -> tuple[Spec | None, Mapping | None]:
    """The mapping asked for: by its saved name, else from a file. Raises MappingRefused."""
    if mapping is None or mapping == "":
        return None, None
    if isinstance(mapping, Spec):
        return mapping, None
    if isinstance(mapping, dict):
        return mappings.from_dict(mapping, kind=kind), None
    if isinstance(mapping, Mapping):
        return mappings.from_dict(mapping.spec, kind=kind), mapping
    saved = Mapping.objects.filter(name=str(mapping)).first()
    if saved is not None:
        if saved.kind != kind:
            raise MappingRefused(_("mapping %(name)s is for %(kind)s") % {"name": saved.name, "kind": saved.kind})
        return mappings.from_dict(saved.spec, kind=kind), saved
    if Path(str(mapping)).is_file():
        return mappings.from_file(Path(str(mapping)), kind=kind), None
    raise MappingRefused(_("no mapping and no file is called %(name)s") % {"name": mapping})


def reference() -> Reference:
    """The codes of this tenant, by code and by name."""
    currencies = frozenset(Currency.objects.values_list("code", flat=True)) or frozenset({tenant_in_force().currency})
    return Reference(
        currencies=currencies | {tenant_in_force().currency},
        credit_classes=_by_code_or_name(CreditClass),
        payment_types=_by_code_or_name(PaymentType),
        countries=countries(),
        languages=languages(),
    )


def _by_code_or_name(model: Any) -> dict[str, str]:
    rows = list(model.objects.values_list("code", "name_it", "name_en"))
    names = {normal(name): code for code, *both in rows for name in both if name}
    return names | {normal(code): code for code, *_both in rows}


@cache
def countries() -> dict[str, str]:
    """ISO codes of countries by code and by Italian and English name."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in ("en", "it"):
        found |= {normal(n): c for c, n in Locale(language).territories.items() if len(c) == 2 and c.isalpha()}
    codes = {normal(code): code for code in found.values()}
    return found | codes | {"usa": "US", "uk": "GB", "olanda": "NL", "ita": "IT", "deu": "DE", "fra": "FR", "esp": "ES"}


@cache
def languages() -> dict[str, str]:
    """Two-letter codes of languages by code and by Italian and English name."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in ("en", "it"):
        found |= {normal(name): code for code, name in Locale(language).languages.items() if len(code) == 2}
    return (
        found | {normal(code): code for code in found.values()} | {"ita": "it", "eng": "en", "deu": "de", "fra": "fr"}
    )


def tenant_in_force() -> Any:
    """The tenant whose schema is in force."""
    return connection.tenant  # type: ignore[attr-defined]


def creditor_for_rows(opened: Opened, *, creditor: str) -> str:
    """The creditor of rows that name none: the one asked for, else the only one; '' when rows must say it."""
    if creditor:
        return creditor
    live = list(Creditor.objects.filter(retired_on__isnull=True).values_list("code", flat=True)[:2])
    if len(live) == 1:
        return live[0]
    if "creditor_code" in columns_of(opened.kind) and "creditor_code" not in opened.spec.mapped():
        raise FileRefused(_("there is more than one creditor: name it, or add the column creditor_code"))
    return ""


def unknown_users(names: set[str]) -> set[str]:
    known = {name.lower() for name in User.objects.values_list("username", flat=True)}
    return {name for name in names if name.lower() not in known}
