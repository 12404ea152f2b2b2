"""Sending e-mail: claim, check again, archive, hand to the server, remember.

A claim is committed before anything is sent. A process that dies in between leaves the message claimed; whether it
left is then unknown, so it becomes *uncertain* and a person decides: it is never sent a second time by itself.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from spartito.actions.models import Message, Task
from spartito.archive.models import Document
from spartito.archive.operations import archive_document
from spartito.communications.composing import Written, current_rendition, write
from spartito.communications.email import Mail, mail_of, message_id, needs_pdf
from spartito.communications.models import Rendition
from spartito.communications.reading import archived_pdf
from spartito.communications.steps import check_again
from spartito.journal.models import Entry
from spartito.platform import locks
from spartito.platform.logs import logger
from spartito.portfolio.models import Customer

log = logger(__name__)
AT_ONCE = 200
# A claim older than this belongs to a process that died.
CLAIM_LASTS = timedelta(minutes=15)
TRIES = 5


@dataclass
class Sent:
    """What a call sent: ids by what became of them; `unreachable` says why the server could not be spoken to."""

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    uncertain: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    unreachable: str = ""


def send_queued(*, as_of: date, limit: int = AT_ONCE) -> Sent:
    """Send up to `limit` queued e-mails of the tenant in force. Must not be called inside a transaction of its own.

    Without a server they are held as `no_server`. Any number of senders may run: each takes messages of its own.
    """
    result = Sent()
    result.uncertain += give_up_old_claims(as_of=as_of)
    if not settings.EMAIL_CONFIGURED:
        result.waiting += hold_without_server()
        return result
    claimed = claim(as_of=as_of, limit=limit)
    if not claimed:
        return result
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as failure:
        result.unreachable = f"{type(failure).__name__}: {failure}"
        result.waiting += _unclaim(claimed, error=result.unreachable)
        return result
    try:
        for number, message in enumerate(claimed):
            if not _send_one(message, server=server, as_of=as_of, result=result):
                result.waiting += _unclaim(claimed[number + 1 :], error=result.unreachable)
                break
    finally:
        _close(server)
    return result


def hold_without_server() -> list[int]:
    waiting = Message.objects.filter(status=Message.Status.QUEUED, goes_by="email", claimed_at__isnull=True)
    ids = list(waiting.values_list("pk", flat=True))
    waiting.update(status=Message.Status.HELD, held_because="no_server")
    return ids


def claim(*, as_of: date, limit: int) -> list[int]:
    """Take up to `limit` queued e-mails that nobody else has, check them again, and mark those that may leave."""
    with transaction.atomic():
        locks.ledger_shared()
        free = Message.objects.filter(
            Q(status=Message.Status.QUEUED) | Q(status=Message.Status.HELD, held_because="no_server"),
            goes_by="email",
            claimed_at__isnull=True,
        )
        ids = list(
            free.order_by("due_on", "id").select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit]
        )
        if not ids:
            return []
        check_again(as_of=as_of, customers=_customers_of(ids))
        ready = Message.objects.filter(pk__in=ids, status=Message.Status.QUEUED, goes_by="email")
        claimed = list(ready.order_by("due_on", "id").values_list("pk", flat=True))
        ready.update(claimed_at=Now(), attempts=F("attempts") + 1)
    return claimed


def _customers_of(messages: Sequence[int]) -> list[int]:
    """Every customer of the accounts written to, locked in order, so that no action changes them meanwhile."""
    accounts = Message.objects.filter(pk__in=messages).values("account")
    members = Customer.objects.filter(Q(account__in=accounts) | Q(pk__in=accounts))
    return list(members.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _send_one(message: int, *, server: BaseEmailBackend, as_of: date, result: Sent) -> bool:
    """False when the server is gone and the rest must wait."""
    found = Message.objects.select_related("account__collector", "account__salesperson", "creditor").get(pk=message)
    rendition = current_rendition(found)
    assert rendition is not None
    mail, document = _put_away(found, rendition, as_of=as_of)
    try:
        server.send_messages([mail])
    except smtplib.SMTPServerDisconnected as failure:
        _uncertain(found, as_of=as_of, error=str(failure))
        result.uncertain.append(message)
        result.unreachable = str(failure)
        return False
    except smtplib.SMTPException as failure:
        _refused(found, failure, as_of=as_of, result=result)
        return True
    except OSError as failure:  # a connection that broke or fell silent: it may have gone through
        _uncertain(found, as_of=as_of, error=str(failure))
        result.uncertain.append(message)
        result.unreachable = str(failure)
        return False
    _sent(found, document, as_of=as_of)
    result.sent.append(message)
    return True


def _put_away(message: Message, rendition: Rendition, *, as_of: date) -> tuple[Mail, Document]:
    """The e-mail and its archived bytes: exactly what will leave, put away before it does."""
    written: Written = write(message, rendition)
    with transaction.atomic():
        pdf = archived_pdf(message, rendition, as_of=as_of) if needs_pdf(written) else None
        mail = mail_of(written, pdf=pdf)
        document = archive_document(
            kind="email",
            title=written.subject,
            mime="message/rfc822",
            content=mail.message().as_bytes(linesep="\r\n"),
            business_date=as_of,
            customer_id=message.account_id,
        )
        Rendition.objects.filter(pk=rendition.pk).update(body=written.text)
    return mail, document


def _sent(message: Message, document: Document, *, as_of: date) -> None:
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(
            status=Message.Status.SENT,
            held_because="",
            sent_by=message.goes_by,
            sent_on=as_of,
            sent_at=Now(),
            provider_id=message_id(message),
            document=document,
            claimed_at=None,
            error="",
        )
        write_line(message, "message.sent", as_of=as_of, subject=message.subject, to=message.to_address)


def _refused(message: Message, failure: smtplib.SMTPException, *, as_of: date, result: Sent) -> None:
    """The server said no: for good (5xx, or tried enough), or for now (4xx)."""
    codes = [failure.smtp_code] if isinstance(failure, smtplib.SMTPResponseException) else []
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in failure.recipients.values()]
    error = f"{type(failure).__name__}: {failure}"[:500]
    if codes and all(400 <= code < 500 for code in codes) and message.attempts < TRIES:
        result.waiting += _unclaim([message.pk], error=error)
        return
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(status=Message.Status.FAILED, claimed_at=None, error=error)
        _ask_a_person(message, subject="failed_message", as_of=as_of)
        write_line(message, "message.failed", as_of=as_of, error=error)
    result.failed.append(message.pk)


def _uncertain(message: Message, *, as_of: date, error: str) -> None:
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(
            status=Message.Status.UNCERTAIN, claimed_at=None, error=error[:500]
        )
        _ask_a_person(message, subject="uncertain_message", as_of=as_of)
        write_line(message, "message.uncertain", as_of=as_of, error=error)


def give_up_old_claims(*, as_of: date) -> list[int]:
    """Messages claimed by a sender that died become uncertain: shown to a person, never sent again by themselves."""
    with transaction.atomic():
        old = Message.objects.filter(status=Message.Status.QUEUED, claimed_at__lt=Now() - CLAIM_LASTS)
        found = list(old.select_for_update(skip_locked=True))
        for message in found:
            _uncertain(message, as_of=as_of, error="the sender stopped while it was sending")
    return [message.pk for message in found]


def _ask_a_person(message: Message, *, subject: str, as_of: date) -> None:
    Task.objects.create(
        customer_id=message.account_id,
        kind="review",
        subject=subject,
        assign_to="collector",
        due_on=as_of,
        message_id=message.pk,
    )


def _unclaim(messages: Sequence[int], *, error: str) -> list[int]:
    Message.objects.filter(pk__in=messages).update(claimed_at=None, error=error[:500])
    return list(messages)


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        log.warning("mail_server_left_without_goodbye")


def write_line(message: Message, verb: str, *, as_of: date, **data: str) -> None:
    """A line of the journal about a message."""
    told = {"message": message.pk, "channel": message.goes_by, "step": message.step_code, **data}
    Entry.objects.create(business_date=as_of, customer_id=message.account_id, verb=verb, data=told, origin="sender")
