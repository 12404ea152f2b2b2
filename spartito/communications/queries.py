"""Reads of what is written. Each takes the user who looks, but those marked internal."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet

from spartito.access.models import User
from spartito.actions.models import Message
from spartito.communications.models import ChannelPause, PrintBatch, PrintBatchMessage, Rendition, Template
from spartito.communications.rules import documents_of
from spartito.portfolio.models import Creditor, Customer
from spartito.portfolio.queries import codes_on_the_command_line
from spartito.portfolio.visibility import visible_to

LETTER_CHANNELS = ("letter", "registered_letter")


def letters_waiting() -> QuerySet[Message]:
    """Internal: letters that are ready and in no print batch waiting for confirmation."""
    return Message.objects.filter(
        status=Message.Status.QUEUED,
        goes_by__in=LETTER_CHANNELS,
        claimed_at__isnull=True,
    ).exclude(pk__in=PrintBatchMessage.objects.filter(batch__confirmed_on__isnull=True).values("message"))


def letters_to_print(user: User, as_of: date) -> list[dict[str, Any]]:
    """Letters ready, a line a creditor: {creditor, count, accounts}, of customers that `user` may see."""
    mine = letters_waiting().filter(account__in=visible_to(user, as_of))
    found: dict[int, list[int]] = {}
    for message in mine.only("creditor_id", "account_id").order_by("creditor_id", "account_id"):
        found.setdefault(message.creditor_id, []).append(message.account_id)
    names = Creditor.objects.in_bulk(list(found))
    return [
        {"creditor": names[creditor], "count": len(accounts), "accounts": sorted(set(accounts))}
        for creditor, accounts in found.items()
    ]


def batches(user: User, as_of: date) -> QuerySet[PrintBatch]:
    """Print batches all of whose letters go to customers that `user` may see, the latest first."""
    hidden = PrintBatch.objects.filter(
        letters__message__account__in=Customer.objects.exclude(pk__in=visible_to(user, as_of))
    )
    return (
        PrintBatch.objects.exclude(pk__in=hidden.values("pk"))
        .select_related("creditor", "made_by", "confirmed_by", "pdf", "addresses")
        .annotate(count=Count("letters"))
        .order_by("-id")
    )


def accounts_of_batch(batch: PrintBatch) -> list[int]:
    """Internal: the accounts a batch writes to, for `cycle.act`."""
    return sorted({letter.message.account_id for letter in batch.letters.select_related("message")})


@dataclass
class Waiting:
    """Why messages wait: how many, since when; `since` is the earliest day of them."""

    because: str
    count: int
    since: date


def waiting(user: User, as_of: date) -> list[Waiting]:
    """What the landing page says about messages that did not leave: held ones by reason, then trouble.

    With no mail server configured, queued e-mails are told as `no_server` even before a sender tried.
    """
    mine = Message.objects.filter(account__in=visible_to(user, as_of))
    rows = list(
        mine.filter(status=Message.Status.HELD)
        .values_list("held_because")
        .annotate(Count("id"), Min("due_on"))
        .order_by()
    )
    rows += list(
        mine.filter(status__in=[Message.Status.FAILED, Message.Status.UNCERTAIN])
        .values_list("status").annotate(Count("id"), Min("due_on")).order_by()
    )  # fmt: skip
    if not settings.EMAIL_CONFIGURED:
        queued = mine.filter(status=Message.Status.QUEUED, goes_by="email").aggregate(
            n=Count("id"), since=Min("due_on")
        )
        if queued["n"]:
            rows.append(("no_server", queued["n"], queued["since"]))
    return [Waiting(because, count, since) for because, count, since in rows]


def data_waits_since(user: User, as_of: date) -> list[dict[str, Any]]:
    """Creditors whose ledger is too old for messages to leave: {creditor, ledger_date}."""
    held = Message.objects.filter(
        account__in=visible_to(user, as_of), status=Message.Status.HELD, held_because="waiting_data"
    )
    rows = Creditor.objects.filter(pk__in=held.values("creditor")).order_by("code")
    return [{"creditor": creditor, "ledger_date": creditor.ledger_date} for creditor in rows]


def renditions_of(user: User, as_of: date, message: int) -> QuerySet[Rendition]:
    """Every text a message had, the present one first."""
    return (
        Rendition.objects.filter(message=message, message__account__in=visible_to(user, as_of))
        .select_related("template", "document")
        .order_by("-number")
    )


def pauses(as_of: date) -> QuerySet[ChannelPause]:
    """Channels stopped on `as_of`. Tells nothing about customers."""
    return ChannelPause.objects.filter(starts_on__lte=as_of, lifted_on__isnull=True).select_related(
        "creditor", "put_by"
    )


def templates_in_force() -> QuerySet[Template]:
    """The latest number of each text. Tells nothing about customers."""
    return Template.objects.order_by("code", "language", "-number").distinct("code", "language")


def codes_of_texts() -> set[str]:
    """The codes that a message can be written with. Tells nothing about customers."""
    return set(Template.objects.values_list("code", flat=True))


def messages_json(messages: QuerySet[Message]) -> dict[str, Any]:
    """Messages as scripts read them (design 7)."""
    rows = list(messages.select_related("account").order_by("due_on", "id"))
    texts = dict(
        Rendition.objects.filter(message__in=rows, superseded_on__isnull=True).values_list("message", "fields")
    )
    codes = codes_on_the_command_line(message.account for message in rows)
    return {"messages": [_told(row, codes[row.account_id], texts.get(row.pk, {})) for row in rows]}


def _told(message: Message, customer: str, fields: dict[str, Any]) -> dict[str, Any]:
    dunned, in_favour = documents_of(fields)
    told: dict[str, Any] = {
        "id": message.pk,
        "customer": customer,
        "step": message.step_code,
        "channel": message.channel,
        "sent_by": message.sent_by,
        "template": message.template,
        "to": message.to_address,
        "status": message.status,
        "documents": dunned,
        "credits": in_favour,
    }
    return told | {"held_because": message.held_because, "due": message.due_on, "subject": message.subject}
