"""Forms of the import pages: the file, the mapping, the watched folder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spartito.ingest.canonical import KINDS, columns_of
from spartito.ingest.files import Source
from spartito.ingest.models import Mapping
from spartito.portfolio.models import Creditor
from spartito.web import words
from spartito.web.imports.uploads import Upload
from spartito.web.wording import IMPORT_KINDS as KIND_NAMES

MODES = [("snapshot", _("the whole open ledger")), ("delta", _("only what changed"))]
DATES = [
    ("", _("as guessed")),
    ("dmy", _("day/month/year")),
    ("mdy", _("month/day/year")),
    ("ymd", _("year-month-day")),
]
DECIMALS = [("", _("as guessed")), (",", "1.234,56"), (".", "1,234.56")]


class FileForm(forms.Form):
    """A file to import. What it holds is guessed from its heads when it is left open."""

    file = forms.FileField(label=_("File (CSV, Excel, ODS)"))
    kind = forms.ChoiceField(
        label=_("It holds"), required=False, choices=[("", _("see for yourself")), *KIND_NAMES.items()]
    )


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class TermsForm(forms.Form):
    """How the file is to be taken: what it holds, whole or change, whose, of which day, and its formats."""

    kind = forms.ChoiceField(label=_("It holds"), choices=list(KIND_NAMES.items()))
    mode = forms.ChoiceField(label=_("As"), choices=MODES, required=False)
    creditor = forms.ChoiceField(label=_("Creditor"), required=False)
    day = _day_field(_("Ledger of"))
    decimal = forms.ChoiceField(label=_("Amounts are written"), required=False, choices=DECIMALS)
    dates = forms.ChoiceField(label=_("Dates are written"), required=False, choices=DATES)
    mapping = forms.ChoiceField(label=_("Saved mapping"), required=False)

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        creditors = [("", _("as the file says")), *Creditor.objects.order_by("name").values_list("code", "name")]
        self.fields["creditor"].choices = creditors  # type: ignore[attr-defined]
        saved = Mapping.objects.filter(kind=upload.kind).order_by("name").values_list("name", flat=True)
        self.fields["mapping"].choices = [("", _("guess it")), *[(name, name) for name in saved]]  # type: ignore[attr-defined]
        if upload.kind != "items":
            del self.fields["mode"]
        if len(creditors) < 3 or upload.kind == "salespeople":
            del self.fields["creditor"]


def column_choices(kind: str) -> list[tuple[str, str]]:
    """The canonical columns a head may mean, by their meaning in the page's language; required ones are marked."""
    about = "about_it" if words.language() == "it" else "about_en"
    return [(c.name, f"{getattr(c, about)}{' *' if c.required else ''}") for c in columns_of(kind).values()]


def chosen_columns(data: Any, source: Source) -> dict[str, str]:
    """{canonical: head} from the selects `column_0`, `column_1` …; where two heads chose the same, the first has it."""
    found: dict[str, str] = {}
    for place, head in enumerate(source.heads):
        name = data.get(f"column_{place}", "")
        if name:
            found.setdefault(name, head)
    return found


def known_kind(kind: str) -> str:
    return kind if kind in KINDS else "items"
