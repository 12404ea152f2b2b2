"""A text as a real customer would read it today, though nothing was decided: composed by the very step that composes.

The message and its text live on temporary copies of the tables (a `pg_temp` table is found first), and go with them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spartito.actions.models import ActionItem, Message, PlannedAction
from spartito.communications.composing import Written
from spartito.communications.interest import add_interest
from spartito.communications.reading import NothingComposed, written
from spartito.communications.steps import COMPOSE
from spartito.platform.copies import Copy, make_copies
from spartito.platform.sql import on_copies, run_steps
from spartito.portfolio.models import Customer, Item

COPIES = {
    "actions_plannedaction": Copy("false", ("unique (id)",)),
    "actions_actionitem": Copy("false", ("(planned_action_id)",)),
    "actions_message": Copy("false", ("unique (id)",)),
    "communications_rendition": Copy("false", ("(message_id)",)),
}
MOST_DOCUMENTS = 200


def try_text(
    *,
    account: Customer,
    template: str,
    channel: str,
    as_of: date,
    before_due: bool = False,
    include: Sequence[str] = (),
    pay_by: int | None = None,
) -> Written:
    """The text of `template` about the account's overdue documents (`before_due`: those to fall due). Leaves no trace.

    Raises NothingComposed: no such template, or no document to write about.
    """
    with transaction.atomic():
        make_copies(COPIES, given={})
        with on_copies(COPIES):
            message = _message(
                account, template, channel, as_of, before_due, {"include": list(include), "pay_by": pay_by}
            )
            run_steps(COMPOSE, as_of=as_of, customers=[account.pk])
            add_interest(customers=[account.pk])
            found = _written(message, account)
        transaction.set_rollback(True)
    return found


def _written(message: Message, account: Customer) -> Written:
    try:
        return written(message)
    except NothingComposed:
        told = _("nothing of %(customer)s may be asked for today: choose another customer") % {"customer": account}
        raise NothingComposed(told) from None


def _message(
    account: Customer, template: str, channel: str, as_of: date, before_due: bool, params: dict[str, Any]
) -> Message:
    debts = Item.objects.filter(customer__account=account, closed_on__isnull=True, open_amount__gt=0)
    listed = debts.filter(due_date__gte=as_of) if before_due else debts.filter(due_date__lt=as_of)
    items = list(listed.order_by("due_date", "pk")[:MOST_DOCUMENTS])
    if not items:
        raise NothingComposed(
            _("%(customer)s has no document that falls due: choose another customer") % {"customer": account}
            if before_due
            else _("%(customer)s has nothing overdue: choose another customer") % {"customer": account}
        )
    common = {"account": account, "creditor_id": account.creditor_id, "due_on": as_of, "channel": channel}
    action = PlannedAction.objects.create(
        **common, kind="contact", template=template, params={key: value for key, value in params.items() if value}
    )
    ActionItem.objects.bulk_create(
        ActionItem(planned_action=action, item=item, role="moved", open_amount=item.open_amount, listed_as=place)
        for place, item in enumerate(items, start=1)
    )
    language = account.language or account.creditor.language
    return Message.objects.create(
        **common, planned_action=action, template=template, goes_by=channel, language=language
    )
