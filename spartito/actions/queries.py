"""Reads of actions. Each takes the user who looks; actions on customers that user may not see are not in it."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from spartito.access.models import User
from spartito.actions.models import ActionItem, Attempt, Message, OutcomeCode, PlannedAction, Task
from spartito.portfolio.models import Customer, Hold
from spartito.portfolio.visibility import visible_to


def messages_for(user: User, as_of: date) -> QuerySet[Message]:
    """Messages to accounts that `user` may see, the latest first."""
    return (
        Message.objects.filter(account__in=visible_to(user, as_of))
        .select_related("account", "creditor")
        .order_by("-due_on", "-id")
    )


def message_for(user: User, as_of: date, message: int) -> Message | None:
    return messages_for(user, as_of).filter(pk=message).first()


def actions_of(user: User, as_of: date, customer: Customer) -> QuerySet[PlannedAction]:
    """What was planned for the account of a customer, the latest first, with its items, task and message."""
    if not visible_to(user, as_of).filter(pk=customer.pk).exists():
        return PlannedAction.objects.none()
    return (
        PlannedAction.objects.filter(account=customer.account_id or customer.pk)
        .select_related("task", "message")
        .prefetch_related(Prefetch("action_items", ActionItem.objects.select_related("item")))
        .order_by("-due_on", "-id")
    )


def attempts_on(user: User, as_of: date, customer: Customer) -> QuerySet[Attempt]:
    """Contacts made with a customer or received from it, the latest first, taken-back ones left out."""
    return (
        Attempt.objects.filter(customer=customer, customer__in=visible_to(user, as_of), undone_on__isnull=True)
        .select_related("outcome", "user", "task")
        .order_by("-made_on", "-id")
    )


def open_tasks_on(user: User, as_of: date, customer: Customer) -> QuerySet[Task]:
    """Open tasks of a customer's account, the first due first."""
    return (
        Task.objects.filter(
            customer=customer.account_id or customer.pk, customer__in=visible_to(user, as_of), status=Task.Status.OPEN
        )
        .select_related("assignment__user", "planned_action")
        .order_by("due_on", "id")
    )


def led_to_by(task: Task) -> dict[str, Any]:
    """What the last outcome of a task led to at once: {orders, holds, tasks, messages}; nothing once taken back.

    Internal: doors check who asks.
    """
    last = Attempt.objects.filter(task=task, undone_on__isnull=True).order_by("-id").first()
    contact = last and (last.of_contact or last)
    results = [contact, *contact.results.order_by("id")] if contact else []
    made: dict[str, list[int]] = {
        kind: [each for result in results for each in result.led_to.get(kind, [])]
        for kind in ("holds", "tasks", "messages")
    }
    holds = Hold.objects.filter(pk__in=made["holds"]).select_related("item").order_by("id")
    tasks = Task.objects.filter(pk__in=made["tasks"]).order_by("id")
    return {
        "orders": [result.then for result in results if result.then],
        "holds": [
            {
                "hold": hold.pk,
                "kind": hold.kind,
                "document": hold.item.document_number if hold.item else None,
                "amount": hold.amount,
                "to": hold.ends_on,
                "review": hold.review_on,
            }
            for hold in holds
        ],
        "tasks": [
            {"id": each.pk, "kind": each.kind, "subject": each.subject, "assign_to": each.assign_to, "due": each.due_on}
            for each in tasks
        ],
        "messages": made["messages"],
    }


def outcome_codes() -> list[dict[str, Any]]:
    """The outcome codes in their order: {code, name_it, name_en, closes}."""
    rows = OutcomeCode.objects.order_by("position")
    return [{"code": row.code, "name_it": row.name_it, "name_en": row.name_en, "closes": row.closes} for row in rows]
