"""Who would follow a text if it were put in force now, and what to say to whoever writes one for everybody."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spartito.portfolio.models import Customer
from spartito.strategies.conditions import accounts_that_fit
from spartito.strategies.models import Strategy, Version


def warnings_about(version: Version, *, as_of: date) -> list[str]:
    """What a person should know before a text is in force: that it is for everybody, and how many that takes."""
    if version.applies_to:
        return []
    how_many = would_follow(version, as_of=as_of)
    return [
        _("applies_to: empty, so it is for everybody: %(followers)s")
        % {
            "followers": ngettext("%(n)d customer would follow it", "%(n)d customers would follow it", how_many)
            % {"n": how_many}
        }
    ]


def would_follow(version: Version, *, as_of: date) -> int:
    """How many accounts rule 1 would give to a version by what it applies to: those for which nothing else goes before.

    Counted over all customers: doors that show it check who asks.
    """
    others = Strategy.objects.filter(live_version__isnull=False).exclude(pk=version.strategy_id)
    live = others.select_related("live_version")
    first = [each.live_version.applies_to for each in live if _goes_before(each, version)]  # type: ignore[union-attr]
    if {} in first:
        return 0
    asked: list[Mapping[str, Any]] = [{"not": applies_to} for applies_to in first]
    fitting = accounts_that_fit({"all": [*asked, version.applies_to]}, as_of=as_of)
    by_hand = [each.code for each in live]
    theirs = Customer.objects.filter(Q(account=F("pk")) | Q(account=None))
    free = theirs.exclude(strategy_code__in=by_hand).exclude(parent__strategy_code__in=by_hand)
    dunnable = free.exclude(credit_class__is_dunnable=False)
    return len(fitting & set(dunnable.values_list("pk", flat=True)))


def _goes_before(other: Strategy, version: Version) -> bool:
    """Whether another strategy is tried before this version (rule 1: priority, then code)."""
    live = other.live_version
    return live is not None and (live.priority, other.code) < (version.priority, version.strategy.code)
