"""What people do with texts, letters and channels."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from spartito.access.models import User
from spartito.actions.models import Message
from spartito.archive.operations import archive_document
from spartito.communications import seeds
from spartito.communications.dispatch import write_line
from spartito.communications.models import ChannelPause, PrintBatch, PrintBatchMessage, Rendition, Template
from spartito.communications.queries import letters_waiting
from spartito.communications.reading import archived_pdf, rendition_of
from spartito.communications.rules import TemplateWrong, check_template
from spartito.communications.steps import check_again, leave_in_replay
from spartito.platform.errors import Refused
from spartito.platform.sheets import Column, write_csv
from spartito.portfolio.models import Creditor

LETTER_CHANNELS = ("letter", "registered_letter")
CHANNELS = ("email", "pec", *LETTER_CHANNELS, "fax", "sms")


class CommunicationRefused(Refused):
    """The text names an unknown field, there is nothing to print, the batch is confirmed already, the channel unknown."""


def seed_tenant(*, tenant: Any) -> None:
    """The texts that the seeded strategies use, in Italian and English."""
    if not Template.objects.exists():
        Template.objects.bulk_create(seeds.templates())


def save_template(
    *,
    user: User | None,
    code: str,
    language: str,
    name: str,
    subject: str,
    body: str,
    tone: str = "",
    interrupts_limitation: bool = False,
) -> Template:
    """A new number of a text; it is in force at once for what is not sent yet, and earlier numbers stay.

    Raises CommunicationRefused naming the field that does not exist.
    """
    try:
        check_template(subject=subject, body=body)
    except TemplateWrong as wrong:
        raise CommunicationRefused(str(wrong)) from wrong
    last = Template.objects.filter(code=code, language=language).aggregate(last=Max("number"))["last"] or 0
    return Template.objects.create(
        code=code,
        language=language,
        number=last + 1,
        name=name,
        subject=subject,
        body=body,
        tone=tone,
        interrupts_limitation=interrupts_limitation,
        author=user,
    )


def let_replayed_messages_leave(*, as_of: date) -> None:
    """Mark what a replayed day composed as sent on that day: history is lived again, nothing leaves the house."""
    leave_in_replay(as_of=as_of, run_id=None)


# --- letters -------------------------------------------------------------------------------------------
def make_print_batch(*, user: User | None, customers: Sequence[int], as_of: date, creditor: int) -> PrintBatch:
    """The letters of one creditor to `customers` that wait for printing, as one PDF and a CSV of addresses.

    Each is checked again first. They are *sent* only by `confirm_print_batch`. Raises CommunicationRefused.
    """
    house = Creditor.objects.get(pk=creditor)
    check_again(as_of=as_of, customers=list(customers))
    letters = list(letters_waiting().filter(creditor=house, account__in=customers).order_by("goes_by", "to_name", "id"))
    if not letters:
        raise CommunicationRefused(_("no letter of %(name)s waits for printing") % {"name": house.name})
    batch = PrintBatch.objects.create(creditor=house, made_on=as_of, made_by=user)
    writer, rows = PdfWriter(), []
    for message in letters:
        row = _add_letter(writer, batch, message, as_of=as_of)
        rows.append(row)
    batch.pdf = archive_document(
        kind="print_batch",
        title=f"{house.code} {as_of.isoformat()} #{batch.pk}",
        mime="application/pdf",
        content=_bytes_of(writer),
        business_date=as_of,
        stored_by_id=user.pk if user else None,
    )
    batch.addresses = archive_document(
        kind="print_batch",
        title=f"{house.code} {as_of.isoformat()} #{batch.pk} CSV",
        mime="text/csv",
        content=write_csv(rows, ADDRESS_COLUMNS, language=connection.tenant.language),  # type: ignore[attr-defined]
        business_date=as_of,
        stored_by_id=user.pk if user else None,
    )
    batch.save(update_fields=["pdf", "addresses"])
    return batch


ADDRESS_COLUMNS = [
    Column("first_page", "first_page", "number"),
    Column("pages", "pages", "number"),
    Column("message", "message", "number"),
    Column("channel", "channel"),
    Column("customer", "customer"),
    Column("name", "name"),
    Column("address", "address"),
    Column("postal_code", "postal_code"),
    Column("city", "city"),
    Column("province", "province"),
    Column("country", "country"),
]


def _add_letter(writer: PdfWriter, batch: PrintBatch, message: Message, *, as_of: date) -> dict[str, object]:
    """Appends one letter to the batch; returns its line of the CSV."""
    rendition = rendition_of(message)
    reader = PdfReader(BytesIO(archived_pdf(message, rendition, as_of=as_of)))
    first_page = len(writer.pages) + 1
    writer.append(reader, import_outline=False)
    PrintBatchMessage.objects.create(
        batch=batch, message=message, rendition=rendition, first_page=first_page, pages=len(reader.pages)
    )
    account = message.account
    return {
        "first_page": first_page,
        "pages": len(reader.pages),
        "message": message.pk,
        "channel": message.goes_by,
        "customer": account.code,
        "name": message.to_name,
        **_address_of(message),
    }


def _address_of(message: Message) -> dict[str, str]:
    """The parts of the address a letter goes to: of the account or of the contact it was taken from."""
    account = message.account
    places = [account, *account.contacts.all()]
    street = message.to_address.split("\n")[0]
    place = next((each for each in places if each.address == street), account)
    return {key: getattr(place, key) for key in ("address", "postal_code", "city", "province", "country")}


def _bytes_of(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def confirm_print_batch(
    *, user: User | None, customers: Sequence[int], as_of: date, batch: int, leave_out: Sequence[int] = ()
) -> PrintBatch:
    """The letters of a batch were posted: they are sent on `as_of`, but those of `leave_out`, which wait again.

    What was withdrawn or composed anew since the printing is in the batch no more. Raises CommunicationRefused.
    """
    found = PrintBatch.objects.select_for_update(of=("self",)).filter(pk=batch).first()
    if found is None or found.confirmed_on is not None:
        raise CommunicationRefused(_("print batch %(batch)s does not wait for confirmation") % {"batch": batch})
    PrintBatchMessage.objects.filter(batch=found, message__in=leave_out).delete()
    letters = Message.objects.filter(
        pk__in=found.letters.values("message"), status=Message.Status.QUEUED, account__in=customers
    )
    for message in letters.select_for_update(of=("self",)):
        rendition = Rendition.objects.get(message=message, superseded_on__isnull=True)
        Message.objects.filter(pk=message.pk).update(
            status=Message.Status.SENT,
            sent_on=as_of,
            sent_by=message.goes_by,
            document=rendition.document,
            held_because="",
        )
        write_line(message, "message.sent", as_of=as_of, batch=str(batch), subject=message.subject)
    found.confirmed_on = as_of
    found.confirmed_by = user
    found.save(update_fields=["confirmed_on", "confirmed_by"])
    return found


def drop_print_batch(*, user: User | None, customers: Sequence[int], as_of: date, batch: int) -> None:
    """A batch that was not posted: its letters wait for printing again. Raises CommunicationRefused."""
    found = PrintBatch.objects.select_for_update(of=("self",)).filter(pk=batch).first()
    if found is None or found.confirmed_on is not None:
        raise CommunicationRefused(_("print batch %(batch)s does not wait for confirmation") % {"batch": batch})
    found.letters.all().delete()
    found.delete()


# --- channels ------------------------------------------------------------------------------------------
def pause_channel(
    *, user: User | None, as_of: date, channel: str, because: str, creditor: Creditor | None = None
) -> ChannelPause:
    """Stop a channel, of one creditor or of all, from `as_of` until it is lifted; what goes by it waits."""
    if channel not in CHANNELS:
        raise CommunicationRefused(
            _("channel %(channel)r is not one of %(known)s") % {"channel": channel, "known": ", ".join(CHANNELS)}
        )
    if not because.strip():
        raise CommunicationRefused(_("say why the channel is paused"))
    return ChannelPause.objects.create(
        creditor=creditor, channel=channel, because=because, starts_on=as_of, put_by=user
    )


def lift_pause(*, user: User | None, as_of: date, pause: int) -> ChannelPause:
    """Let a channel go on from `as_of`. Raises CommunicationRefused."""
    found = ChannelPause.objects.filter(pk=pause, lifted_on__isnull=True).first()
    if found is None:
        raise CommunicationRefused(_("pause %(pause)s is not in force") % {"pause": pause})
    found.lifted_on = as_of
    found.save(update_fields=["lifted_on"])
    return found
