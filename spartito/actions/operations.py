"""What people do with actions: record outcomes, take them back, drop a step, let a message go, note a contact.

Every operation has the signature that `cycle.act` calls: `operation(user=…, customers=…, as_of=…, …)`.
`customers` are the ids the door checked; an action of another customer is refused.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.models import CHANNELS, Attempt, Message, OutcomeCode, PlannedAction, Task
from spartito.actions.rules import NEEDS_DATE, OUTCOMES, Consequence, consequence, together
from spartito.journal.models import Entry
from spartito.platform.errors import Refused
from spartito.portfolio.models import Customer, Item
from spartito.reference.queries import add_working_days, next_working_day


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


def record_outcome(
    *,
    user: User | None,
    customers: Sequence[int],
    as_of: date,
    task: int,
    code: str,
    amount: Decimal | None = None,
    on: date | None = None,
    note: str = "",
    results: Sequence[dict[str, Any]] = (),
) -> Task:
    """Record how a task went; `results` are further results of the same contact, each over its own documents.

    `on`: the day postponed to, or to call back; `amount` in the account's currency. A result is
    {code, documents, amount, on, note}. Raises ActionRefused; on refusal nothing is kept.
    """
    found = _open_task(task, customers)
    first: dict[str, Any] = {"code": code, "amount": amount, "on": on, "note": note, "documents": []}
    made = [_attempt(found, each, user=user, as_of=as_of) for each in [first, *results]]
    Attempt.objects.bulk_create(attempt for attempt, _follows in made)
    outcome = together([follows for _attempt, follows in made])
    if outcome.closes:
        _close(found, code=code, note=note, user=user, as_of=as_of)
    else:
        Task.objects.filter(pk=found.pk).update(not_before=outcome.not_before)
    if outcome.find_contact:
        _search_contact(found, as_of=as_of)
    for attempt, _follows in made:
        _write(found.customer_id, "outcome.recorded", user=user, as_of=as_of, data=_told(found, attempt, outcome))
    found.refresh_from_db()
    return found


def _open_task(task: int, customers: Sequence[int]) -> Task:
    found = Task.objects.select_for_update(of=("self",)).filter(pk=task, customer__in=customers).first()
    if found is None:
        raise ActionRefused(_("task %(task)s is not one of this customer") % {"task": task})
    if found.status != Task.Status.OPEN:
        raise ActionRefused(_("task %(task)s is closed already") % {"task": task})
    return found


def _attempt(task: Task, result: dict[str, Any], *, user: User | None, as_of: date) -> tuple[Attempt, Consequence]:
    code = str(result.get("code", "")).upper()
    outcome = OutcomeCode.objects.filter(pk=code).first()
    if outcome is None:
        raise ActionRefused(
            _("outcome %(code)r is not known: it is one of %(known)s") % {"code": code, "known": ", ".join(OUTCOMES)}
        )
    on, amount = result.get("on"), result.get("amount")
    if code in NEEDS_DATE and on is None:
        raise ActionRefused(_("outcome %(code)s needs a date: on which day?") % {"code": code})
    if on is not None and on <= as_of and not outcome.closes:
        raise ActionRefused(_("%(on)s is not after %(as_of)s") % {"on": on.isoformat(), "as_of": as_of.isoformat()})
    if amount is not None and amount <= 0:
        raise ActionRefused(_("amount %(amount)s is not above 0") % {"amount": amount})
    documents = [str(number) for number in result.get("documents") or []]
    _check_documents(task, documents)
    follows = consequence(
        code=code, closes=outcome.closes, next_working_day=add_working_days(as_of, 1), on=on and next_working_day(on)
    )
    attempt = Attempt(
        task=task,
        planned_action_id=task.planned_action_id,
        customer_id=task.customer_id,
        channel="phone" if task.kind == "phone" else "internal",
        made_on=as_of,
        user=user,
        outcome=outcome,
        amount=amount,
        on_date=on,
        note=result.get("note") or "",
        documents=documents,
    )
    return attempt, follows


def _check_documents(task: Task, documents: list[str]) -> None:
    if not documents:
        return
    known = Item.objects.filter(customer__account=task.customer_id, document_number__in=documents)
    missing = sorted(set(documents) - set(known.values_list("document_number", flat=True)))
    if missing:
        raise ActionRefused(_("document %(missing)s is not one of this customer") % {"missing": missing[0]})


def _told(task: Task, attempt: Attempt, outcome: Consequence) -> dict[str, Any]:
    """The journal line of a result: small, without empty values."""
    told = {
        "task": task.pk,
        "kind": task.kind,
        "step": task.step_code,
        "outcome": attempt.outcome_id,
        "amount": attempt.amount and f"{attempt.amount:f}",
        "on": attempt.on_date and attempt.on_date.isoformat(),
        "note": attempt.note,
        "documents": attempt.documents,
        "not_before": outcome.not_before and outcome.not_before.isoformat(),
    }
    return {key: value for key, value in told.items() if value}


def _close(task: Task, *, code: str, note: str, user: User | None, as_of: date) -> None:
    Task.objects.filter(pk=task.pk).update(
        status=Task.Status.DONE, closed_on=as_of, closed_by=user, outcome_code=code.upper(), note=note[:500]
    )


def _search_contact(task: Task, *, as_of: date) -> None:
    """Opens the search for a right number unless one is under way."""
    if not Task.objects.filter(customer=task.customer_id, kind="find_contact", status=Task.Status.OPEN).exists():
        Task.objects.create(
            customer_id=task.customer_id,
            kind="find_contact",
            subject="wrong_number",
            assign_to="collector",
            due_on=as_of,
        )


def undo_outcome(*, user: User | None, customers: Sequence[int], as_of: date, task: int) -> Task:
    """Take back today's outcome of a task, with the postponing or closing it did. Raises ActionRefused."""
    found = Task.objects.select_for_update(of=("self",)).filter(pk=task, customer__in=customers).first()
    todays = Attempt.objects.filter(task=task, made_on=as_of, undone_on__isnull=True)
    if found is None or found.status in (Task.Status.WITHDRAWN, Task.Status.SKIPPED) or not todays.exists():
        raise ActionRefused(
            _("task %(task)s has no outcome of %(as_of)s to take back") % {"task": task, "as_of": as_of.isoformat()}
        )
    last = todays.latest("id")
    # The results of one contact were written in one instant by one person.
    todays.filter(made_at=last.made_at, user=last.user_id).update(undone_on=as_of)
    before = Attempt.objects.filter(task=task, undone_on__isnull=True).order_by("-id").first()
    Task.objects.filter(pk=task).update(
        status=Task.Status.OPEN,
        closed_on=None,
        closed_by=None,
        outcome_code="",
        note="",
        not_before=_day_before_that(before),
    )
    if last.outcome_id == "ERR":
        Task.objects.filter(
            customer=found.customer_id,
            kind="find_contact",
            subject="wrong_number",
            due_on=as_of,
            status=Task.Status.OPEN,
        ).delete()
    _write(found.customer_id, "outcome.undone", user=user, as_of=as_of, data={"task": task, "outcome": last.outcome_id})
    found.refresh_from_db()
    return found


