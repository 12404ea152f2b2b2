"""What the comparison's pages show: the stored result side by side, in words."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.access.models import User
from spartito.cycle.models import Work
from spartito.strategies.models import Step
from spartito.web import wording
from spartito.web.runs.reading import work_under_way

ROWS: list[tuple[str, str | Promise]] = [
    ("contacts", _("Contacts")),
    ("messages", _("Messages")),
    ("calls", _("Calls")),
    ("tasks", _("Other tasks")),
    ("measures", _("Order blocks")),
    ("customers", _("Customers reached")),
    ("needless", _("Reminded for nothing")),
]


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """A comparison as its work keeps it: plain JSON."""
    return json.loads(json.dumps(told, cls=DjangoJSONEncoder))


def comparisons_of(user: User) -> list[Work]:
    """The reader's last ones, the newest first."""
    return list(Work.objects.filter(kind="comparison", user=user).order_by("-id")[:10])


def under_way(*, user: User) -> Work | None:
    found = work_under_way(kind="comparison")
    return found if found is not None and found.user_id == user.pk else None


def shown(work: Work) -> dict[str, Any]:
    """All that the page says."""
    told = work.result
    sides = [told["first"], told["second"]]
    return {
        "work": work,
        "told": told,
        "titles": work.params["titles"],
        "start": date.fromisoformat(told["from"]),
        "end": date.fromisoformat(told["to"]),
        "days_late": None if told["days_late"] is None else Decimal(told["days_late"]),
        "rows": [_row(name, key, sides) for key, name in ROWS],
        "costs": [Decimal(side["cost"]) for side in sides],
        "costs_known": all(side["costs_known"] for side in sides),
        "channels": _channels(sides),
        "ways": [
            {"title": title, "steps": _steps(side, version)}
            for title, side, version in zip(work.params["titles"], sides, work.params["versions"], strict=True)
        ],
    }


def _row(name: str | Promise, key: str, sides: list[dict[str, Any]]) -> dict[str, Any]:
    first, second = (side[key] for side in sides)
    return {"name": name, "first": first, "second": second, "change": second - first}


def _channels(sides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = sorted({name for side in sides for name in side["by_channel"]})
    return [
        _row(wording.CHANNELS.get(name, name), name, [{name: 0} | side["by_channel"] for side in sides])
        for name in names
    ]


def _steps(side: dict[str, Any], version: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps with what carries them, for their names; a version dropped since leaves the codes."""
    known = Step.objects.filter(version__strategy__code=version["strategy"], version__number=version["number"])
    ways = {code: channel or action for code, channel, action in known.values_list("code", "channel", "action")}
    return [_step(row, ways.get(row["step"], "")) for row in side["steps"]]


def _step(row: dict[str, Any], way: str) -> dict[str, Any]:
    return row | {"way": way, "paid_before": None if row["paid_before"] is None else Decimal(row["paid_before"])}
