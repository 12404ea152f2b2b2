"""What the rehearsal's pages show: the stored result in weeks and words, for customers the reader may see."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.access.models import User
from spartito.cycle.models import Work
from spartito.portfolio.visibility import visible_to
from spartito.strategies.explain import sentence
from spartito.web import labels, wording
from spartito.web.runs.reading import work_under_way

DAYS = ("30", "60", "90", "180")
MOST_KEPT = 500  # customers of each list; how many there are is always told
TOTALS: list[tuple[str, str | Promise]] = [
    ("messages", _("Messages")),
    ("calls", _("Calls")),
    ("tasks", _("Other tasks")),
    ("measures", _("Order blocks")),
    ("customers", _("Customers reached")),
]
LISTS: list[tuple[str, str | Promise, str | Promise]] = [
    ("more", _("They would get something more"), _("steps that they do not get today")),
    ("less", _("They would get something less"), _("steps that they get today and would no longer")),
    ("moved", _("The same on other days"), _("no step more or less, but earlier or later")),
]


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """A rehearsal as its work keeps it: plain JSON, of each list the customers with most overdue."""
    short = {name: told[name][:MOST_KEPT] for name, _title, _about in LISTS}
    return json.loads(json.dumps(told | short, cls=DjangoJSONEncoder))


def rehearsals_of(*, code: str, user: User) -> list[Work]:
    """The reader's last ones of a strategy, the newest first."""
    return list(Work.objects.filter(kind="rehearsal", user=user, params__strategy=code).order_by("-id")[:10])


def under_way(*, user: User) -> Work | None:
    found = work_under_way(kind="rehearsal")
    return found if found is not None and found.user_id == user.pk else None


def shown(work: Work, *, user: User, as_of: date) -> dict[str, Any]:
    """All that the page says."""
    told = work.result
    return {
        "work": work,
        "told": told,
        "first": date.fromisoformat(told["from"]),
        "last": date.fromisoformat(told["to"]),
        "is_same": not told["changes"]["customers"],
        "totals": _totals(told["totals"]),
        "cost": {side: Decimal(told["totals"][side]["cost"]) for side in ("live", "draft")},
        "lists": _lists(told, user=user, as_of=as_of),
        "weeks": _weeks(told["by_day"]),
        "channels": [_channel(row) for row in told["by_channel"]],
        "costs_known": all(row["unit_cost"] is not None for row in told["by_channel"] if row["channel"] != "phone"),
        "people": told["by_person"],
        "cash": _cash(told["cash"]),
    }


def _totals(totals: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    live, draft = totals["live"], totals["draft"]
    return [
        {"name": name, "live": live[key], "draft": draft[key], "change": draft[key] - live[key]} for key, name in TOTALS
    ]


def _lists(told: dict[str, Any], *, user: User, as_of: date) -> list[dict[str, Any]]:
    named = {each["id"] for key, _title, _about in LISTS for each in told[key]}
    seen = set(visible_to(user, as_of).filter(pk__in=named).values_list("pk", flat=True))
    return [
        {
            "key": key, "title": title, "about": about, "count": told["changes"][key],
            "rows": [_row(each) for each in told[key] if each["id"] in seen],
        }
        for key, title, about in LISTS
    ]  # fmt: skip


def _row(each: dict[str, Any]) -> dict[str, Any]:
    changes = [
        change
        | {"way_name": way_in_words(change["way"])}
        | {side: [date.fromisoformat(day) for day in change[side]] for side in ("live", "draft")}
        for change in each["changes"]
    ]
    return each | {"overdue": Decimal(each["overdue"]), "changes": changes}


def _weeks(by_day: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages, calls and other tasks by week, both sides."""

    def monday(day: dict[str, Any]) -> date:
        of = date.fromisoformat(day["date"])
        return of - timedelta(days=of.weekday())

    rows = []
    for start, days in groupby(by_day, key=monday):
        theirs = list(days)
        rows.append({"start": start} | {
            f"{side}_{kind}": sum(day[side][kind] for day in theirs)
            for side in ("live", "draft") for kind in ("messages", "calls", "tasks")
        })  # fmt: skip
    return rows


def _channel(row: dict[str, Any]) -> dict[str, Any]:
    money = {key: None if row[key] is None else Decimal(row[key]) for key in ("unit_cost", "live_cost", "draft_cost")}
    return row | money | {"name": wording.CHANNELS.get(row["channel"], row["channel"])}


def _cash(cash: dict[str, Any]) -> dict[str, Any]:
    """Money by week, and how much of all that is expected has come by then, in per cent."""
    expected = Decimal(cash["expected"])
    weeks: dict[date, Decimal] = {}
    for row in cash["curve"]:
        of = date.fromisoformat(row["date"])
        week = of - timedelta(days=of.weekday())
        weeks[week] = weeks.get(week, Decimal(0)) + Decimal(row["amount"])
    rows, so_far = [], Decimal(0)
    for start, amount in weeks.items():
        so_far += amount
        rows.append({"start": start, "amount": amount, "so_far": so_far, "share": round(so_far * 100 / expected)})
    return {"expected": expected, "not_expected": Decimal(cash["not_expected"]), "weeks": rows}


def way_in_words(way: str) -> str:
    """`telefonata`, `lettera`, `blocco ordini` …"""
    found = wording.CHANNELS.get(way) or wording.MEASURES.get(way) or labels.TASKS.get(way)
    return str(found or way)


def side_by_side(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a day and step: whether it happens today's way, the draft's, or both; with its reason."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in actions:
        key = (each["date"], each["kind"], each["step"], each["way"], each["what"])
        row = rows.setdefault(
            key,
            each
            | {"live": False, "draft": False, "way_name": way_in_words(each["way"]), "said": sentence(each["why"])},
        )
        row[each["side"]] = True
    return list(rows.values())
