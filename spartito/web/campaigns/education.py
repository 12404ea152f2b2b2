"""Payment education: what it is made of, and whether it changed how the treated pay."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.strategies.education import effect, policies_with_education
from spartito.strategies.education_rules import ENOUGH, Effect, Group
from spartito.web import doors, words
from spartito.web.strategies.reading import said_condition


@require_safe
@needs("strategies.view", "ledger.view")
def education(request: HttpRequest) -> HttpResponse:
    """Both groups before and since, the difference with its range, or that there is too little to say."""
    found = effect(user=request.user, as_of=request.business_date)  # type: ignore[arg-type,attr-defined]
    groups = [(_("Treated"), found.treated), (_("Left out by chance"), found.held_out)]
    context = {
        "found": found,
        "verdict": verdict(found),
        "rows": [_row(name, group) for name, group in groups],
        "policies": [_policy(each) for each in policies_with_education()],
        "enough": ENOUGH,
    }
    return doors.page(request, "campaigns/education.html", context)


def verdict(found: Effect) -> str:
    """What can be said, in one sentence."""
    if found.verdict == "too_few" or found.difference is None or found.low is None or found.high is None:
        return _("Too few to say: at least %(n)s customers of each group must have paid both before and since.") % {
            "n": ENOUGH
        }
    told = {"days": _days(abs(found.difference)), "low": _days(found.low), "high": _days(found.high)}
    if found.verdict == "earlier":
        return (
            _("The treated pay %(days)s days earlier than they would have (between %(low)s and %(high)s, at 95 %%).")
            % told
        )
    if found.verdict == "later":
        return (
            _("The treated pay %(days)s days later than they would have (between %(low)s and %(high)s, at 95 %%).")
            % told
        )
    return _("No effect can be seen: what was measured lies between %(low)s and %(high)s days, at 95 %%.") % told


def _row(name: str, group: Group) -> dict[str, Any]:
    return {
        "name": name,
        "accounts": group.accounts,
        "measured": group.measured,
        "before": _days(group.before),
        "since": _days(group.since),
        "change": _days(group.change, signed=True),
        "error": _days(group.error),
    }


def _days(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "–"
    return ("+" if signed and value > 0 else "") + number_format(value, 1)


def _policy(each: dict[str, Any]) -> dict[str, Any]:
    name = each["name_it"] if words.language() == "it" else each["name_en"]
    return {
        "code": each["strategy"],
        "name": name,
        "hold_out": each["hold_out"],
        "for_whom": said_condition(each["conditions"]),
    }
