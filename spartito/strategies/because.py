"""Why nothing happens to an item now, or what was asked for, as a sentence that also says what would change it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.actions.rules import NEXT_STEP, OUTCOMES
from spartito.platform import money
from spartito.platform.sql import text_of
from spartito.strategies.names import said_step

READ = Path(__file__).parent / "reads" / "what_stands_before_it.sql"
COLUMNS = (
    "kind", "ends_on", "review_on", "on_broken_promise", "wanted", "outcome", "made_on", "promised_until", "task_due_on",
    "task_not_before", "waits_until",
)  # fmt: skip


def reasons(*, customers: list[int], as_of: date) -> dict[int, str]:
    """By item: what stands before its next step on `as_of`; items that only wait for their days are left out."""
    with connection.cursor() as cursor:
        cursor.execute(text_of(READ), {"customers": customers, "as_of": as_of})
        rows = cursor.fetchall()
    told = {item: _reason(dict(zip(COLUMNS, rest, strict=True)), as_of) for item, *rest in rows}
    return {item: reason for item, reason in told.items() if reason}


def _reason(found: dict[str, Any], as_of: date) -> str:
    if found["kind"] == "promise":
        return _promise(found)
    if found["kind"]:
        return _hold(found)
    if found["wanted"]:
        return _order(found)
    if found["task_due_on"] and as_of < found["waits_until"]:
        return _task(found)
    return ""


def _promise(found: dict[str, Any]) -> str:
    told = {"until": _day(found["ends_on"]), "step": said_step(found["on_broken_promise"])}
    if found["on_broken_promise"] in (None, NEXT_STEP):
        return _("waits for the promise until %(until)s; if it is not kept, the next step comes at once") % told
    return _("waits for the promise until %(until)s; if it is not kept, step %(step)s comes at once") % told


def _hold(found: dict[str, Any]) -> str:
    if found["ends_on"]:
        return _("a hold covers it until %(until)s, or until it is released") % {"until": _day(found["ends_on"])}
    if found["review_on"]:
        return _("a hold covers it until somebody releases it; it is looked at again on %(review)s") % {
            "review": _day(found["review_on"])
        }
    return _("a hold covers it until somebody releases it")


def _order(found: dict[str, Any]) -> str:
    step = (
        _("the next step")
        if found["wanted"] == NEXT_STEP
        else _("step %(step)s") % {"step": said_step(found["wanted"])}
    )
    return _("%(cause)s: %(step)s comes at once, as soon as a contact may be made") % {
        "cause": _cause(found),
        "step": step,
    }


def _cause(found: dict[str, Any]) -> str:
    """An outcome and its day, or the promise that was not kept."""
    if found.get("promised_until"):
        return _("the promise until %(until)s was not kept") % {"until": _day(found["promised_until"])}
    italian, english, _closes = OUTCOMES.get(
        str(found.get("outcome")), (found.get("outcome"), found.get("outcome"), True)
    )
    name = italian if (get_language() or "it").startswith("it") else english
    return _("“%(outcome)s” on %(day)s") % {"outcome": name, "day": _day(found["made_on"])}


def _task(found: dict[str, Any]) -> str:
    if found["task_not_before"] and found["task_not_before"] > found["task_due_on"]:
        return _("its call or task of %(day)s is to be tried again on %(again)s; without an outcome it goes on from %(until)s") % {
            "day": _day(found["task_due_on"]),
            "again": _day(found["task_not_before"]),
            "until": _day(found["waits_until"]),
        }  # fmt: skip
    return _("its call or task of %(day)s is open; without an outcome it goes on from %(until)s") % {
        "day": _day(found["task_due_on"]),
        "until": _day(found["waits_until"]),
    }


def ordered_sentence(why: dict[str, Any]) -> str:
    """Of an action that an order brought forward: document, amount, and the outcome or promise that asked for it."""
    amount = money.written(Decimal(why.get("amount") or 0), language=get_language() or "it")
    found = {**why, "made_on": why.get("outcome_on")}
    return _("%(document)s, %(amount)s %(currency)s: %(cause)s, so step %(step)s comes now") % {
        "document": why["document"],
        "amount": amount,
        "currency": why.get("currency"),
        "cause": _cause(found),
        "step": said_step(why.get("step")),
    }


def _day(given: Any) -> str:
    day = date.fromisoformat(given) if isinstance(given, str) else given
    return f"{day:%d/%m/%Y}"
