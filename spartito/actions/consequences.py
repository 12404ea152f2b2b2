"""What an outcome leads to, done and taken back: holds, tasks for others, the message that was asked for.

Each room's own rules stand: a hold is put as `portfolio` puts it, a message leaves as every message leaves.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.models import ActionItem, Attempt, Message, PlannedAction, Task
from spartito.actions.operations import ActionRefused, has_left, withdraw_messages
from spartito.actions.rules import OF_THE_WHOLE_ACCOUNT, OUTCOMES, TASKS, Consequence, FollowUp, shared_out
from spartito.journal.operations import write
from spartito.portfolio.models import Block, Customer, Item
from spartito.portfolio.operations import put_hold, take_back_block, take_back_hold
from spartito.reference.queries import add_working_days, next_working_day


def debts_of(*, account: int, action: int | None, as_of: date, overdue_only: bool = True) -> list[Item]:
    """Open debts, the oldest first: those an action lists; of one that lists none, what is overdue, or all of it."""
    debts = Item.objects.filter(customer__account=account, closed_on__isnull=True, open_amount__gt=0)
    listed = ActionItem.objects.filter(planned_action=action).values("item")
    if action is not None and listed.exists():
        debts = debts.filter(pk__in=listed)
    elif overdue_only:
        debts = debts.filter(due_date__lt=as_of)
    return list(debts.select_related("customer").order_by("due_date", "pk"))


def carry_out(
    *, attempt: Attempt, follows: Consequence, items: list[Item], user: User | None, as_of: date
) -> dict[str, Any]:
    """Does what follows from a result; gives back what was made, by kind, as ids. Raises PortfolioRefused."""
    led_to = {
        "holds": _put_holds(attempt, follows, items, user=user, as_of=as_of),
        "tasks": [
            *_follow_up(attempt, follows.task, as_of=as_of),
            *(task for role in follows.notify for task in _notify(attempt, role, as_of=as_of)),
        ],
        "messages": _answer(attempt, follows.send, items, as_of=as_of) if follows.send else [],
    }
    return {kind: made for kind, made in led_to.items() if made}


def _put_holds(
    attempt: Attempt, follows: Consequence, items: list[Item], *, user: User | None, as_of: date
) -> list[int]:
    if not follows.hold:
        return []
    given: dict[str, Any] = {
        "user": user,
        "as_of": as_of,
        "kind": follows.hold,
        "because": _words_of(attempt)[:500],
        "ends_on": _last_day(attempt, follows),
        "review_on": next_working_day(as_of + timedelta(days=follows.review_in)) if follows.review_in else None,
        "source": "outcome",
    }
    if follows.hold in OF_THE_WHOLE_ACCOUNT or not items:
        return [hold.pk for hold in put_hold(customers=[attempt.customer_id], **given)]
    parts = shared_out(attempt.amount if follows.hold == "promise" else None, [_owed(item, as_of) for item in items])
    return [
        hold.pk
        for item, part in zip(items, parts, strict=True)
        if part is None or part > 0
        for hold in put_hold(customers=[item.customer_id], item=item.pk, amount=part, **given)
    ]


def _last_day(attempt: Attempt, follows: Consequence) -> date | None:
    """Of a promise: the day it names and its grace in working days; of other holds what their kind says."""
    if follows.hold != "promise" or attempt.on_date is None:
        return None
    planned = attempt.planned_action.params if attempt.planned_action else {}
    grace = follows.grace if follows.grace is not None else int(planned.get("bank_lag", 0))
    return add_working_days(attempt.on_date, grace) if grace else attempt.on_date


def _owed(item: Item, as_of: date) -> Decimal:
    released = item.retention_release_date is not None and item.retention_release_date <= as_of
    return item.open_amount - item.withheld - item.vat_split - (Decimal(0) if released else item.retention)


def _follow_up(attempt: Attempt, asked: FollowUp | None, *, as_of: date) -> list[int]:
    """A task for somebody, unless one like it is open already for the customer."""
    if asked is None:
        return []
    subject = "wrong_number" if asked.kind == "find_contact" else asked.kind
    return _task(
        attempt, TASKS[asked.kind], subject, asked.assign_to, next_working_day(as_of + timedelta(days=asked.days))
    )


def _notify(attempt: Attempt, role: str, *, as_of: date) -> list[int]:
    return _task(attempt, "internal", "notify", role, next_working_day(as_of))


def _task(attempt: Attempt, kind: str, subject: str, role: str, due_on: date) -> list[int]:
    like_it = Task.objects.filter(customer=attempt.customer_id, kind=kind, subject=subject, assign_to=role)
    if like_it.filter(status=Task.Status.OPEN, planned_action__isnull=True, about__isnull=True).exists():
        return []
    made = Task.objects.create(
        customer_id=attempt.customer_id,
        kind=kind,
        subject=subject,
        assign_to=role,
        due_on=due_on,
        note=_words_of(attempt)[:500],
    )
    return [made.pk]


def _words_of(attempt: Attempt) -> str:
    """The result in words, in the language in force: `Contesta (FT101): merce difettosa`."""
    italian, english, _closes = OUTCOMES[attempt.outcome_id]
    name = italian if (get_language() or "it").startswith("it") else english
    about = f" ({', '.join(attempt.documents)})" if attempt.documents else ""
    return f"{name}{about}" + (f": {attempt.note}" if attempt.note else "")


def _answer(attempt: Attempt, template: str, items: list[Item], *, as_of: date) -> list[int]:
    """What the customer asked for, on its way: an answer counts in no contact limit and moves no item."""
    account = Customer.objects.select_related("creditor").get(pk=attempt.customer_id)
    asked_for = (
        items if attempt.documents else debts_of(account=account.pk, action=None, as_of=as_of, overdue_only=False)
    )
    action = PlannedAction.objects.create(
        account=account,
        creditor_id=account.creditor_id,
        due_on=as_of,
        kind=PlannedAction.Kind.CONTACT,
        origin=PlannedAction.Origin.ANSWER,
        channel="email",
        template=template,
        params={"fallback": ["letter"]},
        is_carried_out=True,
    )
    ActionItem.objects.bulk_create(
        ActionItem(planned_action=action, item=item, role="mentioned", open_amount=_owed(item, as_of), listed_as=place)
        for place, item in enumerate(asked_for, start=1)
    )
    message = Message.objects.create(
        planned_action=action,
        account=account,
        creditor_id=account.creditor_id,
        channel="email",
        template=template,
        language=account.language or account.creditor.language,
        due_on=as_of,
    )
    return [message.pk]


def take_back(*, attempt: Attempt, user: User | None, as_of: date) -> None:
    """Undoes what a result led to: its holds, tasks and messages, and the step it asked for. Raises ActionRefused."""
    led_to = attempt.led_to
    for action in _actions_of(attempt):
        _withdraw(action, user=user, as_of=as_of)
    for hold in led_to.get("holds", []):
        take_back_hold(user=user, as_of=as_of, hold=hold)
    Task.objects.filter(pk__in=led_to.get("tasks", []), status=Task.Status.OPEN).update(
        status=Task.Status.WITHDRAWN, closed_on=as_of, closed_by=user, note="undone"
    )


def _actions_of(attempt: Attempt) -> Iterable[PlannedAction]:
    """The answer it sent, and what the engine planned because it asked for a step."""
    answers = Q(message__in=attempt.led_to.get("messages", []))
    asked_for = Q(account=attempt.customer_id, params__ordered_by__contains=[attempt.pk])
    return PlannedAction.objects.filter(answers | asked_for, withdrawn_on__isnull=True)


def _withdraw(action: PlannedAction, *, user: User | None, as_of: date) -> None:
    if action.action == "order_block":
        _take_back_block(action, user=user, as_of=as_of)
    elif has_left(action):
        raise ActionRefused(_("action %(action)s has left the house already") % {"action": action.pk})
    withdraw_messages(Message.objects.filter(planned_action=action), as_of=as_of, user=user)
    _open_what_it_replaced(action, user=user, as_of=as_of)
    Task.objects.filter(planned_action=action, status=Task.Status.OPEN).update(
        status=Task.Status.WITHDRAWN, closed_on=as_of, closed_by=user, note="undone"
    )
    PlannedAction.objects.filter(pk=action.pk).update(withdrawn_on=as_of, withdrawn_because="undone")


def _open_what_it_replaced(action: PlannedAction, *, user: User | None, as_of: date) -> None:
    """A call whose place was taken today by the one that is taken back is wanted again."""
    replaced = Task.objects.filter(
        customer__account=action.account_id,
        step_code=action.step_code,
        planned_action__due_on__lt=action.due_on,
        status=Task.Status.WITHDRAWN,
        closed_on=as_of,
        note="repeated",
    ).exclude(step_code="")
    for task in replaced:
        Task.objects.filter(pk=task.pk).update(status=Task.Status.OPEN, closed_on=None, note="")
        data = {"task": task.pk, "kind": task.kind, "step": task.step_code, "because": "undone"}
        write(business_date=as_of, verb="task.reopened", customer=task.customer_id, user=user, data=data)


def _take_back_block(action: PlannedAction, *, user: User | None, as_of: date) -> None:
    """The block that an action raised falls to the level that others which stand ask for, or ends with it."""
    block = Block.objects.filter(planned_action_id=action.pk, released_on__isnull=True).first()
    if block is None:
        return
    others = PlannedAction.objects.filter(
        account=action.account_id,
        action="order_block",
        is_carried_out=True,
        withdrawn_on__isnull=True,
        due_on__gte=block.starts_on,
    ).exclude(pk=action.pk)
    needed = max(((int(other.params.get("level") or 1), other.pk) for other in others), default=None)
    take_back_block(user=user, as_of=as_of, block=block.pk, needed=needed)
