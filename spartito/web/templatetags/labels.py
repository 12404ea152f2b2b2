"""Tags that say codes in words (`web/labels.py`)."""

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spartito.access.profiles import PROFILES
from spartito.actions.models import Attempt, Message, Task
from spartito.actions.outcomes import said_of
from spartito.actions.rules import consequence_of
from spartito.portfolio.models import Item
from spartito.strategies.names import step_name
from spartito.web import consequences, labels, stepnames, words
from spartito.web.timeline import SAYINGS, icon_of, sentence
from spartito.web.wording import CHANGES, VERBS

register = template.Library()


@register.filter
def task_icon(kind: str) -> str:
    return labels.TASK_ICONS.get(kind, "circle")


@register.simple_tag
def task_name(task: Task) -> str:
    """`Call`, `Find an address` …: the subject where there is one, else what a step calls its work, else the kind."""
    own = ""
    if task.subject == "task" and task.kind == "internal":  # two strategies may call the same code by different names
        own = step_name(task.step_code, task.planned_action.version_id if task.planned_action else None)
    return str(labels.SUBJECTS.get(task.subject) or own or labels.TASKS.get(task.kind) or task.kind)


@register.simple_tag
def what_follows(task: Task, code: str) -> list[str]:
    """What will follow from an outcome of a task, a line each."""
    return consequences.lines(consequence_of(code, said_of(task.planned_action)))


@register.simple_tag
def led_to(result: Any) -> list[str]:
    """What an outcome led to at once, when that is what was recorded; nothing of other operations."""
    return consequences.done(result) if isinstance(result, Task) else []


@register.simple_tag
def hold_name(kind: str) -> str:
    return str(labels.HOLDS.get(kind, kind))


@register.simple_tag
def hold_end(kind: str) -> str:
    """What ends a hold of this kind."""
    return str(labels.HOLD_ENDS.get(kind, ""))


@register.simple_tag
def why_not_name(code: str) -> str:
    """Why the engine leaves a document in peace."""
    return str(labels.WHY_NOT.get(code, code.replace("_", " ")))


@register.simple_tag
def waits_for_name(code: str) -> str:
    """What a due step of a document waits for."""
    return str(labels.WAITS_FOR.get(code, code.replace("_", " ")))


@register.simple_tag
def block_name(level: int) -> str:
    return f"{level} · {labels.BLOCKS.get(level, '')}"


@register.simple_tag
def block_reason(reason: str) -> str:
    """Why orders are blocked: the engine's reason in words, a person's as it was written."""
    return str(labels.BLOCK_REASONS.get(reason, reason))


@register.simple_tag
def source_name(source: str) -> str:
    """The way a file came in."""
    return str(labels.SOURCES.get(source, source))


@register.simple_tag
def bank_name(status: str) -> str:
    return str(labels.BANK.get(status, status))


@register.simple_tag
def closed_name(cause: str) -> str:
    return str(labels.CLOSED.get(cause, cause))


@register.simple_tag
def document_name(kind: str) -> str:
    return str(labels.DOCUMENTS.get(kind, kind))


@register.simple_tag
def role_name(role: str) -> str:
    return str(labels.ROLES.get(role, role))


@register.simple_tag
def profile_name(code: str) -> str:
    profile = PROFILES.get(code)
    return getattr(profile, f"name_{words.language()}") if profile else code


@register.simple_tag
def run_status(status: str) -> str:
    return str(labels.RUNS.get(status, status))


@register.simple_tag
def verb_name(verb: str) -> str:
    """What a verb of the journal means: `incasso ricevuto`; one nobody foresaw is read as it is written."""
    if verb in VERBS:
        return str(VERBS[verb])
    return SAYINGS[verb]({}) if verb in SAYINGS else str(CHANGES.get(verb) or verb.replace(".", ": ").replace("_", " "))


@register.simple_tag
def long_day(value: date) -> str:
    return words.exact(value)


@register.simple_tag(takes_context=True)
def days_late(context: Context, due: date) -> str:
    """How late a due date is on the page's day: `32 giorni`."""
    return words.days((context["today"] - due).days)


@register.simple_tag(takes_context=True)
def late_of(context: Context, item: Item) -> int:
    """Days that a document is late on the page's day; 0 when it is not."""
    return item.days_late(context["today"])


@register.simple_tag
def from_due(days: int) -> str:
    """When a step comes: `15 days after the due date`."""
    if days < 0:
        return ngettext("%(n)d day before the due date", "%(n)d days before the due date", -days) % {"n": -days}
    return ngettext("%(n)d day after the due date", "%(n)d days after the due date", days) % {"n": days}


@register.simple_tag(takes_context=True)
def last_contact(context: Context, attempt: Attempt | None, message: Message | None) -> SafeString:
    """The later of the last attempt and the last message that left: when, how, with what outcome."""
    if message and (attempt is None or (message.sent_on and message.sent_on > attempt.made_on)):
        what = words.channel(message.sent_by if message.sent_by not in ("", "replay") else message.channel)
        step = stepnames.step_name(message.step_code)
        return _when(context, message.sent_on, f"{what}, {step}" if step else what)
    assert attempt is not None
    outcome = getattr(attempt.outcome, f"name_{words.language()}")
    how = _("they called") if attempt.direction == "in" else words.channel(attempt.channel)
    return _when(
        context, attempt.made_on, f"{how}, {outcome.lower()}" + (f": {attempt.note[:80]}" if attempt.note else "")
    )


def _when(context: Context, value: Any, what: str) -> SafeString:
    return format_html(
        '<time title="{}">{}</time> ({})', words.exact(value), words.spoken(value, context["today"]), what
    )


@register.simple_tag(takes_context=True)
def entry_line(context: Context, entries: dict[int, Any], customer: int) -> SafeString | str:
    """The journal line kept for a customer, as a sentence with its day."""
    entry = entries.get(customer)
    if entry is None:
        return _("nothing in the last 60 days")
    return format_html("{} · {}", words.spoken(entry.business_date, context["today"]), sentence(entry))


@register.filter
def said(entry: Any) -> str:
    """A journal entry as a sentence."""
    return sentence(entry)


@register.filter
def entry_icon(entry: Any) -> str:
    return icon_of(entry)


@register.filter
def clock(value: Any) -> str:
    """The hour of an instant on the tenant's clock."""
    return date_format(value, "H:i") if value else ""


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes as hours: `6 h 20`, `45 min`, `8 h`."""
    if minutes is None:
        return ""
    whole, rest = divmod(int(minutes), 60)
    if not whole:
        return f"{rest} min" if rest else "0 h"
    return f"{whole} h {rest:02}" if rest else f"{whole} h"


@register.filter
def reason_name(code: str) -> str:
    """A criterion of the priority in words."""
    return str(labels.REASONS.get(code, code))


@register.filter
def decision_name(code: str) -> str:
    """A concession in words."""
    return str(labels.DECISIONS.get(code, code))


@register.filter
def authority_name(code: str) -> str:
    """Who decides, in words."""
    return str(labels.AUTHORITIES.get(code, code))
