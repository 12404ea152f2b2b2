"""What the pages of campaigns show, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from spartito.cycle.act import Decided
from spartito.strategies.models import Campaign
from spartito.web.rolenames import role_name
from spartito.web.strategies.reading import said_condition
from spartito.web.wording import CHANNELS, REASONS

STANDS: dict[str, str | Promise] = {
    "running": gettext_lazy("under way"),
    "stopped": gettext_lazy("stopped"),
    "over": gettext_lazy("over"),
}
STATES: dict[str, str | Promise] = {
    "waiting": gettext_lazy("waiting"),
    "planned": gettext_lazy("planned"),
    "sent": gettext_lazy("sent"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "skipped": gettext_lazy("skipped"),
    "withdrawn": gettext_lazy("withdrawn before it left"),
    "missed": gettext_lazy("not reached"),
}
WAITS: dict[str, str | Promise] = {
    "excluded": gettext_lazy("excluded from contacts"),
    "no_strategy": gettext_lazy("no strategy applies"),
    "hold": gettext_lazy("a hold covers the customer"),
    "put_off": gettext_lazy("put off by a person"),
    "quiet": gettext_lazy("quiet days"),
    "other_contacts": gettext_lazy("another contact of that day"),
    "contact_limit": gettext_lazy("contact limit reached"),
}


@dataclass(frozen=True)
class Part:
    """A state with how many customers are in it, and its share of all in per cent."""

    state: str
    name: str | Promise
    count: int
    share: int


def parts(told: dict[str, Any]) -> list[Part]:
    everybody = told["customers"] or 1
    return [
        Part(state, STATES[state], count, round(100 * count / everybody)) for state, count in told["states"].items()
    ]


def rows_of(told: dict[str, Any], state: str) -> list[dict[str, Any]]:
    """The rows in a state, in words; all of them where none is chosen."""
    rows = [row for row in told["rows"] if row["state"] == state] if state in STATES else told["rows"]
    return [{**row, "state": STATES[row["state"]], "why": why(row["waits_for"])} for row in rows]


def why(code: str) -> str:
    """What somebody waits for, in words."""
    if not code:
        return ""
    reason = REASONS.get(code)
    return str(WAITS.get(code) or (reason.short if reason else code))


def how(campaign: Campaign) -> str:
    """`e-mail, altrimenti lettera`, or `telefono: collector`."""
    if campaign.channel == "phone":
        return f"{CHANNELS['phone']}: {role_name(campaign.assign_to)}"
    return _(", else by ").join(str(CHANNELS.get(way, way)) for way in (campaign.channel, *campaign.fallback))


def for_whom(campaign: Campaign) -> str:
    return said_condition(campaign.conditions) or _("everybody")


def stopped(decided: Decided) -> str:
    """What came of the stop, for the person who stopped it."""
    told, n = _("The campaign is stopped: nothing more is planned for it."), decided.result.withdrawn
    if not n:
        return told
    more = ngettext(
        "%(n)s contact that had not left was withdrawn.", "%(n)s contacts that had not left were withdrawn.", n
    )
    return f"{told} {more % {'n': n}}"


def begun(decided: Decided) -> str:
    """What came of the start, for the person who started it."""
    found = decided.result.matched
    told = ngettext("The campaign began for %(n)s customer", "The campaign began for %(n)s customers", found) % {
        "n": found
    }
    if decided.planned:
        planned = len(decided.planned)
        return f"{told}; " + ngettext("%(n)s is planned today.", "%(n)s are planned today.", planned) % {"n": planned}
    return f"{told}. " + _("The next run plans what nothing stands against.")