def _day_before_that(attempt: Attempt | None) -> date | None:
    """Until when the attempt that counts again had postponed its task."""
    if attempt is None:
        return None
    return next_working_day(attempt.on_date) if attempt.on_date else add_working_days(attempt.made_on, 1)


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
    if _has_left(found):
        raise ActionRefused(_("action %(action)s has left the house already") % {"action": action})
    Task.objects.filter(planned_action=found, status=Task.Status.OPEN).update(
        status=Task.Status.SKIPPED, closed_on=as_of, closed_by=user, note=reason[:500]
    )
    _withdraw_messages(Message.objects.filter(planned_action=found), as_of=as_of, user=user)
    found.withdrawn_on = as_of
    found.withdrawn_because = "not_before" if not_before else "skipped"
    if not_before:
        found.params = {**found.params, "not_before": not_before.isoformat()}
    found.save(update_fields=["withdrawn_on", "withdrawn_because", "params"])
    told = {"step": found.step_code, "how": found.withdrawn_because, "reason": reason}
    if not_before:
        told["not_before"] = not_before.isoformat()
    _write(found.account_id, "action.dropped", user=user, as_of=as_of, data=told)
    return found


def _has_left(action: PlannedAction) -> bool:
    unsent = (Message.Status.QUEUED, Message.Status.HELD, Message.Status.FAILED, Message.Status.WITHDRAWN)
    message = Message.objects.select_for_update(of=("self",)).filter(planned_action=action).first()
    if message is not None:
        return message.status not in unsent or message.claimed_at is not None
    tried = Attempt.objects.filter(planned_action=action, undone_on__isnull=True).exclude(outcome="POST")
    return tried.exists() or action.action == "order_block"


