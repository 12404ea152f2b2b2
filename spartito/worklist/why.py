"""Why a task is to be done, as one sentence in the reader's language: what is owed, since when, what was tried."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from spartito.actions.models import Task
from spartito.platform import money


@dataclass
class Listed:
    """A document behind a task. Amount: what was dunnable when the step was planned, less what was paid since."""

    number: str
    due_date: date
    days: int
    amount: Decimal
    currency: str
    moved: bool


@dataclass
class Owed:
    """The items that moved with an action: how many, their sums by currency, the oldest due date; `listed`: all."""

    moved: int = 0
    listed: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    oldest: date | None = None


def why(task: Task, documents: list[Listed], owed: Owed, tried: int, as_of: date) -> str:
    """One sentence: what is owed, since when, and what was tried; in the language in force."""
    if task.kind == "find_contact":
        told = _FIND.get(task.subject, _FIND[""])
        return _(told)
    if task.subject == "hold_review":
        return _("A hold is to be looked at again: go on, or release it? It was put because: %(because)s") % {
            "because": task.note or "-"
        }
    if task.subject in _ABOUT_MESSAGES:
        return _(_ABOUT_MESSAGES[task.subject])
    parts = [*_campaign_in_words(task), *_owed_in_words(documents, owed), *_since_in_words(owed, as_of)]
    if tried:
        parts.append(ngettext("tried %(times)s time", "tried %(times)s times", tried) % {"times": tried})
    return ", ".join(parts) or task.note


def _campaign_in_words(task: Task) -> list[str]:
    """The campaign that asks for it, by name."""
    action = task.planned_action or task.about
    name = action.why.get("campaign") if action is not None else None
    return [_("campaign “%(name)s”") % {"name": name}] if name else []


def _owed_in_words(documents: list[Listed], owed: Owed) -> list[str]:
    if not owed.moved:
        return []
    amounts = " + ".join(
        f"{money.written(amount, language=_language())} {currency}" for currency, amount in sorted(owed.amounts.items())
    )
    if owed.moved == 1:
        return [_("document %(number)s of %(amount)s") % {"number": documents[0].number, "amount": amounts}]
    return [_("%(count)s documents for %(amount)s") % {"count": owed.moved, "amount": amounts}]


def _since_in_words(owed: Owed, as_of: date) -> list[str]:
    if owed.oldest is None:
        return []
    days = (as_of - owed.oldest).days
    if days <= 0:
        return [_("due on %(day)s") % {"day": owed.oldest.strftime("%d/%m/%Y")}]
    if owed.moved == 1:
        return [ngettext("overdue for %(days)s day", "overdue for %(days)s days", days) % {"days": days}]
    oldest = ngettext("the oldest overdue for %(days)s day", "the oldest overdue for %(days)s days", days)
    return [oldest % {"days": days}]


def _language() -> str:
    return (get_language() or "it")[:2]


_ABOUT_MESSAGES = {
    "stale_message": gettext_noop("A message could not leave for five working days: send it or drop it"),
    "failed_message": gettext_noop(
        "A message was refused by the server: correct the address and let it go, or drop it"
    ),
    "uncertain_message": gettext_noop("It is not certain that a message left: find out, then confirm it or let it go"),
}
_FIND = {
    "no_address": gettext_noop("A message waits because no address is known: find one"),
    "wrong_number": gettext_noop("The number was wrong: find the right one"),
    "": gettext_noop("Find a contact of this customer"),
}
