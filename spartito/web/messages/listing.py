"""The rows of the messages list."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from spartito.access.models import User
from spartito.actions.models import Message
from spartito.portfolio.visibility import visible_to

KEYS = ("q", "status", "reason", "channel", "creditor", "step", "from", "to")
# What each filter of the state bar shows.
STATES = {
    "waiting": ("queued", "held"),
    "held": ("held",),
    "trouble": ("failed", "uncertain"),
    "sent": ("sent", "delivered"),
    "withdrawn": ("withdrawn",),
}


def messages_for(*, user: User, as_of: date, values: dict[str, str]) -> QuerySet[Message]:
    """Messages to visible accounts that match every filter value."""
    rows = Message.objects.filter(account__in=visible_to(user, as_of)).select_related("account", "creditor")
    if values.get("status"):
        rows = rows.filter(status__in=STATES.get(values["status"], (values["status"],)))
    for key, column in {
        "reason": "held_because",
        "channel": "channel",
        "creditor": "creditor__code",
        "step": "step_code",
    }.items():
        if values.get(key):
            rows = rows.filter(**{column: values[key]})
    if start := _day(values.get("from", "")):
        rows = rows.filter(due_on__gte=start)
    if end := _day(values.get("to", "")):
        rows = rows.filter(due_on__lte=end)
    return _matching(rows, values["q"]) if values.get("q") else rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _matching(rows: QuerySet[Message], words: str) -> QuerySet[Message]:
    to_whom = Q(account__name__icontains=words) | Q(account__code__icontains=words) | Q(to_address__icontains=words)
    return rows.filter(to_whom | Q(subject__icontains=words))


def counts(rows: QuerySet[Message]) -> dict[str, int]:
    """How many messages are in each state of the bar."""
    found = dict(rows.order_by().values_list("status").annotate(Count("id")))
    return {state: sum(found.get(status, 0) for status in statuses) for state, statuses in STATES.items()}


def held_by_reason(rows: QuerySet[Message]) -> dict[str, int]:
    return dict(rows.filter(status="held").order_by().values_list("held_because").annotate(Count("id")))
