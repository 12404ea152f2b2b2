"""How a message is shown: its text, its page, its PDF; the archived one once there is one."""

from datetime import date

from django.utils.translation import gettext as _

from spartito.actions.models import Message
from spartito.archive.operations import archive_document, content_of
from spartito.communications.composing import Written, current_rendition, write
from spartito.communications.email import html_of
from spartito.communications.letter import pdf_of
from spartito.communications.models import Rendition
from spartito.platform.errors import Refused


class NothingComposed(Refused):
    """The message has no text: no template of its code, or nothing left to list."""


def rendition_of(message: Message, number: int | None = None) -> Rendition:
    """The message's present text, or an earlier one by number. Raises NothingComposed."""
    if number is None:
        found = current_rendition(message)
    else:
        found = Rendition.objects.select_related("template").filter(message=message, number=number).first()
    if found is None or found.template is None:
        raise NothingComposed(_("message %(message)s has no text") % {"message": message.pk})
    return found


def written(message: Message, number: int | None = None) -> Written:
    """The text of a message as blocks. Raises NothingComposed."""
    return write(message, rendition_of(message, number))


def page_of(message: Message, number: int | None = None) -> str:
    """The message as the HTML page its reader sees."""
    return html_of(written(message, number))


def pdf_for(message: Message, *, as_of: date, number: int | None = None) -> bytes:
    """The very PDF that leaves, or left: made and archived when it is first asked for."""
    return archived_pdf(message, rendition_of(message, number), as_of=as_of)


def archived_pdf(message: Message, rendition: Rendition, *, as_of: date) -> bytes:
    """The archived PDF of a text; made, and put away, if there is none yet."""
    if rendition.document is not None:
        return content_of(rendition.document)
    shown = write(message, rendition)
    content = pdf_of(shown)
    document = archive_document(
        kind="letter",
        title=shown.subject,
        mime="application/pdf",
        content=content,
        business_date=as_of,
        customer_id=message.account_id,
    )
    Rendition.objects.filter(pk=rendition.pk).update(document=document)
    rendition.document = document
    return content
