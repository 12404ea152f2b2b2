"""Actions that wait for an approval: who may grant or refuse them, and what follows (design 6, rule 15).

A grant lets the action's items move in the same reaction, or in the next run where the account had its contact today.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.access.permissions import may
from spartito.actions.models import Message, PlannedAction
from spartito.actions.operations import ActionRefused, drop_action
from spartito.journal.models import Entry
from spartito.journal.operations import write
from spartito.portfolio.models import Customer
from spartito.portfolio.visibility import visible_to
from spartito.reference.queries import add_working_days


def waiting_for_approval(*, user: User, as_of: date) -> QuerySet[PlannedAction]:
    """The actions of customers that `user` sees and that nobody granted or refused yet, the oldest first."""
    waiting = PlannedAction.objects.filter(waits_for="approval", withdrawn_on=None, cleared_on=None)
    mine = waiting.filter(account__in=visible_to(user, as_of))
    return mine.select_related("account", "creditor", "message").order_by("due_on", "id")


def grant_action(
    *, user: User | None, customers: Sequence[int], as_of: date, action: int, because: str = ""
) -> PlannedAction:
    """Let an action that waits for approval go on. Raises ActionRefused, also to who caused it."""
    found = _to_decide(action, customers, user=user, as_of=as_of)
    found.cleared_on, found.cleared_by = as_of, user
    found.save(update_fields=["cleared_on", "cleared_by"])
    _tell("action.granted", found, user=user, as_of=as_of, because=because)
    return found


def grant_actions(*, user: User | None, customers: Sequence[int], as_of: date, actions: Sequence[int]) -> int:
    """Let several go on, all or none; gives how many. Raises ActionRefused, also to who caused one of them."""
    for action in actions:
        grant_action(user=user, customers=customers, as_of=as_of, action=action)
    return len(actions)


def refuse_action(
    *,
    user: User | None,
    customers: Sequence[int],
    as_of: date,
    action: int,
    not_before: date | None = None,
    skip: bool = False,
    because: str = "",
) -> PlannedAction:
    """Refuse an action that waits for approval: not before a day, when it is asked again, or skipped for good.

    Raises ActionRefused when neither or both are said, and to who caused it.
    """
    if (not_before is None) != skip:
        raise ActionRefused(_("a refusal says either not before which day, or that the step is skipped"))
    found = _to_decide(action, customers, user=user, as_of=as_of)
    drop_action(user=user, customers=customers, as_of=as_of, action=found.pk, not_before=not_before, reason=because)
    found.refresh_from_db()
    _tell("action.refused", found, user=user, as_of=as_of, because=because)
    return found


def _to_decide(action: int, customers: Sequence[int], *, user: User | None, as_of: date) -> PlannedAction:
    found = PlannedAction.objects.select_for_update(of=("self",)).filter(pk=action, account__in=customers).first()
    if found is None or found.withdrawn_on is not None or found.waits_for != "approval" or found.cleared_on:
        raise ActionRefused(_("action %(action)s does not wait for an approval") % {"action": action})
    if user is not None and not may(user, "approve", as_of):
        raise ActionRefused(_("%(user)s may not decide on requests") % {"user": user.username})
    if user is not None and _caused_by(found) == user.pk:
        raise ActionRefused(
            _("action %(action)s came of what you did: another person decides on it") % {"action": action}
        )
    return found


def _caused_by(action: PlannedAction) -> int | None:
    """Whose act the engine answered with this action; None where the night planned it."""
    if action.run_id is not None:
        return None
    members = Customer.objects.filter(account=action.account_id).values("pk")
    acts = Entry.objects.filter(customer_id__in=members, origin="person", at__lte=action.planned_at)
    last = acts.order_by("-at", "-id").first()
    return last.user_id if last else None


def _tell(verb: str, action: PlannedAction, *, user: User | None, as_of: date, because: str) -> None:
    told = {"action": action.pk, "step": action.step_code, "how": action.withdrawn_because, "because": because.strip()}
    write(
        business_date=as_of,
        verb=verb,
        customer=action.account_id,
        user=user,
        data={key: value for key, value in told.items() if value},
    )


# How the four words on a contact that waits are recorded as outcomes.
WORDS = {"DONE": "go", "POST": "wait", "PDP": "promised", "CON": "contested"}


def check_word(action: PlannedAction, *, code: str, several: bool) -> None:
    """Raises ActionRefused unless it is one of the four words, on a contact that still waits for it."""
    if code.upper() not in WORDS or several:
        raise ActionRefused(
            _("the question is whether the contact may go: answer with one of %(known)s")
            % {"known": ", ".join(f"{known} ({word})" for known, word in WORDS.items())}
        )
    if action.waits_for != "consult" or action.withdrawn_on is not None:
        raise ActionRefused(_("action %(action)s does not wait for a word any more") % {"action": action.pk})


def take_word(action: PlannedAction, *, code: str, until: date | None, user: User | None, as_of: date) -> None:
    """Go on now, or wait until a day, at most `max_delay` days after it was asked; a hold does the rest by itself."""
    longest = action.due_on + timedelta(days=int(action.params["consult"]["max_delay"]))
    if code == "POST" and until is not None and until > longest:
        raise ActionRefused(
            _("%(until)s is too late: the contact may wait until %(longest)s at most")
            % {"until": until.isoformat(), "longest": longest.isoformat()}
        )
    if code in ("DONE", "POST"):
        action.cleared_on = until if code == "POST" else as_of
        action.cleared_by = user
        action.save(update_fields=["cleared_on", "cleared_by"])


def take_back_word(action: PlannedAction, *, as_of: date) -> None:
    """The question stands again. Raises ActionRefused when the contact went on meanwhile."""
    if action.waits_for != "consult":
        raise ActionRefused(_("action %(action)s does not wait for a word any more") % {"action": action.pk})
    consult = action.params["consult"]
    silence = add_working_days(action.due_on, int(consult["working_days"]))
    longest = action.due_on + timedelta(days=int(consult["max_delay"]))
    action.cleared_on = max(as_of, silence if consult["silence"] == "proceed" else longest)
    action.cleared_by = None
    action.save(update_fields=["cleared_on", "cleared_by"])


def message_of(action: PlannedAction) -> Message | None:
    """What will leave when the action is granted; None for a call or a measure."""
    return getattr(action, "message", None)
