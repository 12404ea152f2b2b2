"""What an outcome asks of the person who records it; what will follow is said by `web.consequences`."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from spartito.actions.consequences import debts_of
from spartito.actions.models import Attempt, Task
from spartito.actions.outcomes import said_of
from spartito.actions.rules import NOT_REACHED, consequence_of
from spartito.portfolio.models import Item
from spartito.web.consequences import lines

# What each code asks, besides a note; the rest asks nothing.
ASKS: dict[str, tuple[str, ...]] = {
    "PDP": ("amount", "on", "documents"),
    "PAG": ("amount", "on", "documents"),
    "RIC": ("on", "at"),
    "POST": ("on",),
    "CON": ("documents",),
    "FAT": ("documents",),
    "RIF": ("documents",),
    "LEG": ("documents",),
}
DAYS: dict[str, str | Promise] = {
    "PDP": gettext_lazy("To be paid by"),
    "PAG": gettext_lazy("Paid on"),
    "RIC": gettext_lazy("Call back on"),
    "POST": gettext_lazy("Until"),
}
MOST_DOCUMENTS = 30


def ahead(task: Task, code: str, as_of: date) -> dict[str, Any]:
    """What the form of a code shows: its fields, the documents to choose from, and what will follow."""
    asks = ASKS.get(code, ())
    follows = consequence_of(code, said_of(task.planned_action))
    documents: list[Item] = []
    if "documents" in asks:
        documents = debts_of(account=task.customer_id, action=task.planned_action_id, as_of=as_of)[:MOST_DOCUMENTS]
    return {
        "asks": asks,
        "day_label": DAYS.get(code, ""),
        "day_needed": code == "POST" or follows.hold == "promise",
        "documents": documents if len(documents) > 1 else [],
        "follows": lines(follows, tries=_tries(task, code)),
    }


def _tries(task: Task, code: str) -> int:
    codes = NOT_REACHED if code in NOT_REACHED else (code,)
    return Attempt.objects.filter(task=task, undone_on__isnull=True, outcome__in=codes).count() + 1
