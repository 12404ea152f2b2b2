"""What an outcome asks of the person who records it, and what will follow: said before it is saved, and after."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from spartito.access.profiles import PROFILES
from spartito.actions.consequences import debts_of
from spartito.actions.models import Attempt, Task
from spartito.actions.outcomes import said_of
from spartito.actions.queries import led_to_by
from spartito.actions.rules import NEXT_STEP, NOT_REACHED, Consequence, consequence_of
from spartito.portfolio.models import Item
from spartito.web import labels, words
from spartito.web.stepnames import step_name

# What each code asks, besides a note; the rest asks nothing.
ASKS: dict[str, tuple[str, ...]] = {
    "PDP": ("amount", "on", "documents"),
    "PAG": ("amount", "on", "documents"),
    "RIC": ("on", "at"),
    "POST": ("on",),
    "CON": ("documents",),
    "FAT": ("documents",),
    "RIF": ("documents",),
    "LEG": ("documents",),
}
DAYS: dict[str, str | Promise] = {
    "PDP": gettext_lazy("To be paid by"),
    "PAG": gettext_lazy("Paid on"),
    "RIC": gettext_lazy("Call back on"),
    "POST": gettext_lazy("Until"),
}
MOST_DOCUMENTS = 30


def ahead(task: Task, code: str, as_of: date) -> dict[str, Any]:
    """What the form of a code shows: its fields, the documents to choose from, and what will follow."""
    asks = ASKS.get(code, ())
    follows = consequence_of(code, said_of(task.planned_action))
    documents: list[Item] = []
    if "documents" in asks:
        documents = debts_of(account=task.customer_id, action=task.planned_action_id, as_of=as_of)[:MOST_DOCUMENTS]
    return {
        "asks": asks,
        "day_label": DAYS.get(code, ""),
        "day_needed": code == "POST" or follows.hold == "promise",
        "documents": documents if len(documents) > 1 else [],
        "follows": lines(follows, tries=_tries(task, code)),
    }


def _tries(task: Task, code: str) -> int:
    codes = NOT_REACHED if code in NOT_REACHED else (code,)
    return Attempt.objects.filter(task=task, undone_on__isnull=True, outcome__in=codes).count() + 1


def lines(follows: Consequence, *, tries: int = 1) -> list[str]:
    """What will follow, a line each."""
    told = [_hold(follows), _again(follows, tries), _order(follows.order(tries))]
    if follows.task:
        told.append(
            _("%(task)s, for %(who)s") % {"task": _task(follows.task.kind), "who": _role(follows.task.assign_to)}
        )
    told += [_("%(who)s is told") % {"who": _role(role)} for role in follows.notify]
    if follows.send:
        told.append(_("“%(template)s” leaves for the customer") % {"template": words.step(follows.send)})
    return [line for line in told if line] or [_("the task is done")]


def _hold(follows: Consequence) -> str:
    if not follows.hold:
        return ""
    kind = str(labels.HOLDS.get(follows.hold, follows.hold))
    if follows.hold == "promise":
        return _("no reminder until that day; if it is not kept, the next step comes at once")
    if follows.review_in:
        return _("%(kind)s: no reminder; looked at again in %(days)s days") % {"kind": kind, "days": follows.review_in}
    return _("%(kind)s: no reminder meanwhile") % {"kind": kind}


def _again(follows: Consequence, tries: int) -> str:
    if not follows.comes_back(tries):
        return ""
    if follows.retry_in is None:
        return _("tried again when that is settled") if follows.task else _("it comes back on that day")
    days = ngettext("tried again in %(days)s day", "tried again in %(days)s days", follows.retry_in)
    most = follows.max or tries
    left = ngettext("try %(this)s of %(most)s", "try %(this)s of %(most)s", most) % {"this": tries, "most": most}
    return f"{days % {'days': follows.retry_in}} ({left})" if follows.max else days % {"days": follows.retry_in}


def _order(wanted: str) -> str:
    if not wanted:
        return ""
    if wanted == NEXT_STEP:
        return _("the next step comes at once")
    return _("%(step)s comes at once") % {"step": step_name(wanted)}


def _task(kind: str) -> str:
    return str(labels.SUBJECTS.get(kind) or labels.TASKS.get(kind, kind))


def _role(code: str) -> str:
    if code == "collector":
        return _("the collector")
    profile = PROFILES.get(code)
    if profile is None:
        return code
    return profile.name_it if words.language() == "it" else profile.name_en


def done(task: Task) -> list[str]:
    """What the last outcome of a task led to at once, a line each; nothing once taken back."""
    made = led_to_by(task)
    told = [_put(hold) for hold in made["holds"]]
    told += [
        _("%(task)s, for %(who)s") % {"task": _task(each["subject"] or each["kind"]), "who": _role(each["assign_to"])}
        for each in made["tasks"]
    ]
    if made["messages"]:
        told.append(_("what they asked for is on its way"))
    if task.status == Task.Status.OPEN and task.not_before:
        hour = f" {task.at_time:%H:%M}" if task.at_time else ""
        told.append(_("tried again on %(day)s") % {"day": words.numeric(task.not_before) + hour})
    return told + [_order(wanted) for wanted in made["orders"]]


def _put(hold: dict[str, Any]) -> str:
    kind = str(labels.HOLDS.get(hold["kind"], hold["kind"]))
    of = [str(hold["document"] or ""), words.amount(hold["amount"]) if hold["amount"] else ""]
    until = _("until %(day)s") % {"day": words.numeric(hold["to"])} if hold["to"] else ""
    return " · ".join(part for part in (_("put on hold: %(kind)s") % {"kind": kind}, *of, until) if part)
