"""What the message pages show."""

from datetime import date

from spartito.access.models import User
from spartito.actions.models import ActionItem, Message
from spartito.communications import queries
from spartito.communications.models import Rendition
from spartito.communications.reading import page_of, pdf_for

PAPER = ("letter", "registered_letter", "fax")
UNSENT = (Message.Status.QUEUED, Message.Status.HELD, Message.Status.FAILED)


def is_paper(message: Message) -> bool:
    """Whether it leaves (or left) as a page."""
    return (message.sent_by or message.goes_by or message.channel) in PAPER


def can_be_dropped(message: Message) -> bool:
    """Nothing has left yet, and there is an action behind it to drop."""
    return message.planned_action_id is not None and message.status in UNSENT and message.claimed_at is None


def listed_items(message: Message) -> list[ActionItem]:
    """The items that the message's action moved or mentions, as they were listed."""
    if message.planned_action_id is None:
        return []
    rows = ActionItem.objects.filter(planned_action=message.planned_action_id).select_related("item")
    return list(rows.order_by("listed_as", "item__due_date", "item_id"))


def current_rendition(message: Message) -> Rendition | None:
    return message.renditions.filter(superseded_on__isnull=True).first()


def template_name(message: Message) -> str:
    """The name of its text, in the message's language; its code where no such text exists."""
    texts = queries.templates_in_force().filter(code=message.template, language__in=[message.language, "it"])
    names = {text.language: text.name for text in texts}
    return names.get(message.language) or names.get("it") or message.template


def superseded_renditions(message: Message) -> list[Rendition]:
    return list(message.renditions.filter(superseded_on__isnull=False).order_by("-number"))


def letters_to_print(*, user: User, as_of: date) -> int:
    """How many letters wait to be printed."""
    return sum(row["count"] for row in queries.letters_to_print(user, as_of))


def html_of(message: Message) -> str:
    """The HTML that the addressee reads. Raises NothingComposed."""
    return page_of(message)


def pdf_of(message: Message, *, as_of: date) -> bytes:
    """The very PDF: the archived one once it left, else as it stands now. Raises NothingComposed."""
    return pdf_for(message, as_of=as_of)
