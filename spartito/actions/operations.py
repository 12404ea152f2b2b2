"""What people do with actions: drop a step, let a message go, write a note. Outcomes are in `outcomes`.

Every operation has the signature that `cycle.act` calls: `operation(user=…, customers=…, as_of=…, …)`.
`customers` are the ids the door checked; an action of another customer is refused.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.models import Attempt, Message, OutcomeCode, PlannedAction, Task
from spartito.actions.rules import OUTCOMES
from spartito.journal.models import Entry
from spartito.platform.errors import Refused


class ActionRefused(Refused):
    """The task, message or action cannot take this: not open, not of this customer, a date or code missing."""


def seed_tenant(*, tenant: Any) -> None:
    """The outcome codes of domain 11.4, plus done and postponed."""
    OutcomeCode.objects.bulk_create(
        [
            OutcomeCode(code=code, name_it=name_it, name_en=name_en, closes=closes, position=position)
            for position, (code, (name_it, name_en, closes)) in enumerate(OUTCOMES.items())
        ],
        ignore_conflicts=True,
    )


def drop_action(
    *,
    user: User | None,
    customers: Sequence[int],
    as_of: date,
    action: int,
    not_before: date | None = None,
    reason: str = "",
) -> PlannedAction:
    """Drop a planned action before it leaves (rule 14): skipped (its level stays), or not before a day.

    Without `not_before` the step counts as taken; with it the items get their earlier level back and the step
    waits for that day. Raises ActionRefused when something left already.
    """
    found = PlannedAction.objects.select_for_update(of=("self",)).filter(pk=action, account__in=customers).first()
    if found is None or found.withdrawn_on is not None:
        raise ActionRefused(_("action %(action)s is not one of this customer that still stands") % {"action": action})
    if not_before is not None and not_before <= as_of:
        raise ActionRefused(
            _("%(not_before)s is not after %(as_of)s")
            % {"not_before": not_before.isoformat(), "as_of": as_of.isoformat()}
        )
    if has_left(found):
        raise ActionRefused(_("action %(action)s has left the house already") % {"action": action})
    Task.objects.filter(planned_action=found, status=Task.Status.OPEN).update(
        status=Task.Status.SKIPPED, closed_on=as_of, closed_by=user, note=reason[:500]
    )
    withdraw_messages(Message.objects.filter(planned_action=found), as_of=as_of, user=user)
    found.withdrawn_on = as_of
    found.withdrawn_because = "not_before" if not_before else "skipped"
    if not_before:
        found.params = {**found.params, "not_before": not_before.isoformat()}
    found.save(update_fields=["withdrawn_on", "withdrawn_because", "params"])
    told = {"step": found.step_code, "how": found.withdrawn_because, "reason": reason}
    if not_before:
        told["not_before"] = not_before.isoformat()
    write_entry(found.account_id, verb="action.dropped", user=user, as_of=as_of, data=told)
    return found


def has_left(action: PlannedAction) -> bool:
    """Whether what was decided was carried out already, or is on its way: it cannot be dropped any more."""
    unsent = (Message.Status.QUEUED, Message.Status.HELD, Message.Status.FAILED, Message.Status.WITHDRAWN)
    message = Message.objects.select_for_update(of=("self",)).filter(planned_action=action).first()
    if message is not None:
        return message.status not in unsent or message.claimed_at is not None
    tried = Attempt.objects.filter(planned_action=action, undone_on__isnull=True).exclude(outcome="POST")
    return tried.exists() or action.action == "order_block"


def withdraw_messages(messages: Any, *, as_of: date, user: User | None) -> None:
    """Withdraws unsent messages, and closes the tasks that were about them."""
    ids = list(messages.values_list("pk", flat=True))
    messages.update(status=Message.Status.WITHDRAWN, held_because="", error="")
    Task.objects.filter(message__in=ids, status=Task.Status.OPEN).update(
        status=Task.Status.SKIPPED, closed_on=as_of, closed_by=user
    )


def release_message(*, user: User | None, customers: Sequence[int], as_of: date, message: int) -> Message:
    """Let a message go on that waited for a person: too old, failed, or unsure whether it left.

    It is checked again at leaving all the same. Raises ActionRefused.
    """
    found = _message(message, customers)
    held_for_a_person = found.status == Message.Status.HELD and found.held_because == "stale"
    if not held_for_a_person and found.status not in (Message.Status.FAILED, Message.Status.UNCERTAIN):
        raise ActionRefused(_("message %(message)s does not wait for a person") % {"message": message})
    Message.objects.filter(pk=message).update(
        status=Message.Status.QUEUED, held_because="", released_on=as_of, error="", claimed_at=None, attempts=0
    )
    _close_tasks_about(message, user=user, as_of=as_of)
    write_entry(found.account_id, verb="message.released", user=user, as_of=as_of, data={"message": message})
    found.refresh_from_db()
    return found


def confirm_sent(*, user: User | None, customers: Sequence[int], as_of: date, message: int) -> Message:
    """A person found out that an uncertain message did leave. Raises ActionRefused."""
    found = _message(message, customers)
    if found.status != Message.Status.UNCERTAIN:
        raise ActionRefused(_("message %(message)s is not uncertain") % {"message": message})
    Message.objects.filter(pk=message).update(
        status=Message.Status.SENT, sent_on=as_of, sent_by=found.goes_by, error="", claimed_at=None
    )
    _close_tasks_about(message, user=user, as_of=as_of)
    write_entry(
        found.account_id, verb="message.sent", user=user, as_of=as_of, data={"message": message, "confirmed": True}
    )
    found.refresh_from_db()
    return found


def _message(message: int, customers: Sequence[int]) -> Message:
    found = Message.objects.select_for_update(of=("self",)).filter(pk=message, account__in=customers).first()
    if found is None:
        raise ActionRefused(_("message %(message)s is not one of this customer") % {"message": message})
    return found


def _close_tasks_about(message: int, *, user: User | None, as_of: date) -> None:
    Task.objects.filter(message=message, status=Task.Status.OPEN).update(
        status=Task.Status.DONE, closed_on=as_of, closed_by=user
    )


def write_note(*, user: User | None, customers: Sequence[int], as_of: date, note: str) -> None:
    """A note on each of `customers`, in their history. Raises ActionRefused when it is empty."""
    if not note.strip():
        raise ActionRefused(_("the note is empty"))
    for customer in customers:
        write_entry(customer, verb="note.written", user=user, as_of=as_of, data={"note": note.strip()})


def write_entry(customer: int, *, verb: str, user: User | None, as_of: date, data: dict[str, Any]) -> None:
    """A line in the journal of a customer, of what a person did."""
    Entry.objects.create(
        business_date=as_of,
        customer_id=customer,
        user_id=user.pk if user else None,
        actor=str(user) if user else "",
        verb=verb,
        data=data,
        origin="person",
    )
