"""How a contact or task ended: recorded with all that follows from it, and taken back with all of that.

A result is {code, documents, amount, on, at, note}; one contact may bring several, each over its own documents. What
follows is the step's `outcomes`, else the house's (`rules.DEFAULTS`). A step that a result asks for is written down
as a fact (`Attempt.then`): strategies read it in the reaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.clearing import check_word, take_back_word, take_word
from spartito.actions.consequences import carry_out, debts_of, take_back
from spartito.actions.models import CHANNELS, Attempt, OutcomeCode, PlannedAction, Task
from spartito.actions.operations import ActionRefused, write_entry
from spartito.actions.rules import NOT_REACHED, OUTCOMES, Consequence, consequence_of
from spartito.portfolio.models import Customer, Item
from spartito.reference.queries import add_working_days, next_working_day

NEEDS_DATE = ("POST",)
MAY_BE_PAST = ("PAG",)


@dataclass
class Result:
    """One result of a contact, checked: what it says, the items it is about, and what follows."""

    code: str
    follows: Consequence
    amount: Decimal | None = None
    on: date | None = None
    at: time | None = None
    note: str = ""
    documents: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def record_outcome(
    *,
    user: User | None,
    customers: Sequence[int],
    as_of: date,
    task: int,
    code: str,
    amount: Decimal | None = None,
    on: date | None = None,
    at: time | None = None,
    note: str = "",
    documents: Sequence[str] = (),
    results: Sequence[dict[str, Any]] = (),
) -> Task:
    """Record how a task went and do what follows; `results` are further results of the same contact.

    `on`: the day postponed to, to call back (`at` that hour), or promised; `amount` in the account's currency. A
    result without documents is about all those of the task that no other result names. Raises ActionRefused, and
    PortfolioRefused for a hold that cannot be; on refusal nothing is kept.
    """
    found = _open_task(task, customers)
    first = {"code": code, "amount": amount, "on": on, "at": at, "note": note, "documents": list(documents)}
    question = _question(found)
    if question is not None:
        check_word(question, code=code, several=bool(results))
    told = [_result(each, said_of(found.planned_action), as_of) for each in [first, *results]]
    _give_items(told, account=found.customer_id, action=found.planned_action_id or found.about_id, as_of=as_of)
    tries = [_tries(found, result, told[:place]) for place, result in enumerate(told)]
    back = _comes_back(told, tries, as_of)
    _keep_results(found, told, tries, back=back, user=user, as_of=as_of)
    if question is not None:
        take_word(question, code=told[0].code, until=told[0].on, user=user, as_of=as_of)
        back = None
    if back is None:
        _close(found, code=told[0].code, note=note, user=user, as_of=as_of)
    else:
        Task.objects.filter(pk=found.pk).update(not_before=back[0], at_time=back[1])
    found.refresh_from_db()
    return found


def _keep_results(
    task: Task,
    told: list[Result],
    tries: list[int],
    *,
    back: tuple[date, time | None] | None,
    user: User | None,
    as_of: date,
) -> None:
    """Each result as an attempt of its own, with what follows from it and its line in the journal."""
    before = {"not_before": task.not_before and task.not_before.isoformat(), "at": task.at_time and str(task.at_time)}
    first: Attempt | None = None
    for result, tried in zip(told, tries, strict=True):
        attempt = _attempt(result, user=user, as_of=as_of, then=result.follows.order(tried))
        attempt.task, attempt.planned_action_id, attempt.customer_id = task, task.planned_action_id, task.customer_id
        attempt.channel = "phone" if task.kind == "phone" else "internal"
        attempt.of_contact = first
        attempt.led_to = {} if first else {"before": before}
        _follow(attempt, result, user=user, as_of=as_of)
        first = first or attempt
        data = {"task": task.pk, "kind": task.kind, "step": task.step_code, **_told(attempt, back)}
        write_entry(task.customer_id, verb="outcome.recorded", user=user, as_of=as_of, data=_without_blanks(data))


def _question(task: Task) -> PlannedAction | None:
    """The contact that a task asks a word about; a notice only tells of its action."""
    return task.about if task.kind == "consult" else None


def _open_task(task: int, customers: Sequence[int]) -> Task:
    found = Task.objects.select_for_update(of=("self",)).filter(pk=task, customer__in=customers).first()
    if found is None:
        raise ActionRefused(_("task %(task)s is not one of this customer") % {"task": task})
    if found.status != Task.Status.OPEN:
        raise ActionRefused(_("task %(task)s is closed already") % {"task": task})
    return found


def _result(plain: dict[str, Any], said: dict[str, Any], as_of: date) -> Result:
    """A result read and checked against what the step says of outcomes. Raises ActionRefused."""
    code = str(plain.get("code", "")).upper()
    if not OutcomeCode.objects.filter(pk=code).exists():
        raise ActionRefused(
            _("outcome %(code)r is not known: it is one of %(known)s") % {"code": code, "known": ", ".join(OUTCOMES)}
        )
    follows = consequence_of(code, said)
    on, amount = plain.get("on"), plain.get("amount")
    if amount is not None and amount <= 0:
        raise ActionRefused(_("amount %(amount)s is not above 0") % {"amount": amount})
    if on is None and (code in NEEDS_DATE or follows.hold == "promise"):
        raise ActionRefused(_("outcome %(code)s needs a date: on which day?") % {"code": code})
    if on is not None and code not in MAY_BE_PAST and (on < as_of or (on == as_of and follows.retries)):
        raise ActionRefused(_("%(on)s is not after %(as_of)s") % {"on": on.isoformat(), "as_of": as_of.isoformat()})
    documents = [str(number) for number in plain.get("documents") or []]
    return Result(code, follows, amount, on, plain.get("at"), plain.get("note") or "", documents)


def said_of(action: PlannedAction | None) -> dict[str, Any]:
    """What the step that planned an action says of outcomes."""
    return dict(action.params.get("outcomes") or {}) if action else {}


def _give_items(told: list[Result], *, account: int, action: int | None, as_of: date) -> None:
    """Each result its items: those with its documents' numbers, else all the contact is about that no other one names."""
    named = {number for result in told for number in result.documents}
    known = Item.objects.filter(customer__account=account, document_number__in=named)
    missing = sorted(named - set(known.values_list("document_number", flat=True)))
    if missing:
        raise ActionRefused(_("document %(missing)s is not one of this customer") % {"missing": missing[0]})
    by_name = debts_of(account=account, action=None, as_of=as_of, overdue_only=False) if named else []
    left = [item for item in debts_of(account=account, action=action, as_of=as_of) if item.document_number not in named]
    for result in told:
        result.items = [item for item in by_name if item.document_number in result.documents]
        if not result.documents:
            result.items = left


