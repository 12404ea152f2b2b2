"""What states, channels and reasons are called, and which act resolves each reason that holds a message."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANNELS: dict[str, str | Promise] = {
    "email": _("e-mail"),
    "pec": _("PEC"),
    "letter": _("letter"),
    "registered_letter": _("registered letter"),
    "fax": _("fax"),
    "sms": _("SMS"),
    "phone": _("phone"),
    "replay": _("lived again"),
}
MEASURES: dict[str, str | Promise] = {
    "order_block": _("order block"),
    "propose_legal": _("proposal of legal action"),
    "task": _("task"),
    "notify": _("notice"),
}
STATUSES: dict[str, str | Promise] = {
    "queued": _("ready to leave"),
    "held": _("held"),
    "sent": _("sent"),
    "delivered": _("delivered"),
    "failed": _("failed"),
    "uncertain": _("uncertain"),
    "withdrawn": _("withdrawn"),
}
ICONS = {
    "email": "mail", "pec": "mail-check", "letter": "file-text", "registered_letter": "certificate", "fax": "printer",
    "sms": "message", "phone": "phone",
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why a message waits, in one line, and the act that lets it go. `act` names a link or button of the template."""

    short: str | Promise
    line: str | Promise
    act: str = ""


REASONS: dict[str, Reason] = {
    "waiting_data": Reason(
        _("waiting for data"),
        _("The creditor's ledger is too old: who paid in the meantime must not be written to."),
        "import",
    ),
    "start_up": Reason(
        _("start-up"),
        _("The creditor is starting up: everything is shown, nothing leaves until start-up is lifted."),
        "startup",
    ),
    "no_address": Reason(_("no address"), _("No address is known for this channel or those after it."), "contact"),
    "no_channel": Reason(
        _("no such channel yet"), _("This channel is not connected yet: send it another way."), "drop"
    ),
    "channel_paused": Reason(_("channel paused"), _("Someone paused this channel."), "pauses"),
    "no_server": Reason(
        _("no mail server"), _("No mail server is configured: the administrator sets SPARTITO_EMAIL_URL."), "server"
    ),
    "stale": Reason(
        _("waiting for a person"), _("It has been waiting more than five working days: someone must decide."), "release"
    ),
    "approval": Reason(
        _("to be approved"),
        _("Its step asks for an approval: until then nothing leaves and no document moves."),
        "approvals",
    ),
    "consult": Reason(
        _("waiting for a word"),
        _("Who knows the customer was asked whether it may go; silence has its day."),
        "customer",
    ),
    "hold": Reason(_("on hold"), _("A hold covers what it asks for."), "customer"),
    "awaiting_print": Reason(_("to be printed"), _("Letters leave when their print batch is confirmed."), "print"),
}


def reason_of(code: str) -> Reason | None:
    """The reason with this code; an unknown code is shown as it is."""
    if not code:
        return None
    return REASONS.get(code, Reason(code, code))


IMPORT_PHASES: dict[str, str | Promise] = {
    "read": _("reading the file"),
    "judge": _("checking the rows"),
    "stage": _("loading the rows"),
    "merge": _("merging into the ledger"),
}

IMPORT_KINDS: dict[str, str | Promise] = {
    "items": _("open items"),
    "customers": _("customers"),
    "contacts": _("contacts"),
    "salespeople": _("salespeople"),
    "payments": _("payments"),
}

CHANGES: dict[str, str | Promise] = {
    "created": _("created"),
    "insert": _("created"),
    "edited": _("changed"),
    "update": _("changed"),
    "retired": _("retired"),
    "restored": _("brought back"),
    "ended": _("ended"),
    "assigned": _("given to a collector"),
    "strategy_set": _("strategy chosen by hand"),
    "customer.created": _("customer created"),
    "customer.edited": _("customer changed"),
    "contact.created": _("contact created"),
    "contact.edited": _("contact changed"),
    "contact.ended": _("contact ended"),
}

# What the journal tells, where only its verb is shown.
VERBS: dict[str, str | Promise] = {
    "outcome.recorded": _("outcome recorded"),
    "outcome.undone": _("outcome taken back"),
    "promise.broken": _("promise not kept"),
    "contact.recorded": _("contact recorded"),
    "contact.planned": _("contact planned"),
    "measure.planned": _("measure planned"),
    "note.written": _("note written"),
    "hold.put": _("hold put"),
    "hold.extended": _("hold extended"),
    "hold.released": _("hold released"),
    "hold.ended": _("hold ended"),
    "block.raised": _("order block raised"),
    "block.lowered": _("order block lowered"),
    "action.planned": _("action planned"),
    "task.given": _("task given"),
    "task.planned": _("task planned for a day"),
    "item.closed": _("document closed"),
    "item.reduced": _("amount reduced"),
    "customer.assigned": _("given to a collector"),
    "customer.sorted": _("overdue stock sorted at start-up"),
    "customer.strategy_set": _("strategy set by hand"),
    "batch.imported": _("file imported"),
    "batch.undone": _("import taken back"),
    "file.missed": _("file missed"),
    "level.not_adopted": _("level of the file not adopted"),
    "watched.expected": _("file to be expected"),
    "watched.dropped": _("file no longer expected"),
    "creditor.created": _("creditor created"),
    "creditor.edited": _("creditor changed"),
    "creditor.started": _("start-up of a creditor ended"),
}
