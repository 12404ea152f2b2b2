"""What a message by each channel costs, from which day on: rehearsals and comparisons count with it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from spartito.access.doors import needs
from spartito.reference.models import Fee
from spartito.reference.operations import set_fee
from spartito.reference.queries import COST_OF, in_force
from spartito.web import doors, wording
from spartito.web.today.forms import AmountField

CHANNELS = [name for name in wording.CHANNELS if name != "replay"]


class CostField(AmountField):
    """An amount, or nothing: an e-mail may cost nothing."""

    def clean(self, value: object) -> Decimal | None:
        text = str(value or "").strip()
        return Decimal(0) if text and not text.strip("0,.") else super().clean(value)


class CostForm(forms.Form):
    amount = CostField(label=gettext_lazy("One message costs"))
    valid_from = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    source = forms.CharField(
        label=gettext_lazy("Where the price comes from"), max_length=300,
        help_text=gettext_lazy("A contract, an invoice, a price list: who reads it later wants to know."),
    )  # fmt: skip


@require_safe
@needs("strategies.view")
def costs(request: HttpRequest) -> HttpResponse:
    """The price of each channel today, and those before and to come."""
    as_of = request.business_date  # type: ignore[attr-defined]
    rows = [_row(channel, as_of) for channel in CHANNELS]
    context = {
        "rows": rows,
        "unknown": [row["name"] for row in rows if row["now"] is None],
        "may_edit": doors.allowed(request, "strategies.edit"),
    }
    return doors.page(request, "comparison/costs.html", context)


def _row(channel: str, as_of: date) -> dict[str, Any]:
    rows = Fee.objects.filter(kind=COST_OF + channel).order_by("-valid_from")
    now = in_force(rows, as_of).first()
    others = [fee for fee in rows if now is None or fee.pk != now.pk]
    return {"channel": channel, "name": wording.CHANNELS[channel], "now": now, "others": others}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("strategies.edit")
def change(request: HttpRequest, channel: str) -> HttpResponse:
    """The price of a channel from a day on; the earlier one ends the day before."""
    if channel not in CHANNELS:
        raise Http404
    as_of = request.business_date  # type: ignore[attr-defined]
    form = CostForm(request.POST or None, initial={"valid_from": as_of})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def save() -> Fee:
            return set_fee(user=request.user, kind=COST_OF + channel, **values)  # type: ignore[arg-type]

        if doors.attempt(request, save, done=_("Saved.")):
            return doors.back(request, reverse("message_costs"))
    context = {"form": form, "title": _("What a message costs: %(channel)s") % {"channel": wording.CHANNELS[channel]}}
    return doors.page(request, "comparison/cost.html", context, status=422 if request.method == "POST" else 200)