def _tries(task: Task, result: Result, before: list[Result]) -> int:
    """How many times this was tried, this time counted; tries in which nobody was reached count together."""
    codes = NOT_REACHED if result.code in NOT_REACHED else (result.code,)
    kept = Attempt.objects.filter(task=task, undone_on__isnull=True, outcome__in=codes)
    return kept.count() + sum(other.code in codes for other in before) + 1


def _comes_back(told: list[Result], tries: list[int], as_of: date) -> tuple[date, time | None] | None:
    """The day (and hour) on which the contact is tried again, the earliest asked for; None: it is over."""
    asked = [
        (_day_of(result, as_of), result.at)
        for result, tried in zip(told, tries, strict=True)
        if result.follows.comes_back(tried)
    ]
    return min(asked, key=lambda each: each[0]) if asked else None


def _day_of(result: Result, as_of: date) -> date:
    if result.on is not None:
        return next_working_day(result.on)
    if result.follows.retry_in is not None:
        return next_working_day(as_of + timedelta(days=result.follows.retry_in))
    wait = result.follows.task.days if result.follows.task else 0
    return add_working_days(as_of + timedelta(days=wait), 1)


def _attempt(result: Result, *, user: User | None, as_of: date, then: str) -> Attempt:
    return Attempt(
        made_on=as_of,
        user=user,
        outcome_id=result.code,
        amount=result.amount,
        on_date=result.on,
        at_time=result.at,
        note=result.note,
        documents=result.documents,
        item_ids=[item.pk for item in result.items],
        then=then,
    )


def _follow(attempt: Attempt, result: Result, *, user: User | None, as_of: date) -> None:
    """Keeps the attempt, does what follows from it, and keeps what that was."""
    attempt.save()
    made = carry_out(attempt=attempt, follows=result.follows, items=result.items, user=user, as_of=as_of)
    attempt.led_to = {**attempt.led_to, **made}
    attempt.save(update_fields=["led_to"])


def _told(attempt: Attempt, back: tuple[date, time | None] | None) -> dict[str, Any]:
    """What the journal tells of a result."""
    return {
        "outcome": attempt.outcome_id,
        "amount": attempt.amount and f"{attempt.amount:f}",
        "on": attempt.on_date and attempt.on_date.isoformat(),
        "at": attempt.at_time and f"{attempt.at_time:%H:%M}",
        "note": attempt.note,
        "documents": attempt.documents,
        "then": attempt.then,
        "not_before": back and back[0].isoformat(),
    }


def _without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}


