"""Reads of policies. They tell nothing about customers, so they take no user."""

from typing import Any

from django.utils.translation import gettext as _

from spartito.strategies.models import Strategy, Version
from spartito.strategies.policy_text import StrategyRefused


def strategies_in_order() -> list[dict[str, Any]]:
    """Every strategy: the live ones in the order they are tried, then those with drafts only."""
    found = Strategy.objects.select_related("live_version").prefetch_related("versions")
    rows = [_row(strategy) for strategy in found]
    return sorted(rows, key=lambda row: (row["version"] is None, row["priority"], row["code"]))


def _row(strategy: Strategy) -> dict[str, Any]:
    live = strategy.live_version
    newest = max(strategy.versions.all(), key=lambda version: version.number, default=None)
    draft = newest if newest is not None and newest.status == Version.Status.DRAFT else None
    shown = live or newest
    return {
        "code": strategy.code,
        "name": strategy.name_it,
        "version": live.number if live else None,
        "draft": draft.number if draft else None,
        "priority": shown.priority if shown else 100,
        "default": strategy.is_default,
    }


def text_of_strategy(*, code: str, number: int | None = None) -> dict[str, Any]:
    """A version's text: `number`, else the live one, else the newest. Raises StrategyRefused."""
    strategy = Strategy.objects.filter(code=code).select_related("live_version").first()
    if strategy is None:
        raise StrategyRefused(_("no strategy is called %(code)s") % {"code": code})
    if number is not None:
        version = strategy.versions.filter(number=number).first()
    else:
        version = strategy.live_version or strategy.versions.order_by("-number").first()
    if version is None:
        raise StrategyRefused(_("strategy %(code)s has no version %(number)s") % {"code": code, "number": number})
    return {"strategy": code, "version": version.number, "status": version.status, "source": version.source}
