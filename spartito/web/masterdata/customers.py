"""Customers and their contacts: made, edited, retired by hand, each through `cycle.act`."""

import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.portfolio import operations
from spartito.portfolio.models import Contact, Customer, Salesperson
from spartito.portfolio.visibility import visible_customer, visible_to
from spartito.web import doors
from spartito.web.masterdata import reading
from spartito.web.masterdata.forms import ContactForm, CustomerForm, NewCustomerForm


def _visible(request: HttpRequest, customer: int) -> Customer:
    return visible_customer(request.user, request.business_date, customer)  # type: ignore[arg-type,attr-defined]


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A customer made by hand."""
    form = NewCustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.changes()
        decided = doors.perform(request, operations.create_customer, customers=[], **values)
        if decided is not None:
            return doors.back(request, reverse("customer", args=[decided.result.pk]))
    return doors.page(request, "masterdata/customer.html", {"form": form, "customer": None})


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def edit(request: HttpRequest, customer: int) -> HttpResponse:
    """A customer's own data; what a person corrects here an import only proposes to change."""
    found = _visible(request, customer)
    form = CustomerForm(request.POST or None, instance=copy.copy(found))
    if request.method == "POST" and form.is_valid():
        changes = form.changes()
        decided = doors.perform(request, operations.edit_customer, customers=[found.pk], **changes) if changes else True
        if decided is not None:
            if changes:
                reading.tell_doubts(request, decided.result[1])
            return doors.back(request, reverse("customer", args=[found.pk]))
    context = {
        "form": form,
        "customer": found,
        "contacts": reading.contacts_of(found),
        "history": reading.history_of_customer(found),
    }
    return doors.page(request, "masterdata/customer.html", context)


@require_POST
@needs("customers.edit")
def retire(request: HttpRequest, customer: int) -> HttpResponse:
    """Hides a customer without open items from lists; `back` brings it back."""
    found = _visible(request, customer)
    doors.perform(
        request,
        operations.retire_customer,
        customers=[found.pk],
        because=request.POST.get("because", ""),
        back=request.POST.get("back") == "1",
    )
    return doors.back(request, reverse("masterdata_customer", args=[found.pk]))


@require_safe
@needs("journal.view")
def history(request: HttpRequest, customer: int) -> HttpResponse:
    """Who changed what on a customer and its contacts."""
    found = _visible(request, customer)
    context = {"customer": found, "history": reading.history_of_customer(found)}
    return doors.page(request, "masterdata/history.html", context)


@require_http_methods(["GET", "POST"])
@needs("contacts.edit")
def contact(request: HttpRequest, contact: int | None = None) -> HttpResponse:
    """A contact of a customer (`?customer=`) or of a salesperson (`?salesperson=`)."""
    current, owner = _contact_and_owner(request, contact)
    form = ContactForm(request.POST or None, instance=copy.copy(current) if current else None)
    if request.method == "POST" and form.is_valid() and _save_contact(request, current, owner, form.changes()):
        return doors.back(request, _page_of(owner))
    context = {
        "form": form,
        "contact": current,
        "owner": owner,
        "is_customer": isinstance(owner, Customer),
        "title": _title(current, owner),
    }
    return doors.page(request, "masterdata/contact.html", context)


def _title(current: Contact | None, owner: Customer | Salesperson) -> str:
    return (_("Contact of %(whom)s") if current else _("New contact of %(whom)s")) % {"whom": owner}


def _contact_and_owner(request: HttpRequest, contact: int | None) -> tuple[Contact | None, Customer | Salesperson]:
    """The contact and whose it is; 404 unless the owner is visible."""
    if contact is not None:
        mine = visible_to(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
        current = get_object_or_404(Contact.objects.select_related("customer", "salesperson"), pk=contact)
        if current.salesperson is not None:
            return current, current.salesperson
        if not mine.filter(pk=current.customer_id).exists():
            raise Http404
        return current, current.customer  # type: ignore[return-value]
    asked = request.GET.get("customer", "")
    if asked.isdecimal():
        return None, _visible(request, int(asked))
    salesperson = request.GET.get("salesperson", "")
    if not salesperson.isdecimal():
        raise Http404
    return None, get_object_or_404(Salesperson, pk=int(salesperson))


def _save_contact(
    request: HttpRequest, current: Contact | None, owner: Customer | Salesperson, changes: dict[str, Any]
) -> bool:
    values = {"contact": current.pk if current else None, **changes}
    if isinstance(owner, Customer):
        decided = doors.perform(request, operations.save_contact, customers=[owner.pk], **values)
        result = decided.result if decided is not None else None
    else:
        result = doors.attempt(
            request,
            lambda: operations.save_contact(
                user=request.user,
                as_of=request.business_date,
                salesperson=owner,
                **values,  # type: ignore[arg-type,attr-defined]
            ),
        )
    if result is not None:
        reading.tell_doubts(request, result[1])
    return result is not None


def _page_of(owner: Customer | Salesperson) -> str:
    if isinstance(owner, Customer):
        return reverse("customer", args=[owner.pk])
    return reverse("masterdata_row", args=["salespeople", owner.pk])


@require_POST
@needs("contacts.edit")
def end_contact(request: HttpRequest, contact: int) -> HttpResponse:
    """A customer's contact is no longer used from today on."""
    current, owner = _contact_and_owner(request, contact)
    if not isinstance(owner, Customer) or current is None:
        raise Http404
    doors.perform(
        request,
        operations.end_contact,
        customers=[owner.pk],
        contact=current.pk,
        because=request.POST.get("because", ""),
    )
    return doors.back(request, _page_of(owner))
