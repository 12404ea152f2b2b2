"""`spartito contact` and `spartito drop`: a contact that no step asked for, and a step that is not to be taken."""

import click

from spartito.cli.frame import AMOUNT, DATE, TIME, Door, argument, option, tenant_command

BY_USER = option("--user", "username", required=True, help="Who did it.")
ON = option("--date", "day", type=DATE, help="The business date; today, or the last run's, when left out.")


@tenant_command("contact")
@argument("customer")
@argument("code", default="DONE")
@option("--direction", type=click.Choice(["out", "in"]), default="out", show_default=True, help="Who called.")
@option("--channel", default="phone", show_default=True)
@option("--amount", type=AMOUNT)
@option("--on", type=DATE, help="The day promised, or to call back.")
@option("--at", type=TIME, help="The hour to call back.")
@option("--document", "documents", multiple=True, help="A document it is about; all that is overdue when left out.")
@option("--note", default="")
@BY_USER
@ON
def contact(door: Door, customer, username, day, **told):
    """Records a contact without a task, ours or theirs, with its outcome CODE; it counts in the contact limit."""
    from spartito.actions.outcomes import record_contact

    decided = _act(
        door, record_contact, "notes.write", "tasks.work", customer=customer, username=username, day=day, **told
    )
    return {"action": decided.result.pk, "outcome": told["code"].upper(), **_followed(decided)}


@tenant_command("drop")
@argument("customer")
@argument("step")
@option("--skip", is_flag=True, help="It counts as taken.")
@option("--not-before", type=DATE, help="It waits for that day.")
@option("--because", "reason", default="", help="Why.")
@BY_USER
@ON
def drop(door: Door, customer, step, skip, not_before, reason, username, day):
    """Takes a planned step of a customer back before it leaves: skipped, or not before a day."""
    from spartito.actions.operations import drop_action
    from spartito.platform.errors import Refused

    if skip == bool(not_before):
        raise Refused("say either --skip or --not-before")

    def standing(found):
        return {"action": _standing(found, step).pk}

    decided = _act(
        door, drop_action, "messages.manage", customer=customer, username=username, day=day, more=standing,
        not_before=not_before, reason=reason,
    )  # fmt: skip
    return {"action": decided.result.pk, "how": decided.result.withdrawn_because, **_followed(decided)}


def _act(door: Door, operation, *permissions: str, customer: str, username: str, day, more=None, **given):
    """Acts on a customer that the user may see; the whole account is meant."""
    from spartito.access.permissions import may
    from spartito.cycle.act import act
    from spartito.platform.errors import Refused
    from spartito.portfolio.queries import customer_by_code

    user, as_of = door.user(username), door.day_of_acting(day)
    if not all(may(user, permission, as_of) for permission in permissions):
        raise Refused("%(user)s may not do this", user=username)
    found = customer_by_code(user=user, as_of=as_of, code=customer)
    whose = found.account_id or found.pk
    return act(operation, user=user, customers=[whose], as_of=as_of, **given, **(more(found) if more else {}))


def _standing(customer, step: str):
    """The customer's last planned action of a step that was not withdrawn."""
    from spartito.actions.models import PlannedAction
    from spartito.platform.errors import Refused

    account = customer.account_id or customer.pk
    rows = PlannedAction.objects.filter(account=account, step_code=step, withdrawn_on=None)
    found = rows.order_by("-due_on", "-pk").first()
    if found is None:
        raise Refused("nothing is planned for %(code)s at step %(step)s", code=customer.code, step=step)
    return found


def _followed(decided) -> dict:
    from spartito.cli.worklist import of_action

    return {
        "date": decided.as_of,
        "planned": [of_action(action) for action in decided.planned],
        "withdrawn": decided.withdrawn,
        "tasks_closed": decided.closed,
        "next_action": decided.next_action,
    }
