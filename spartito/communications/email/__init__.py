"""E-mail: HTML with inlined styles, a plain text beside it, the letter attached where it matters."""

from email.mime.image import MIMEImage
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from spartito.actions.models import Message
from spartito.communications.composing import Block, Written
from spartito.communications.letter import ACCENT, footer_of, letter_data
from spartito.communications.paymentcode import qr_png

# More documents than these are told as one line; the attached PDF lists them all.
SHOWN = 25
ATTACHED_TONES = ("formal", "final")


class Mail(EmailMultiAlternatives):
    """An e-mail put together once: what is archived and what is sent are the same bytes."""

    _made: Any = None

    def message(self, **options: Any) -> Any:
        if self._made is None:
            self._made = super().message(**options)
        return self._made


def mail_of(written: Written, *, pdf: bytes | None = None) -> Mail:
    """The e-mail of a message, ready to send. Its Message-ID is always the same for the same message."""
    message = written.message
    creditor = message.creditor
    sender = creditor.letterhead.get("from_email") or creditor.email
    mail = Mail(
        subject=" ".join(written.subject.split()),
        body=written.text,
        from_email=_named(creditor.letterhead.get("from_name") or creditor.name, sender),
        to=[_named(message.to_name, message.to_address)],
        cc=message.copy_to,
        reply_to=[_answer_to(message)],
        headers={"Message-ID": message_id(message), **_thread(message)},
    )
    blocks, images = _blocks(written)
    mail.attach_alternative(html_of(written, blocks), "text/html")
    for image in images:
        mail.attach(image)
    if pdf is not None:
        mail.attach(f"{message.account.code}-{written.day.isoformat()}.pdf", pdf, "application/pdf")
    return mail


def needs_pdf(written: Written) -> bool:
    """Whether the letter goes along: formal texts, and lists longer than an e-mail should be."""
    tone = written.rendition.template.tone if written.rendition.template else ""
    return tone in ATTACHED_TONES or len(written.rendition.fields["documents"]) > SHOWN


def html_of(written: Written, blocks: list[Block] | None = None) -> str:
    """The message as a page of its own; without `blocks` as a preview, pictures left out."""
    message = written.message
    return render_to_string(
        "communications/email.html",
        {
            "language": written.language,
            "subject": written.subject,
            "preview": written.text[:140],
            "accent": message.creditor.letterhead.get("accent", ACCENT),
            "creditor": message.creditor,
            "blocks": blocks if blocks is not None else _blocks(written, pictures=False)[0],
            "footer": " · ".join(_footer(written)),
            "reference": letter_data(written)["reference"],
        },
    )


def _footer(written: Written) -> list[str]:
    with translation.override(written.language if written.language in ("it", "en") else "en"):
        return footer_of(written.message.creditor)


def _blocks(written: Written, *, pictures: bool = True) -> tuple[list[Block], list[MIMEImage]]:
    """Blocks as the HTML template wants them: cells with their side, long lists cut, the payment code as a picture."""
    made: list[Block] = []
    images: list[MIMEImage] = []
    for block in written.blocks:
        if block["kind"] == "table":
            made.append(_table(block, written.language))
        elif block["kind"] == "list":
            made.append({"kind": "list", "items_of": block["items"]})
        elif block["kind"] == "payment" and block.get("epc") and pictures:
            images.append(_picture(block["epc"]))
            made.append(block | {"qr_cid": "cid:payment-code"})
        else:
            made.append(block)
    return made, images


def _table(block: Block, language: str) -> Block:
    def cells(row: list[str]) -> list[dict[str, str]]:
        return [{"text": text, "align": side} for text, side in zip(row, block["align"], strict=True)]

    shown = block["rows"][:SHOWN]
    more = len(block["rows"]) - len(shown)
    with translation.override(language if language in ("it", "en") else "en"):
        told = ngettext(
            "… and %(count)s more document, listed in the attached letter",
            "… and %(count)s more documents, listed in the attached letter",
            more,
        ) % {"count": more}
    return block | {
        "head_cells": cells(block["head"]),
        "cells": [cells(row) for row in shown],
        "span": len(block["head"]) - 1,
        "more": told if more > 0 else "",
    }


def _picture(epc: str) -> MIMEImage:
    image = MIMEImage(qr_png(epc), "png")
    image.add_header("Content-ID", "<payment-code>")
    image.add_header("Content-Disposition", "inline", filename="payment-code.png")
    return image


def _house() -> str:
    return str(connection.schema_name)  # type: ignore[attr-defined]


def message_id(message: Message) -> str:
    """Ours, known before anything is sent: a second copy of the same message is the same message."""
    sender = message.creditor.letterhead.get("from_email") or message.creditor.email
    domain = sender.rpartition("@")[2] or "spartito.invalid"
    return f"<{_house()}.{message.pk}@{domain}>"


def _thread(message: Message) -> dict[str, str]:
    """All that is written to one account hangs together in the reader's mailbox."""
    domain = message_id(message).rstrip(">").rpartition("@")[2]
    return {"References": f"<{_house()}.account.{message.account_id}@{domain}>"}


def _answer_to(message: Message) -> str:
    """Who answers: the account's collector, else the creditor."""
    collector = message.account.collector
    return (collector.email if collector and collector.is_active else "") or message.creditor.email


def _named(name: str, address: str) -> str:
    return formataddr((" ".join(name.split()), address)) if name else address
