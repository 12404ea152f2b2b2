"""What stands in the side bar, in order, and which permission opens it."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.portfolio.models import Creditor

KEPT = 20  # seconds


@dataclass(frozen=True)
class Entry:
    """A page of the side bar. `key` is what g + key leads to; `on_phone` puts it in the bottom bar."""

    view: str
    label: str | Promise
    icon: str
    permission: str
    key: str
    on_phone: bool = False


@dataclass(frozen=True)
class Link:
    """An entry this person may open, with its address."""

    entry: Entry
    url: str
    is_here: bool


ENTRIES = [
    Entry("today", _("Today"), "playlist", "", "o", on_phone=True),
    Entry("workload", _("The work"), "users-group", "work.view", "l"),
    Entry("duedates", _("Due dates and contacts"), "calendar-month", "ledger.view", "d"),
    Entry("customers", _("Customers"), "users", "customers.view", "c", on_phone=True),
    Entry("ageing", _("Ageing list"), "chart-bar", "ageing.view", "s", on_phone=True),
    Entry("messages", _("Messages"), "mail", "messages.view", "m"),
    Entry("startup", _("Start-up"), "flag", "masterdata.edit", "v"),
    Entry("imports", _("Imports"), "file-import", "imports.view", "i"),
    Entry("runs", _("Runs"), "refresh", "runs.view", "r"),
    Entry("strategies", _("Strategies"), "route", "strategies.view", "t"),
    Entry("campaigns", _("Campaigns"), "speakerphone", "strategies.view", "p"),
    Entry("masterdata", _("Master data"), "database", "masterdata.view", "a"),
    Entry("people", _("Users"), "user-cog", "users.view", "u"),
]


def links(request: HttpRequest) -> list[Link]:
    """The pages `request.user` may open on the business date, in order."""
    from spartito.web.doors import allowed

    found = []
    for entry in ENTRIES:
        if entry.permission and not allowed(request, entry.permission):
            continue
        if entry.view == "startup" and not cache.get_or_set("in_start_up", _some_start, KEPT):
            continue
        try:
            url = reverse(entry.view)
        except NoReverseMatch:
            continue
        found.append(Link(entry, url, _is_here(request.path, url)))
    return found


def _some_start() -> bool:
    return Creditor.objects.filter(in_start_up=True, retired_on__isnull=True).exists()


def _is_here(path: str, url: str) -> bool:
    home = reverse("today")
    return path == url if url == home else path.startswith(url)
