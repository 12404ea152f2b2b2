"""What is compared, and from when to when."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.cycle.comparison import LONGEST
from spartito.strategies.models import Strategy, Version
from spartito.web.templatetags.spartito import label

USUAL = timedelta(days=180)
STATES: dict[str, str | Promise] = {
    Version.Status.DRAFT: gettext_lazy("draft"),
    Version.Status.PUBLISHED: gettext_lazy("in force"),
    Version.Status.RETIRED: gettext_lazy("no longer in force"),
}


class ComparisonForm(forms.Form):
    """Two versions of strategies and a range of days until the business date."""

    first = forms.TypedChoiceField(label=gettext_lazy("The first"), coerce=int)
    second = forms.TypedChoiceField(label=gettext_lazy("The second"), coerce=int)
    start = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    end = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, as_of: date, second: int | None = None) -> None:
        versions = list(Version.objects.select_related("strategy").order_by("priority", "strategy__code", "-number"))
        first = _in_force_beside(versions, second)
        super().__init__(
            data,
            initial={
                "first": first,
                "second": second or _other_than(versions, first),
                "start": as_of - USUAL,
                "end": as_of,
            },
        )
        self.as_of = as_of
        self.in_force = {version.pk for version in versions if version.status == Version.Status.PUBLISHED}
        choices = [(version.pk, in_words(version)) for version in versions]
        for name in ("first", "second"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if end and end > self.as_of:
            self.add_error("end", _("This day is still to come."))
        if start and end and not start <= end <= start + timedelta(days=LONGEST):
            self.add_error(
                "end", _("The range must end after it starts, %(most)s days later at most.") % {"most": LONGEST}
            )
        if found.get("first") and found.get("first") == found.get("second"):
            self.add_error("second", _("This is the first one, too: choose another."))
        elif {found.get("first"), found.get("second")} <= self.in_force:
            said = _("Both are in force, each for its own customers: choose a draft, or a version of the past.")
            self.add_error("second", said)
        return found


def in_words(version: Version) -> str:
    """`Clienti standard, versione 3 (in vigore)`."""
    return _("%(strategy)s, version %(number)s (%(state)s)") % {
        "strategy": label(version.strategy), "number": version.number, "state": STATES[version.status],
    }  # fmt: skip


def _in_force_beside(versions: list[Version], second: int | None) -> int | None:
    """The version in force of the second one's strategy, else of the one for everybody else."""
    wanted = next((each.strategy_id for each in versions if each.pk == second), None)
    live = {each.strategy_id: each.strategy.live_version_id for each in versions if each.strategy.live_version_id}
    default = Strategy.objects.filter(is_default=True).values_list("pk", flat=True).first()
    return live.get(wanted or default or 0) or next(iter(live.values()), None)


def _other_than(versions: list[Version], first: int | None) -> int | None:
    """The newest other version of the same strategy, else of any."""
    strategy = next((each.strategy_id for each in versions if each.pk == first), None)
    others = [each for each in versions if each.pk != first]
    return next((each.pk for each in others if each.strategy_id == strategy), others[0].pk if others else None)
