"""The journal as sentences in the reader's language: a verb and its data, said as a person would."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.actions.rules import OUTCOMES
from spartito.journal.models import Entry
from spartito.web import labels, words
from spartito.web.stepnames import step_name
from spartito.web.wording import reason_of

Data = dict[str, Any]
Saying = Callable[[Data], str]

ICONS = {
    "message": "mail",
    "outcome": "phone",
    "contact": "message-circle",
    "note": "note",
    "hold": "player-pause",
    "block": "lock",
    "item": "file-invoice",
    "payment": "cash",
    "task": "list-check",
    "customer": "user",
    "action": "route",
    "step": "route",
    "level": "route",
    "strategy": "route",
    "import": "file-import",
    "promise": "calendar-dollar",
}


def sentence(entry: Entry) -> str:
    """What the entry says. A verb nobody foresaw is read as it is written, with its data."""
    saying = SAYINGS.get(entry.verb)
    data = entry.data or {}
    return saying(data) if saying else _unforeseen(entry.verb, data)


def icon_of(entry: Entry) -> str:
    return ICONS.get(entry.verb.split(".")[0], "point")


def _day(data: Data, key: str) -> str:
    try:
        return words.numeric(date.fromisoformat(str(data[key])))
    except (KeyError, ValueError):
        return ""


def _amount(data: Data, key: str = "amount") -> str:
    try:
        return words.amount(Decimal(str(data[key])))
    except (KeyError, InvalidOperation):
        return ""


def _with(text: str, *more: str) -> str:
    """The text and what follows it, where there is something."""
    return " · ".join(part for part in (text, *more) if part)


BECAUSE: dict[str, str | Promise] = {
    "paid": gettext_lazy("it was paid"),
    "hold": gettext_lazy("a hold covers it"),
    "at_bank": gettext_lazy("it was presented to the bank"),
    "not_dunnable": gettext_lazy("nothing of it may be asked for any more"),
    "new_money": gettext_lazy("money that came in covers it"),
    "repeated": gettext_lazy("asked for again by the same step"),
    "skipped": gettext_lazy("skipped by a person"),
    "not_before": gettext_lazy("postponed by a person"),
    "undone": gettext_lazy("the outcome was taken back"),
    "campaign_stopped": gettext_lazy("the campaign was stopped"),
}


def _because(data: Data) -> str:
    code = str(data.get("because") or data.get("reason") or data.get("note") or "")
    return str(BECAUSE.get(code, code))


def _outcome(data: Data) -> str:
    code = str(data.get("outcome", ""))
    name = OUTCOMES[code][0 if words.language() == "it" else 1] if code in OUTCOMES else code
    parts = [
        ", ".join(data.get("documents") or []),
        _amount(data),
        _("for %(day)s") % {"day": _day(data, "on")} if _day(data, "on") else "",
        str(data.get("at", "")),
        str(data.get("note", "")),
    ]
    what = step_name(str(data.get("step", ""))) or str(labels.TASKS.get(data.get("kind", ""), ""))
    return _with(_("%(what)s: %(outcome)s") % {"what": what or _("task"), "outcome": name.lower()}, *parts)


def _broken(data: Data) -> str:
    paid = (
        _("of which paid %(amount)s") % {"amount": _amount(data, "paid")} if data.get("paid") not in (None, "0") else ""
    )
    until = _("until %(day)s") % {"day": _day(data, "ends_on")}
    return _with(_("promise not kept"), str(data.get("document") or ""), _amount(data), until, paid)


def _contact(data: Data) -> str:
    channel = words.channel(str(data.get("channel", "")))
    text = (
        _("they contacted us (%(channel)s)") if data.get("direction") == "in" else _("we contacted them (%(channel)s)")
    )
    return _with(text % {"channel": channel}, str(data.get("note", "")))


def _hold(text: str | Promise) -> Saying:
    def say(data: Data) -> str:
        kind = str(labels.HOLDS.get(data.get("kind", ""), data.get("kind", "")))
        until = _("until %(day)s") % {"day": _day(data, "ends_on")} if _day(data, "ends_on") else ""
        return _with(str(text) % {"kind": kind}, str(data.get("document") or ""), _amount(data), until, _because(data))

    return say


def _message(text: str | Promise) -> Saying:
    def say(data: Data) -> str:
        channel = words.channel(str(data.get("sent_by") or data.get("channel") or ""))
        code = str(data.get("because") or data.get("held_because") or "")
        reason = BECAUSE.get(code) or (found.short if (found := reason_of(code)) else "")
        to = str(data.get("to") or data.get("to_address") or "")
        return _with(str(text), step_name(str(data.get("step", ""))), channel, to, str(reason))

    return say


def _plain(text: str | Promise) -> Saying:
    return lambda data: _with(
        str(text), str(data.get("document") or data.get("number") or ""), _amount(data), _because(data)
    )


def _changed(text: str | Promise) -> Saying:
    def say(data: Data) -> str:
        fields = ", ".join(key.replace("_", " ") for key in (data.get("changed") or {}))
        return _with(str(text), str(data.get("contact") or ""), fields)

    return say


def _assigned(data: Data) -> str:
    who = data.get("collector") or _("nobody")
    return _with(_("given to %(who)s") % {"who": who}, _because(data))


def _closed(data: Data) -> str:
    cause = str(labels.CLOSED.get(data.get("cause", ""), data.get("cause", "")))
    return _with(_("document closed"), str(data.get("document") or data.get("number") or ""), cause, _amount(data))


def _closed_in_part(data: Data) -> str:
    cause = str(labels.CLOSED.get(data.get("cause", ""), "")) if data.get("cause") != "unknown" else ""
    return _with(_("amount reduced"), str(data.get("document") or ""), cause, _amount(data))


def _planned(data: Data) -> str:
    """A decision of the engine, with the document and the delay that made it."""
    how = words.channel(str(data.get("channel") or data.get("measure") or ""))
    late = data.get("days_overdue")
    document = _("document %(number)s") % {"number": data.get("document", "")} if data.get("document") else ""
    late_by = _("%(days)s late") % {"days": words.days(late)} if isinstance(late, int) and late > 0 else ""
    return _with(_("planned: %(step)s") % {"step": step_name(str(data.get("step", "")))}, how, document, late_by)


def _block(data: Data) -> str:
    level = labels.BLOCKS.get(int(data.get("level") or 0), "")
    return _with(_("order block: %(level)s") % {"level": level}, _because(data))


def _unforeseen(verb: str, data: Data) -> str:
    told = ", ".join(str(value) for value in data.values() if isinstance(value, str) and value)
    return _with(verb.replace(".", ": ").replace("_", " "), told)


SAYINGS: dict[str, Saying] = {
    "outcome.recorded": _outcome,
    "outcome.undone": _plain(gettext_lazy("outcome taken back")),
    "promise.broken": _broken,
    "contact.recorded": _contact,
    "contact.created": _changed(gettext_lazy("new contact")),
    "contact.edited": _changed(gettext_lazy("contact changed")),
    "contact.ended": _changed(gettext_lazy("contact no longer used")),
    "note.written": lambda data: str(data.get("note", "")),
    "hold.put": _hold(gettext_lazy("put on hold: %(kind)s")),
    "hold.extended": _hold(gettext_lazy("hold extended: %(kind)s")),
    "hold.released": _hold(gettext_lazy("hold released: %(kind)s")),
    "hold.ended": _hold(gettext_lazy("hold ended: %(kind)s")),
    "block.raised": _block,
    "block.lowered": _block,
    "block.released": _plain(gettext_lazy("orders released")),
    "message.composed": _message(gettext_lazy("message written")),
    "message.queued": _message(gettext_lazy("message ready")),
    "message.held": _message(gettext_lazy("message held")),
    "message.sent": _message(gettext_lazy("message sent")),
    "message.delivered": _message(gettext_lazy("message delivered")),
    "message.failed": _message(gettext_lazy("message not delivered")),
    "message.uncertain": _message(gettext_lazy("message uncertain")),
    "message.withdrawn": _message(gettext_lazy("message withdrawn")),
    "message.released": _message(gettext_lazy("message released")),
    "action.planned": _message(gettext_lazy("planned")),
    "action.withdrawn": _message(gettext_lazy("action withdrawn")),
    "action.dropped": _plain(gettext_lazy("action dropped")),
    "action.granted": _plain(gettext_lazy("approved")),
    "action.refused": _plain(gettext_lazy("not approved")),
    "contact.planned": _planned,
    "measure.planned": _planned,
    "task.reopened": _message(gettext_lazy("task wanted again")),
    "task.withdrawn": _message(gettext_lazy("task no longer needed")),
    "task.given": lambda data: _("task given to %(who)s") % {"who": data.get("to", "")},
    "task.planned": lambda data: _with(_("planned for %(day)s") % {"day": _day(data, "on")}, _because(data)),
    "item.opened": _plain(gettext_lazy("new document")),
    "item.closed": _closed,
    "item.reopened": _plain(gettext_lazy("document open again")),
    "item.changed": _plain(gettext_lazy("document changed")),
    "item.raised": _plain(gettext_lazy("amount raised")),
    "item.reduced": _closed_in_part,
    "item.returned": _plain(gettext_lazy("came back unpaid from the bank")),
    "payment.received": _plain(gettext_lazy("payment received")),
    "payment.allocated": _plain(gettext_lazy("payment laid on documents")),
    "customer.sorted": lambda data: _with(_("overdue stock sorted at start-up"), str(data.get("because") or "")),
    "customer.created": _plain(gettext_lazy("customer created")),
    "customer.edited": _changed(gettext_lazy("customer changed")),
    "customer.retired": _plain(gettext_lazy("customer retired")),
    "customer.restored": _plain(gettext_lazy("customer brought back")),
    "customer.assigned": _assigned,
    "customer.excluded": _plain(gettext_lazy("excluded from reminders")),
    "customer.strategy_set": lambda data: _with(
        _("strategy set by hand"), str(data.get("strategy", "")), _because(data)
    ),
    "legal.proposed": _plain(gettext_lazy("proposed to the lawyers")),
    "legal.proposal_withdrawn": _plain(gettext_lazy("no longer proposed to the lawyers")),
    "level.not_adopted": _plain(gettext_lazy("the level in the file is not one of the strategy's")),
}
