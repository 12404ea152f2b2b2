"""What people do with days: give a task to somebody, go away and come back, say how much fits in a day."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.models import Task
from spartito.journal.models import Entry
from spartito.platform.errors import Refused
from spartito.worklist.models import Absence, Assignment, Capacity


class WorklistRefused(Refused):
    """The task is not open or not of this customer, or the days or people do not fit."""


def give_task(*, user: User | None, customers: Sequence[int], as_of: date, task: int, to: int) -> Assignment:
    """Give an open task to a person by hand; the engine does not move it again while they are there."""
    found = Task.objects.filter(pk=task, customer__in=customers, status=Task.Status.OPEN).first()
    person = User.objects.filter(pk=to, is_active=True).first()
    if found is None or person is None:
        raise WorklistRefused(
            _("task %(task)s is not open for this customer, or person %(to)s is not active") % {"task": task, "to": to}
        )
    given, _made = Assignment.objects.update_or_create(
        task=found,
        defaults={"user": person, "assigned_on": as_of, "because": "by_hand", "by_hand": True},
        create_defaults={"user": person, "assigned_on": as_of, "because": "by_hand", "by_hand": True},
    )
    Assignment.objects.filter(pk=given.pk).update(reasons={k: v for k, v in given.reasons.items() if k != "for"})
    Entry.objects.create(
        business_date=as_of,
        customer_id=found.customer_id,
        user_id=user.pk if user else None,
        actor=str(user) if user else "",
        verb="task.given",
        data={"task": task, "to": str(person)},
        origin="person",
    )
    return given


def record_absence(*, user: User, starts_on: date, ends_on: date, substitute: User | None = None) -> Absence:
    """Somebody is away from a day to a day, both included; the next run hands their tasks on."""
    if ends_on < starts_on:
        raise WorklistRefused(
            _("an absence cannot end on %(ends_on)s, before it starts on %(starts_on)s")
            % {"ends_on": ends_on.isoformat(), "starts_on": starts_on.isoformat()}
        )
    if substitute is not None and (substitute.pk == user.pk or not substitute.is_active):
        raise WorklistRefused(
            _("%(substitute)s cannot stand in for %(user)s") % {"substitute": substitute, "user": user}
        )
    return Absence.objects.create(user=user, starts_on=starts_on, ends_on=ends_on, substitute=substitute)


def set_capacity(*, user: User, customers_a_day: int) -> Capacity:
    """How many customers a person can work in a day, 1 to 500."""
    if not 1 <= customers_a_day <= 500:
        raise WorklistRefused(
            _("%(customers_a_day)s customers a day is not between 1 and 500") % {"customers_a_day": customers_a_day}
        )
    return Capacity.objects.update_or_create(user=user, defaults={"customers_a_day": customers_a_day})[0]
