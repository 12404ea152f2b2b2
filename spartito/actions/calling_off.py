"""Contacts of periods and campaigns called off by a person before they leave the house."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from spartito.access.models import User
from spartito.actions.models import Message, PlannedAction, Task
from spartito.actions.steps import call_off_occasions
from spartito.platform import locks
from spartito.portfolio.models import Customer


def not_left(*, occasions: Sequence[int]) -> QuerySet[PlannedAction]:
    """The contacts of these occasions that have not left: not carried out yet, unsent, or an open task. Internal."""
    unsent = Message.objects.filter(
        status__in=(Message.Status.QUEUED, Message.Status.HELD, Message.Status.FAILED), claimed_at__isnull=True
    )
    undone = Task.objects.filter(status=Task.Status.OPEN, planned_action__isnull=False)
    standing = PlannedAction.objects.filter(occasion_id__in=occasions, withdrawn_on__isnull=True)
    return standing.filter(
        Q(is_carried_out=False) | Q(pk__in=unsent.values("planned_action")) | Q(pk__in=undone.values("planned_action"))
    )


def accounts_of(*, occasions: Sequence[int]) -> list[int]:
    """The accounts of these contacts, in order of id. Internal."""
    found = not_left(occasions=occasions).values_list("account", flat=True)
    return sorted({account for account in found if account is not None})


def call_off(*, user: User | None, as_of: date, occasions: Sequence[int], because: str) -> int:
    """Withdraws those contacts with their messages and tasks, each told in the journal; gives how many contacts.

    What a sender is handing over at this moment is not among them. `because`: a code, as of `withdrawn_because`.
    """
    accounts = accounts_of(occasions=occasions)
    locks.accounts_shared(accounts)
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=accounts).order_by("pk").values_list("pk"))
    return call_off_occasions(user=user, as_of=as_of, occasions=occasions, because=because, accounts=accounts)
