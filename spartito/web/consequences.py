"""What follows from an outcome, said in words: in the editor of strategies and where a person records one."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from spartito.actions.rules import NEXT_STEP, RETRY, Consequence
from spartito.web import labels
from spartito.web.rolenames import ROLES

TASKS: dict[str, str | Promise] = {
    "internal": gettext_lazy("something to do"),
    "phone": gettext_lazy("a call"),
    "find_contact": gettext_lazy("find the right contact"),
    "review": gettext_lazy("a review"),
    "payment_check": gettext_lazy("check the payment"),
    "plan_proposal": gettext_lazy("propose a plan"),
    "send_copy": gettext_lazy("send the copy"),
}


def said_consequence(consequence: Consequence, *, steps: Mapping[str, str]) -> str:
    """One line: `si riprova dopo 1 giorno, al massimo 3 volte; poi il passo successivo`. `steps` names them by code."""
    parts = [*_again(consequence), *_afterwards(consequence, steps), *_besides(consequence)]
    return "; ".join(parts) or _("nothing more: the contact is made")


def _again(consequence: Consequence) -> list[str]:
    if consequence.retry_in is not None:
        said = ngettext("tried again after %(n)d day", "tried again after %(n)d days", consequence.retry_in)
        said %= {"n": consequence.retry_in}
        if consequence.max:
            said += ngettext(", %(n)d time at most", ", %(n)d times at most", consequence.max) % {"n": consequence.max}
        return [said]
    return [_("tried again")] if consequence.then == RETRY else []


def _afterwards(consequence: Consequence, steps: Mapping[str, str]) -> list[str]:
    target = consequence.go_to or ("" if consequence.then == RETRY else consequence.then)
    if not target:
        return []
    name = _("the next step") if target == NEXT_STEP else steps.get(target, target)
    if consequence.go_to:
        return [_("at once: %(step)s") % {"step": name}]
    return [_("then %(step)s") % {"step": name}]


def _besides(consequence: Consequence) -> list[str]:
    parts = []
    if consequence.hold:
        parts.append(_("held: %(kind)s") % {"kind": str(labels.HOLDS.get(consequence.hold, consequence.hold)).lower()})
    if consequence.review_in:
        parts.append(ngettext("reviewed after %(n)d day", "reviewed after %(n)d days", consequence.review_in) % {"n": consequence.review_in})  # fmt: skip
    if consequence.send:
        parts.append(_("sends %(template)s") % {"template": consequence.send})
    if consequence.task:
        role = ROLES.get(consequence.task.assign_to, consequence.task.assign_to)
        kind = TASKS.get(consequence.task.kind, consequence.task.kind)
        parts.append(_("a task for %(who)s: %(what)s") % {"who": role, "what": kind})
    if consequence.notify:
        parts.append(
            _("tells %(whom)s") % {"whom": ", ".join(str(ROLES.get(each, each)) for each in consequence.notify)}
        )
    return parts
