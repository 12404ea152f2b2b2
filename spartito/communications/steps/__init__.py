"""Step 7 of the day: compose what is to be said, hold what may not leave, queue the sending."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection

import spartito.actions.steps
from spartito.actions.models import Message
from spartito.communications.delays import add_delays
from spartito.communications.interest import add_interest
from spartito.communications.jobs import send_messages
from spartito.platform.jobs import defer
from spartito.platform.progress import Progress
from spartito.platform.sql import StepResult, run_steps, steps_in
from spartito.tenants.models import Tenant

HERE = Path(__file__).parent
MANY = 500
COMPOSE = steps_in(HERE, ["compose_messages"])
HOLD = steps_in(HERE, ["hold_messages", "take_out_of_batches"])
REPLAY = steps_in(HERE, ["leave_in_replay"])


def compose(
    *, as_of: date, run_id: int | None, customers: list[int] | None = None, on_progress: Progress | None = None
) -> list[StepResult]:
    """Compose the unsent messages of `customers` (null = all), hold those that may not leave, queue the rest.

    A tenant whose clock is its last run lives history again: nothing leaves, and what was still to be sent when
    a night begins is marked as sent on the day before it. Until then its day can take it back, as a living one can.
    """
    tenant: Tenant = connection.tenant  # type: ignore[attr-defined]
    lives_again = tenant.clock == Tenant.Clock.LAST_RUN
    if customers is None:
        _let_the_planner_look()
        if lives_again and tenant.last_run_date and tenant.last_run_date < as_of:
            leave_in_replay(as_of=tenant.last_run_date, run_id=run_id)
    results = run_steps(COMPOSE, as_of=as_of, run_id=run_id, customers=customers, on_progress=on_progress)
    results += [add_interest(customers=customers), add_delays(customers=customers)]
    params: dict[str, object] = {"max_data_age": tenant.max_data_age, "has_server": bool(settings.EMAIL_CONFIGURED)}
    results += run_steps(HOLD, as_of=as_of, run_id=run_id, customers=customers, params=params)
    if results[0].rows and not lives_again:
        defer(send_messages, tenant=tenant, once_as="send_messages")
    return results


def _let_the_planner_look() -> None:
    """The night's new messages are the only unsent ones: without a look the planner expects none and joins row by row."""
    unsent = Message.objects.filter(status__in=[Message.Status.QUEUED, Message.Status.HELD])
    if unsent[:MANY].count() == MANY:
        with connection.cursor() as cursor:
            cursor.execute("analyze actions_message, actions_actionitem")


def check_again(*, as_of: date, customers: list[int]) -> None:
    """What every message passes at the moment of leaving: items still open, no hold, no new money, an address, data
    of the day, no pause. Those that fail are withdrawn or held; texts that changed are composed anew.
    """
    spartito.actions.steps.withdraw(as_of=as_of, run_id=None, customers=customers)
    spartito.actions.steps.carry_out(as_of=as_of, run_id=None, customers=customers)
    compose(as_of=as_of, run_id=None, customers=customers)
    spartito.actions.steps.withdraw_covered(as_of=as_of, customers=customers)


def leave_in_replay(*, as_of: date, run_id: int | None, customers: list[int] | None = None) -> list[StepResult]:
    """Mark the messages planned up to a replayed day as sent on that day."""
    return run_steps(REPLAY, as_of=as_of, run_id=run_id, customers=customers)
