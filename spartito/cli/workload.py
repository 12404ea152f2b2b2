"""`spartito absence`, `move`, `capacity` and `target`: who does the work, when, and what is to be reached."""

import click

from spartito.cli.frame import AMOUNT, DATE, Door, argument, group, option, tenant_command

BY_USER = option("--user", "username", required=True, help="Who decides.")
ON = option("--date", "day", type=DATE, help="The business date; today, or the last run's, when left out.")

absence = group("absence", "Who is away, and who stands in.")
target = group("target", "What the team, or a person, is to reach.")


@tenant_command("add", parent=absence)
@argument("person")
@option("--from", "starts_on", type=DATE, required=True, help="First day.")
@option("--to", "ends_on", type=DATE, required=True, help="Last day.")
@option("--substitute", help="Who stands in; the credit manager when left out.")
@BY_USER
@ON
def add(door: Door, person, starts_on, ends_on, substitute, username, day):
    """Records that a person is away; one that covers today hands the tasks on at once."""
    from spartito.cycle.act import act
    from spartito.worklist.direction import customers_worked_by
    from spartito.worklist.operations import record_absence

    user, as_of = _who_may(door, username, day, "tasks.work")
    away, stand_in = door.user(person), door.user(substitute) if substitute else None
    _check_own(user, away, as_of)
    now = starts_on <= as_of <= ends_on
    decided = act(
        record_absence, user=user, customers=customers_worked_by(away) if now else [], as_of=as_of, person=away.pk,
        starts_on=starts_on, ends_on=ends_on, substitute=stand_in and stand_in.pk,
    )  # fmt: skip
    return _of_absence(decided.result)


@tenant_command("end", parent=absence)
@argument("number", type=int)
@BY_USER
@ON
def end(door: Door, number, username, day):
    """The person is back today, earlier than said: what was handed on comes back."""
    from spartito.cycle.act import act
    from spartito.platform.errors import Refused
    from spartito.worklist.direction import customers_lent_by
    from spartito.worklist.models import Absence
    from spartito.worklist.operations import end_absence

    user, as_of = _who_may(door, username, day, "tasks.work")
    found = Absence.objects.select_related("user").filter(pk=number).first()
    if found is None:
        raise Refused("there is no absence %(number)s", number=number)
    _check_own(user, found.user, as_of)
    act(end_absence, user=user, customers=customers_lent_by(found.user), as_of=as_of, absence=number)
    return {"absence": number, "person": found.user.username, "back_on": as_of}


@tenant_command("list", parent=absence)
@ON
def absences(door: Door, day):
    """Those of today and of the days to come."""
    from spartito.worklist.models import Absence

    rows = Absence.objects.filter(ends_on__gte=day or door.business_date).select_related("user", "substitute")
    return {"absences": [_of_absence(each) for each in rows.order_by("starts_on", "pk")]}


@tenant_command("move")
@argument("tasks", type=int, nargs=-1)
@option("--from", "holder", help="All open tasks of this person instead of single ones.")
@option("--customer", help="Only those of this customer.")
@option("--to", "person", help="Give them to this person.")
@option("--on", type=DATE, help="Plan them for this day.")
@option("--because", default="", help="Why; needed with --on.")
@BY_USER
@ON
def move(door: Door, tasks, holder, customer, person, on, because, username, day):
    """Moves open tasks to another person, or to another day; all of them or none."""
    from spartito.cycle.act import act
    from spartito.platform.errors import Refused
    from spartito.worklist.operations import give_tasks, plan_tasks

    if bool(person) == bool(on):
        raise Refused("say either --to a person or --on a day")
    user, as_of = _who_may(door, username, day, "work.manage" if person else "tasks.work")
    found = _tasks_to_move(door, user, as_of, tasks=tasks, holder=holder, customer=customer)
    how = {"to": door.user(person).pk} if person else {"on": on, "because": because}
    ids, whose = [task.pk for task in found], sorted({task.customer_id for task in found})
    decided = act(give_tasks if person else plan_tasks, user=user, customers=whose, as_of=as_of, tasks=ids, **how)
    moved = {"to": person} if person else {"on": decided.result}
    return {"date": as_of, "tasks": ids, **moved}


