"""Periodic texts and campaigns as explanations and rehearsals need them: their days to come, why they wait, in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from spartito.platform.sql import text_of
from spartito.strategies.models import Occasion, Periodic, Strategy
from spartito.strategies.names import said_step
from spartito.strategies.periods import next_day_of, period_of

NEXT = Path(__file__).parent / "reads" / "next_occasions.sql"


def days_of_texts(*, as_of: date) -> dict[str, list[Any]]:
    """`versions` and `days` of `reads/next_occasions.sql`: when texts in force begin to be tried after `as_of`.

    A text with conditions is tried on every day of its own, since they may begin to hold.
    """
    found: list[tuple[int, date]] = []
    for text in Periodic.objects.filter(version__in=Strategy.objects.values("live_version")):
        found.append((text.version_id, next_day_of(every=text.every, month=text.month, day=text.day, as_of=as_of)))
        tomorrow = as_of + timedelta(days=1)
        tried = period_of(every=text.every, month=text.month, day=text.day, within=text.within, as_of=tomorrow)
        if tried is not None and (text.conditions or tried.wanted_on <= as_of):
            found.append((text.version_id, tomorrow))
    return {"versions": [version for version, _day in found], "days": [day for _version, day in found]}


def next_occasion_on(*, customers: Sequence[int], as_of: date) -> date | None:
    """The first day after `as_of` on which a text or campaign may reach one of these customers."""
    given: dict[str, Any] = {"as_of": as_of, "customers": list(customers), **days_of_texts(as_of=as_of)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select min(working.day) from ({text_of(NEXT)}) as next inner join reference_day as working"
            " on working.is_working and working.day >= next.day and working.day < next.day + 15",
            given,
        )
        found: date | None = cursor.fetchone()[0]
    return found


WAITING = """
select occasion.code, occasion.period, occasion.wanted_on, occasion.until, occasion.waits_for
from strategies_occasion as occasion
left join strategies_campaign as campaign on campaign.id = occasion.campaign_id
where occasion.account_id = any(%(customers)s)
    and occasion.until >= %(as_of)s
    and campaign.stopped_on is null
    and not exists (
        select 1 from actions_plannedaction as planned
        where planned.occasion_id = occasion.id
            and (planned.withdrawn_on is null or planned.withdrawn_because in ('paid', 'skipped'))
    )
order by occasion.wanted_on, occasion.id
"""


def standing_occasions(*, customers: Sequence[int], as_of: date) -> list[dict[str, Any]]:
    """What is to reach these customers and waits, as {code, wanted_on, until, waits_for, because}."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"customers": list(customers), "as_of": as_of})
        rows = cursor.fetchall()
    return [
        {"code": code, "wanted_on": wanted, "until": until, "waits_for": why, "because": waits_because(why, until)}
        for code, _period, wanted, until, why in rows
    ]


def waits_because(why: str, until: date) -> str:
    """Why a text or campaign has not gone yet, and till when it is tried."""
    said = {
        "": _("it goes on the next working day"),
        "excluded": _("the customer is excluded from contacts"),
        "hold": _("a hold covers the customer"),
        "nothing_open": _("nothing is open to list"),
        "put_off": _("somebody put it off"),
        "quiet": _("these are quiet days"),
        "other_contacts": _("another contact of the day goes first"),
        "contact_limit": _("the contact limit is reached"),
        "no_strategy": _("no strategy is for this customer"),
    }.get(why, why)
    return _("%(why)s; it is tried until %(until)s") % {"why": said, "until": f"{until:%d/%m/%Y}"}


def occasion_sentence(why: dict[str, Any]) -> str:
    """Why a text of a period or a campaign goes: its name, its period, its day, how many documents it tells."""
    told = {
        "text": said_step(why.get("step")),
        "period": _day(why.get("period")),
        "wanted": _day(why.get("wanted_on")),
        "items": why.get("items") or 0,
    }
    if why.get("campaign"):
        return _("campaign “%(name)s”, begun on %(wanted)s") % {"name": why["campaign"], **told}
    return _("text %(text)s of the period from %(period)s, wanted from %(wanted)s; open documents: %(items)s") % told


def _day(given: Any) -> str:
    return f"{date.fromisoformat(str(given)):%d/%m/%Y}" if given else ""


def is_any_to_come(*, as_of: date) -> bool:
    """Whether a text is in force, or an occasion waits: without any, nobody need look for them."""
    live = Periodic.objects.filter(version__in=Strategy.objects.values("live_version"))
    return live.exists() or Occasion.objects.filter(until__gte=as_of).exists()
