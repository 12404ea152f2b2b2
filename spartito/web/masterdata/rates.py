"""Exchange rates: what foreign currencies are worth from which day on, and those that count one to one for want of a rate."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from spartito.access.doors import needs
from spartito.portfolio.queries import currencies_at_par
from spartito.reference.models import Currency, ExchangeRate
from spartito.reference.operations import set_exchange_rate
from spartito.web import doors

MOST = Decimal(10) ** 10


class RateField(forms.CharField):
    """A number above 0 with at most eight decimals; comma and point both part them, and nothing parts thousands."""

    def clean(self, value: object) -> Decimal:
        text = super().clean(value).replace(",", ".")
        try:
            rate = Decimal(text)
        except InvalidOperation:
            rate = Decimal(0)
        if not rate.is_finite() or not 0 < rate < MOST or rate != round(rate, 8):
            raise forms.ValidationError(_("Write it as a number above 0, like 1,1650."))
        return rate


class RateForm(forms.Form):
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    rate = RateField(label=gettext_lazy("Rate"))
    day = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"), max_length=300, help_text=gettext_lazy("For instance the ECB."),
    )  # fmt: skip

    def __init__(self, *args: Any, home: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        foreign = Currency.objects.exclude(pk=home).order_by("code").values_list("code", "name")
        self.fields["currency"].choices = [(code, f"{code} · {name}") for code, name in foreign]  # type: ignore[attr-defined]
        self.fields["rate"].help_text = _("Units of it for one %(home)s.") % {"home": home}


@require_safe
@needs("masterdata.view")
def rates(request: HttpRequest) -> HttpResponse:
    """Of each currency the rate that holds, those before, and which are missing."""
    as_of: date = request.business_date  # type: ignore[attr-defined]
    found: dict[str, list[dict[str, Any]]] = {}
    for rate in ExchangeRate.objects.select_related("currency").order_by("currency_id", "-day"):
        told = {"rate": number_format(rate.rate.normalize()), "day": rate.day, "source": rate.source}
        found.setdefault(rate.currency_id, []).append(told | {"holds": rate.day <= as_of, "name": rate.currency.name})
    context = {
        "rows": [(code, next((each for each in told if each["holds"]), None), told) for code, told in found.items()],
        "missing": currencies_at_par(as_of=as_of, home=request.tenant.currency),  # type: ignore[attr-defined]
        "may_edit": doors.allowed(request, "reference.edit"),
    }
    return doors.page(request, "masterdata/rates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("masterdata.view", "reference.edit")
def new_rate(request: HttpRequest) -> HttpResponse:
    """A rate from a day on, until the next one; `?currency=` says which is missing."""
    home = request.tenant.currency  # type: ignore[attr-defined]
    initial = {"day": request.business_date, "currency": request.GET.get("currency", "")}  # type: ignore[attr-defined]
    form = RateForm(request.POST or None, home=home, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> ExchangeRate:
            return set_exchange_rate(user=request.user, **form.cleaned_data)  # type: ignore[arg-type]

        if doors.attempt(request, save, done=_("Saved: totals count with it from the next run.")):
            return doors.back(request, reverse("exchange_rates"))
    context = {"form": form, "title": _("Exchange rate")}
    return doors.page(request, "masterdata/rate.html", context, status=422 if request.method == "POST" else 200)
