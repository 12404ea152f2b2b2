"""Letters: one `.typ` template, the creditor's letterhead, PDF/A-2b."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from spartito.communications.composing import Block, Written
from spartito.communications.paymentcode import qr_svg
from spartito.portfolio.models import Creditor

TEMPLATE = Path(__file__).parent / "letter.typ"
ACCENT = "#1f4e79"
# Where the window of the usual Italian envelope is: millimetres from the sheet's left and top edges.
WINDOW = {"x": 110, "y": 50}
# A table of at most so many rows, of cells this short, is set column by column.
FITTING_ROWS, FITTING_CELL = 14, 34
_compilers = threading.local()


def _compiler() -> typst.Compiler:
    """One compiler a thread, its fonts read once: the wheel's own, so that letters look alike on every machine."""
    if not hasattr(_compilers, "one"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        _compilers.one = typst.Compiler(root=TEMPLATE.parent, font_paths=fonts)
    return _compilers.one


def _source(data: dict[str, Any]) -> bytes:
    """The document that typst is given: the template's function called with the data as one quoted text."""
    text = json.dumps(data, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "/{TEMPLATE.name}": write\n#write(json(bytes("{text}")))'.encode()


def pdf_of(written: Written) -> bytes:
    """The letter as PDF/A-2b; the same text always gives the same bytes."""
    day = datetime(written.day.year, written.day.month, written.day.day, tzinfo=UTC)
    made = _compiler().compile(
        input=_source(letter_data(written)),
        format="pdf",
        pdf_standards="a-2b",
        pdf_tags=False,
        timestamp=day,
    )
    assert isinstance(made, bytes)
    return made


def letter_data(written: Written) -> dict[str, Any]:
    """What letter.typ shows."""
    creditor = written.message.creditor
    language = written.language
    with translation.override(language if language in ("it", "en") else "en"):
        date_written = format_date(written.day, "long", locale=language)
        place = creditor.letterhead.get("place") or creditor.city
        return {
            "title": written.subject,
            "language": language,
            "date": [written.day.year, written.day.month, written.day.day],
            "date_written": date_written,
            "accent": creditor.letterhead.get("accent", ACCENT),
            "creditor": {"name": creditor.name, "head": head_of(creditor), "footer": footer_of(creditor)},
            "words": {"page": pgettext("letter", "Page"), "subject": pgettext("letter", "Subject")},
            "window": creditor.letterhead.get("window", WINDOW),
            "return_line": _("Sender: %(who)s") % {"who": ", ".join([creditor.name, *_postal(creditor)])},
            "mark": _("Registered letter with return receipt")
            if written.message.goes_by == "registered_letter"
            else "",
            "to": _addressee(written),
            "place_and_date": f"{place}, {date_written}" if place else date_written,
            "subject": written.subject,
            "reference": _("Your customer code: %(code)s") % {"code": written.rendition.fields["customer"]["code"]},
            "blocks": [_shown(block) for block in written.blocks],
        }


def _addressee(written: Written) -> list[str]:
    """Name and postal address; a message that goes another way shows the account's own address."""
    message, account = written.message, written.message.account
    if message.goes_by in ("letter", "registered_letter") and message.to_address:
        lines = message.to_address.split("\n")
        name = message.to_name
    else:
        lines, name = _postal(account), message.to_name or account.name
    firm = [account.name] if account.name and account.name != name else []
    return [*firm, name, *lines] if not firm else [*firm, _("attn. %(name)s") % {"name": name}, *lines]


def _postal(place: Any) -> list[str]:
    town = " ".join(
        part for part in (place.postal_code, place.city, f"({place.province})" if place.province else "") if part
    )
    return [line for line in (place.address, town) if line]


def head_of(creditor: Creditor) -> list[str]:
    """The letterhead's lines: the creditor's own, else its address and how to reach it."""
    own = creditor.letterhead.get("head")
    if own:
        return list(own)
    reach = [creditor.phone and f"Tel. {creditor.phone}", creditor.email, creditor.pec and f"PEC {creditor.pec}"]
    return [line for line in (" · ".join(_postal(creditor)), " · ".join(part for part in reach if part)) if line]


def footer_of(creditor: Creditor) -> list[str]:
    """The footer's lines: the creditor's own, else its name and numbers."""
    own = creditor.letterhead.get("footer")
    if own:
        return list(own)
    vat = creditor.vat_number and _("VAT no. %(number)s") % {"number": creditor.vat_number}
    tax = (
        creditor.tax_code
        and creditor.tax_code != creditor.vat_number
        and _("Tax code %(code)s") % {"code": creditor.tax_code}
    )
    numbers = " · ".join(part for part in (vat, tax) if part)
    return [line for line in (" · ".join([creditor.name, *_postal(creditor)]), numbers) if line]


def _shown(block: Block) -> Block:
    if block["kind"] == "table":
        short = all(len(cell) <= FITTING_CELL for row in block["rows"] for cell in row)
        return block | {"fits": short and len(block["rows"]) <= FITTING_ROWS}
    if block["kind"] == "payment":
        return block | {"qr": qr_svg(block["epc"]) if block.get("epc") else ""}
    if block["kind"] == "h":
        return {"kind": "p", "runs": [run | {"bold": True} for run in block["runs"]]}
    return block
