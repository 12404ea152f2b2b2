"""The customers list: filters, order, pages, totals, files."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.portfolio.models import Creditor, Customer
from spartito.web import doors, filters
from spartito.web.buckets import bucket_names
from spartito.web.customers import listing
from spartito.web.tables import Column, Table, remembered

OF_LEDGER = {"ageing", "balance", "overdue", "oldest"}


def _columns(*, several_creditors: bool, sees_ledger: bool) -> list[Column]:
    columns = [
        Column("name", _("Customer"), ("name", "code"), value=lambda c: c.name or c.code),
        Column("code", _("Code"), ("code",), value=lambda c: c.code, on_phone=False),
        Column("creditor", _("Creditor"), ("creditor__name",), value=lambda c: c.creditor.name, on_phone=False),
        Column("class", _("Class"), ("credit_class__code",), value=_class_name, on_phone=False),
        Column("salesperson", _("Salesperson"), ("salesperson__name",), value=_text("salesperson"), on_phone=False),
        Column("area", _("Area"), ("area__name",), value=_text("area"), on_phone=False),
        Column("collector", _("Collector"), ("collector__full_name",), value=_text("collector"), on_phone=False),
        Column("strategy", _("Strategy"), ("strategy_name",), on_phone=False, value=_text("strategy_name")),
        Column("ageing", _("Ageing"), (), value=_oldest, on_phone=False),
        Column("balance", _("Balance"), ("position__balance",), "money", value=_amount("balance"), on_phone=False),
        Column("overdue", _("Overdue"), ("position__overdue",), "money", _amount("overdue"), is_indexed=True),
        Column("oldest", _("Oldest"), ("position__oldest_due_date",), "date", value=_oldest, on_phone=False),
    ]
    hidden = {"code", "area"} | (set() if several_creditors else {"creditor"}) | (set() if sees_ledger else OF_LEDGER)
    return [column for column in columns if column.key not in hidden]


def _text(name: str) -> Any:
    return lambda customer: str(getattr(customer, name) or "")


def _amount(name: str) -> Any:
    return lambda customer: getattr(getattr(customer, "position", None), name, None)


def _oldest(customer: Customer) -> object:
    return getattr(getattr(customer, "position", None), "oldest_due_date", None)


def _class_name(customer: Customer) -> str:
    from spartito.web.templatetags.spartito import label

    return label(customer.credit_class) if customer.credit_class else ""


@require_safe
@needs("customers.view")
def customers(request: HttpRequest) -> HttpResponse:
    """Every visible customer that matches, most overdue first."""
    if (answer := remembered(request, "customers")) is not None:
        return answer
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    values = _asked(request)
    in_order = "export" not in request.GET
    rows = listing.customers_for(user=user, as_of=as_of, values=values, in_order=in_order)
    several_creditors, sees_ledger = Creditor.objects.count() > 1, doors.allowed(request, "ledger.view")
    table = Table(
        request=request,
        rows=listing.with_all_a_row_shows(rows),
        columns=_columns(several_creditors=several_creditors, sees_ledger=sees_ledger),
        row_template="customers/row.html",
        name=gettext("Customers"),
        default_sort="-overdue" if sees_ledger else "name",
        empty_title=_("No customer matches"),
        empty_text=_("Take a filter away, or search for a name, a code, a VAT number or a document."),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "table": table,
        "form": _filters(request, values),
        "several_creditors": several_creditors,
        "sees_ledger": sees_ledger,
        "may_edit": doors.allowed(request, "customers.edit"),
        "is_filtered": any(values.values()),
        "bucket_names": bucket_names(as_of=as_of),
    }
    return doors.page(request, "customers/customers.html", context, part="list")


@require_safe
@needs("customers.view")
def totals(request: HttpRequest) -> HttpResponse:
    """How many customers the list has and what they owe together: comes after the page, which does not wait for it."""
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    rows = listing.customers_for(user=user, as_of=as_of, values=_asked(request))
    context = {"totals": listing.totals_of(rows), "sees_ledger": doors.allowed(request, "ledger.view")}
    return doors.page(request, "customers/totals.html", context, part="totals")


def _asked(request: HttpRequest) -> dict[str, str]:
    """The filters in the address; those of the ledger only for who may see it."""
    values = {key: request.GET.get(key, "").strip() for key in listing.KEYS}
    return (
        values if doors.allowed(request, "ledger.view") else values | dict.fromkeys(("overdue", "bucket", "hold"), "")
    )


def _filters(request: HttpRequest, values: dict[str, str]) -> forms.Form:
    offered = listing.choices(user=request.user, as_of=request.business_date)  # type: ignore[attr-defined]
    fields: dict[str, forms.Field] = {
        "q": filters.search(_("Search"), _("name, code, VAT, document")),
        "overdue": filters.choice(_("Overdue"), offered["overdue"]),
        "class": filters.choice(_("Class"), offered["class"]),
        "salesperson": filters.choice(_("Salesperson"), offered["salesperson"]),
        "area": filters.choice(_("Area"), offered["area"]),
        "collector": filters.choice(_("Collector"), offered["collector"]),
        "creditor": filters.choice(_("Creditor"), offered["creditor"]),
        "strategy": filters.choice(_("Strategy"), offered["strategy"]),
        "hold": filters.flag(_("With holds")),
        "retired": filters.flag(_("Retired")),
    }
    if not doors.allowed(request, "ledger.view"):
        fields = {key: field for key, field in fields.items() if key not in {"overdue", "hold", "strategy"}}
    linked = {key: filters.kept() for key in ("division", "sector", "bucket") if values.get(key)}
    return filters.filter_form(values, fields | linked)