@tenant_command("capacity")
@argument("person")
@argument("minutes", type=int)
@BY_USER
@ON
def capacity(door: Door, person, minutes, username, day):
    """Minutes a day that a person has for tasks; what exceeds them waits under "if time is left"."""
    from spartito.worklist.operations import set_capacity

    user, _as_of = _who_may(door, username, day, "work.manage")
    held = set_capacity(user=door.user(person), minutes_a_day=minutes, by=user)
    return {"person": person, "minutes_a_day": held.minutes_a_day}


@tenant_command("set", parent=target)
@argument("measure", type=click.Choice(["contacts", "promises", "cash"]))
@argument("period", type=click.Choice(["day", "week", "month"]))
@argument("amount", type=AMOUNT)
@option("--person", help="A single person's, where the company may show such figures; the team's when left out.")
@BY_USER
@ON
def set_(door: Door, measure, period, amount, person, username, day):
    """Sets a target from today on; 0 ends it."""
    from spartito.worklist.operations import set_target

    user, as_of = _who_may(door, username, day, "work.manage")
    whose = door.user(person).pk if person else None
    made = set_target(as_of=as_of, measure=measure, period=period, amount=amount, person=whose, by=user)
    return {
        "measure": made.measure,
        "period": made.period,
        "amount": made.amount,
        "person": person,
        "from": made.valid_from,
    }


@tenant_command("list", parent=target)
@BY_USER
@ON
def targets(door: Door, username, day):
    """The team's targets and the user's own, with what was reached of each."""
    from spartito.worklist.targets import own, team

    user, as_of = door.user(username), day or door.business_date
    return {
        "date": as_of,
        "team": [_of_target(each) for each in team(user, as_of)],
        "own": [_of_target(each) for each in own(user, as_of)],
    }


def _who_may(door: Door, username: str, day, permission: str):
    from spartito.access.permissions import may
    from spartito.platform.errors import Refused

    user, as_of = door.user(username), door.day_of_acting(day)
    if not may(user, permission, as_of):
        raise Refused("%(user)s may not do this", user=username)
    return user, as_of


def _check_own(user, away, as_of) -> None:
    """Absences of others are for who directs the work."""
    from spartito.access.permissions import may
    from spartito.platform.errors import Refused

    if user != away and not may(user, "work.manage", as_of):
        raise Refused("%(user)s may record their own absences only", user=user.username)


def _tasks_to_move(door: Door, user, as_of, *, tasks, holder, customer) -> list:
    """Open tasks that the user sees; of others' only for who directs the work."""
    from spartito.access.permissions import may
    from spartito.actions.models import Task
    from spartito.platform.errors import Refused
    from spartito.portfolio.queries import customer_by_code
    from spartito.portfolio.visibility import of_visible

    rows = of_visible(Task.objects.filter(status=Task.Status.OPEN), user=user, as_of=as_of)
    if not (tasks or holder or customer):
        raise Refused("say which tasks: their numbers, --from a person or --customer")
    if tasks:
        rows = rows.filter(pk__in=tasks)
    if holder:
        rows = rows.filter(assignment__user=door.user(holder))
    if customer:
        rows = rows.filter(customer__in=_account(customer_by_code(user=user, as_of=as_of, code=customer)))
    if not may(user, "work.manage", as_of):
        rows = rows.filter(assignment__user=user)
    found = list(rows.order_by("pk"))
    missing = set(tasks) - {task.pk for task in found}
    if missing:
        raise Refused("there is no task %(task)s to move", task=min(missing))
    if not found:
        raise Refused("there is no such task to move")
    return found


def _account(customer) -> set[int]:
    return {customer.pk, customer.account_id or customer.pk}


def _of_absence(held) -> dict:
    return {
        "absence": held.pk,
        "person": held.user.username,
        "from": held.starts_on,
        "to": held.ends_on,
        "substitute": held.substitute.username if held.substitute else None,
    }


def _of_target(each) -> dict:
    return {
        "measure": each.target.measure,
        "period": each.target.period,
        "amount": each.target.amount,
        "since": each.since,
        "reached": each.reached,
        "share": each.share,
    }