def _close(task: Task, *, code: str, note: str, user: User | None, as_of: date) -> None:
    Task.objects.filter(pk=task.pk).update(
        status=Task.Status.DONE, closed_on=as_of, closed_by=user, outcome_code=code, note=note[:500]
    )


def undo_outcome(*, user: User | None, customers: Sequence[int], as_of: date, task: int) -> Task:
    """Take back today's last outcome of a task with everything it led to. Raises ActionRefused when something left."""
    found = Task.objects.select_for_update(of=("self",)).filter(pk=task, customer__in=customers).first()
    todays = Attempt.objects.filter(task=task, made_on=as_of, undone_on__isnull=True)
    if found is None or not _can_open_again(found, as_of) or not todays.exists():
        raise ActionRefused(
            _("task %(task)s has no outcome of %(as_of)s to take back") % {"task": task, "as_of": as_of.isoformat()}
        )
    last = todays.latest("id")
    contact = last.of_contact or last
    for attempt in [contact, *contact.results.all()]:
        take_back(attempt=attempt, user=user, as_of=as_of)
        Attempt.objects.filter(pk=attempt.pk).update(undone_on=as_of)
    if (question := _question(found)) is not None:
        take_back_word(question, as_of=as_of)
    before = contact.led_to.get("before", {})
    Task.objects.filter(pk=task).update(
        status=Task.Status.OPEN,
        closed_on=None,
        closed_by=None,
        outcome_code="",
        note="",
        not_before=before.get("not_before"),
        at_time=before.get("at"),
    )
    undone = {"task": task, "outcome": contact.outcome_id}
    write_entry(found.customer_id, verb="outcome.undone", user=user, as_of=as_of, data=undone)
    found.refresh_from_db()
    return found


def _can_open_again(task: Task, as_of: date) -> bool:
    """Not what a person skipped, nor what lost its reason before today: a hold put by the outcome itself may have withdrawn it."""
    if task.status == Task.Status.WITHDRAWN:
        return task.closed_on == as_of
    return task.status != Task.Status.SKIPPED


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
    at: time | None = None,
    note: str = "",
    documents: Sequence[str] = (),
) -> PlannedAction:
    """Note a contact that no step asked for: one we made (`out`) or one that came in (`in`), and do what follows.

    It counts in the contact limit (rule 6) and moves no item. The first of `customers` is meant. Raises ActionRefused.
    """
    _check_contact(channel, direction, customers)
    plain = {"code": code, "amount": amount, "on": on, "at": at, "note": note, "documents": list(documents)}
    result = _result(plain, {}, as_of)
    customer = Customer.objects.select_related("account").get(pk=customers[0])
    account = customer.account or customer
    _give_items([result], account=account.pk, action=None, as_of=as_of)
    action = _contact_made(account, channel=channel, direction=direction, as_of=as_of)
    attempt = _attempt(result, user=user, as_of=as_of, then="" if result.follows.retries else result.follows.order(1))
    attempt.planned_action, attempt.customer = action, account
    attempt.direction, attempt.channel = direction, channel
    _follow(attempt, result, user=user, as_of=as_of)
    if result.follows.retries and result.on:
        _call_back(attempt, result, as_of=as_of)
    told = {"channel": channel, "direction": direction, **_told(attempt, None)}
    write_entry(customer.pk, verb="contact.recorded", user=user, as_of=as_of, data=_without_blanks(told))
    return action


def _contact_made(account: Customer, *, channel: str, direction: str, as_of: date) -> PlannedAction:
    return PlannedAction.objects.create(
        account=account,
        creditor_id=account.creditor_id,
        due_on=as_of,
        kind=PlannedAction.Kind.CONTACT,
        origin=PlannedAction.Origin.INBOUND if direction == "in" else PlannedAction.Origin.MANUAL,
        channel=channel,
        is_carried_out=True,
    )


def _check_contact(channel: str, direction: str, customers: Sequence[int]) -> None:
    if channel not in CHANNELS:
        raise ActionRefused(
            _("channel %(channel)r is not known: it is one of %(known)s")
            % {"channel": channel, "known": ", ".join(CHANNELS)}
        )
    if direction not in ("in", "out"):
        raise ActionRefused(_("direction %(direction)r is neither in nor out") % {"direction": direction})
    if not customers:
        raise ActionRefused(_("say which customer"))


def _call_back(attempt: Attempt, result: Result, *, as_of: date) -> None:
    """The call that was agreed on, without a step behind it."""
    Task.objects.create(
        customer_id=attempt.customer_id,
        kind="phone",
        subject="call_back",
        due_on=_day_of(result, as_of),
        at_time=result.at,
        note=result.note[:500],
    )
