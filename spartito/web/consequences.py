"""What follows from an outcome, said in words: in the editor of strategies, before it is recorded, and after."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spartito.actions.models import Task
from spartito.actions.queries import led_to_by
from spartito.actions.rules import NEXT_STEP, RETRY, Consequence
from spartito.communications.queries import templates_in_force
from spartito.web import labels, words
from spartito.web.rolenames import role_name
from spartito.web.stepnames import step_name

KEPT = 300  # seconds
Names = Mapping[str, str]


def said_consequence(follows: Consequence, *, steps: Names) -> str:
    """Of a step in the editor, on one line: `si riprova dopo 1 giorno, al massimo 3 volte; poi il passo successivo`."""
    told = [_again_in_general(follows), _order_in_general(follows, steps), _hold(follows), *_besides(follows)]
    return "; ".join(line for line in told if line) or _("nothing more: the contact is made")


def lines(follows: Consequence, *, tries: int = 1) -> list[str]:
    """What will follow from the outcome of this try, a line each."""
    told = [_hold(follows), _again(follows, tries), _order(follows.order(tries)), *_besides(follows)]
    return [line for line in told if line] or [_("the task is done")]


def done(task: Task) -> list[str]:
    """What the last outcome of a task led to at once, a line each; nothing once taken back."""
    made = led_to_by(task)
    told = [_put(hold) for hold in made["holds"]]
    told += [_task(each["subject"] or each["kind"], each["assign_to"]) for each in made["tasks"]]
    if made["messages"]:
        told.append(_("what they asked for is on its way"))
    if task.status == Task.Status.OPEN and task.not_before:
        hour = f" {task.at_time:%H:%M}" if task.at_time else ""
        told.append(_("tried again on %(day)s") % {"day": words.numeric(task.not_before) + hour})
    return told + [_order(wanted) for wanted in made["orders"]]


def task_words(kind: str) -> str:
    """A task as a list calls it: by its subject where that has a name, else by its kind."""
    return str(labels.SUBJECTS.get(kind) or labels.TASKS.get(kind, kind))


def _again_in_general(follows: Consequence) -> str:
    if follows.retry_in is None:
        return _("tried again") if follows.then == RETRY else ""
    said = ngettext("tried again after %(n)d day", "tried again after %(n)d days", follows.retry_in)
    said %= {"n": follows.retry_in}
    if follows.max:
        said += ngettext(", %(n)d time at most", ", %(n)d times at most", follows.max) % {"n": follows.max}
    return said


def _order_in_general(follows: Consequence, steps: Names) -> str:
    target = follows.go_to or ("" if follows.then == RETRY else follows.then)
    if not target:
        return ""
    name = _("the next step") if target == NEXT_STEP else steps.get(target, target)
    return (_("at once: %(step)s") if follows.go_to else _("then %(step)s")) % {"step": name}


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


def _besides(follows: Consequence) -> list[str]:
    """Tasks for others, who is told, what is sent."""
    told = [_task(follows.task.kind, follows.task.assign_to)] if follows.task else []
    told += [_("%(who)s is told") % {"who": role_name(role)} for role in follows.notify]
    if follows.send:
        told.append(_("“%(template)s” leaves for the customer") % {"template": _template(follows.send)})
    return told


def _task(kind: str, role: str) -> str:
    return _("%(task)s, for %(who)s") % {"task": task_words(kind), "who": role_name(role)}


def _template(code: str) -> str:
    """A template's name in the page's language, else its code in words."""
    names = cache.get_or_set("template_names", _names_of_templates, KEPT) or {}
    return str(names.get((code, words.language())) or names.get((code, "it")) or words.step(code))


def _names_of_templates() -> dict[tuple[str, str], str]:
    return {(each.code, each.language): each.name for each in templates_in_force()}


def _put(hold: dict[str, Any]) -> str:
    kind = str(labels.HOLDS.get(hold["kind"], hold["kind"]))
    of = [str(hold["document"] or ""), words.amount(hold["amount"]) if hold["amount"] else ""]
    until = _("until %(day)s") % {"day": words.numeric(hold["to"])} if hold["to"] else ""
    return " · ".join(part for part in (_("put on hold: %(kind)s") % {"kind": kind}, *of, until) if part)
