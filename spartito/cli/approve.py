"""`spartito approve`: what waits for an approval, and the word on it."""

from spartito.cli.frame import DATE, Door, argument, option, tenant_command
from spartito.platform.errors import Refused


@tenant_command("approve")
@argument("action", type=int, required=False)
@option("--user", "username", required=True, help="Who decides.")
@option("--refuse", is_flag=True, help="Refuse it: with --not-before or --skip.")
@option("--not-before", type=DATE, help="Refused until that day, when it is asked again.")
@option("--skip", is_flag=True, help="Refused for good: the step counts as taken.")
@option("--because", default="", help="Why.")
@option("--date", "day", type=DATE, help="The business date; today, or the last run's, when left out.")
def approve(door: Door, action, username, refuse, not_before, skip, because, day):
    """Without ACTION lists what waits for an approval; with it, grants or refuses."""
    from spartito.access.permissions import may
    from spartito.actions.clearing import grant_action, refuse_action, waiting_for_approval
    from spartito.cli.hold import what_follows
    from spartito.cycle.act import act

    user, as_of = door.user(username), door.day_of_acting(day)
    if not may(user, "approve", as_of):
        raise Refused("%(user)s may not decide on requests", user=username)
    waiting = waiting_for_approval(user=user, as_of=as_of)
    if action is None:
        return {"date": as_of, "waiting": [_of(each) for each in waiting]}
    found = waiting.filter(pk=action).first()
    if found is None:
        raise Refused("action %(action)s does not wait for an approval", action=action)
    if (not_before or skip) and not refuse:
        raise Refused("--not-before and --skip go with --refuse")
    how = {"not_before": not_before, "skip": skip} if refuse else {}
    decided = act(
        refuse_action if refuse else grant_action,
        user=user,
        customers=[found.account_id],
        as_of=as_of,
        action=action,
        because=because,
        **how,
    )
    return {"action": action, "word": "refused" if refuse else "granted", **what_follows(decided)}


def _of(action) -> dict:
    from spartito.actions.clearing import message_of

    message = message_of(action)
    return {
        "action": action.pk,
        "customer": action.account.code,
        "step": action.step_code,
        "what": action.channel or action.action,
        "asked_on": action.due_on,
        "overdue": action.overdue_amount,
        "message": message.pk if message else None,
    }