def _withdraw_messages(messages: Any, *, as_of: date, user: User | None) -> None:
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
    _write(found.account_id, "message.released", user=user, as_of=as_of, data={"message": message})
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
    _write(found.account_id, "message.sent", user=user, as_of=as_of, data={"message": message, "confirmed": True})
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


def record_contact(
    *,
    user: User | None,
    customers: Sequence[int],
    as_of: date,
    channel: str = "phone",
    direction: str = "out",
    code: str = "DONE",
    amount: Decimal | None = None,
    on: date | None = None,
    note: str = "",
) -> PlannedAction:
    """Note a contact that no step asked for: one we made (`out`) or one that came in (`in`).

    It counts in the contact limit (rule 6) and moves no item. The first of `customers` is meant. Raises ActionRefused.
    """
    if channel not in CHANNELS:
        raise ActionRefused(
            _("channel %(channel)r is not known: it is one of %(known)s")
            % {"channel": channel, "known": ", ".join(CHANNELS)}
        )
    if direction not in ("in", "out"):
        raise ActionRefused(_("direction %(direction)r is neither in nor out") % {"direction": direction})
    outcome = OutcomeCode.objects.filter(pk=code.upper()).first()
    if outcome is None or not customers:
        raise ActionRefused(
            _("outcome %(code)r is not known: it is one of %(known)s") % {"code": code, "known": ", ".join(OUTCOMES)}
        )
    customer = Customer.objects.select_related("account").get(pk=customers[0])
    account = customer.account or customer
    action = PlannedAction.objects.create(
        account=account,
        creditor_id=account.creditor_id,
        due_on=as_of,
        kind=PlannedAction.Kind.CONTACT,
        origin=PlannedAction.Origin.INBOUND if direction == "in" else PlannedAction.Origin.MANUAL,
        channel=channel,
        is_carried_out=True,
    )
    Attempt.objects.create(
        planned_action=action,
        customer=customer,
        direction=direction,
        channel=channel,
        made_on=as_of,
        user=user,
        outcome=outcome,
        amount=amount,
        on_date=on,
        note=note,
    )
    told = {"channel": channel, "direction": direction, "outcome": outcome.code, "note": note}
    _write(customer.pk, "contact.recorded", user=user, as_of=as_of, data={k: v for k, v in told.items() if v})
    return action


def write_note(*, user: User | None, customers: Sequence[int], as_of: date, note: str) -> None:
    """A note on each of `customers`, in their history. Raises ActionRefused when it is empty."""
    if not note.strip():
        raise ActionRefused(_("the note is empty"))
    for customer in customers:
        _write(customer, "note.written", user=user, as_of=as_of, data={"note": note.strip()})


def _write(customer: int, verb: str, *, user: User | None, as_of: date, data: dict[str, Any]) -> None:
    Entry.objects.create(
        business_date=as_of,
        customer_id=customer,
        user_id=user.pk if user else None,
        actor=str(user) if user else "",
        verb=verb,
        data=data,
        origin="person",
    )
