"""What can be done to a customer from its page: each opens in the drawer, and does one operation."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from spartito.access.doors import check, needs
from spartito.actions import operations as actions
from spartito.actions import outcomes
from spartito.portfolio.models import Customer
from spartito.portfolio.operations import blocks, customers, holds
from spartito.web import doors
from spartito.web.customer import forms, reading

both = require_http_methods(["GET", "HEAD", "POST"])


def _act(
    request: HttpRequest,
    customer: Customer,
    form: Form,
    operation: Callable[..., Any],
    *,
    title: str | Promise,
    submit: str | Promise,
    hint: str | Promise = "",
    **more: Any,
) -> HttpResponse:
    """Shows the form; sent and right, does the operation and goes back to the customer."""
    if request.method == "POST" and form.is_valid():
        done = doors.perform(request, operation, customers=[customer.pk], **form.cleaned_data, **more)
        if done is not None:
            return doors.back(request, reverse("customer", args=[customer.pk]))
    context = {"customer": customer, "form": form, "title": title, "submit": submit, "hint": hint}
    return doors.page(request, "customer/act.html", context, status=422 if request.method == "POST" else 200)


def _customer(request: HttpRequest, pk: int) -> Customer:
    return reading.customer_seen(request.user, request.business_date, pk)


@needs("customers.view", "notes.write", "tasks.work")
@both
def record_contact(request: HttpRequest, customer: int) -> HttpResponse:
    """A contact nobody planned: they called, or we did."""
    found = _customer(request, customer)
    form = forms.ContactForm(request.POST or None, initial={"direction": request.GET.get("direction", "in")})
    hint = _("It counts among the contacts of the week, so the engine leaves the customer in peace accordingly.")
    return _act(
        request, found, form, outcomes.record_contact, title=_("Record a contact"), submit=_("Record"), hint=hint
    )


@needs("customers.view", "notes.write")
@both
def write_note(request: HttpRequest, customer: int) -> HttpResponse:
    found = _customer(request, customer)
    form = forms.NoteForm(request.POST or None)
    return _act(request, found, form, actions.write_note, title=_("Write a note"), submit=_("Write"))


@needs("customers.view")
@both
def put_hold(request: HttpRequest, customer: int) -> HttpResponse:
    """A hold over the customer, one document, or an amount of it; who may only report gets it for five days."""
    found = _customer(request, customer)
    reports = not doors.allowed(request, "holds.put")
    if reports:
        check(request, "holds.report")
    items = reading.items_of(request.user, request.business_date, found, request.tenant, closed=False)
    form = forms.HoldForm(
        request.POST or None, items=items, reports=reports, initial={"item": request.GET.get("item"), "kind": "promise"}
    )
    hint = _("It holds for five working days at most, until a collector confirms it.") if reports else ""
    title = _("Report a promise, a dispute, a payment") if reports else _("Put on hold")
    submit = _("Report") if reports else title
    return _act(request, found, form, holds.put_hold, title=title, submit=submit, hint=hint)


@needs("customers.view", "holds.release")
@both
def release_hold(request: HttpRequest, customer: int, hold: int) -> HttpResponse:
    found = _customer(request, customer)
    form = forms.BecauseForm(request.POST or None)
    hint = _("The next step is due as if the hold had not been.")
    submit = _("Release the hold")
    return _act(request, found, form, holds.release_hold, title=submit, submit=submit, hint=hint, hold=hold)


@needs("customers.view", "customers.assign")
@both
def assign(request: HttpRequest, customer: int) -> HttpResponse:
    """Gives the customer to a collector."""
    found = _customer(request, customer)
    form = forms.AssignForm(
        request.POST or None, as_of=request.business_date, initial={"collector": found.collector_id}
    )
    title = _("Give to a collector")
    return _act(request, found, form, customers.assign_collector, title=title, submit=_("Give"))


@needs("customers.view", "customers.edit")
@both
def exclude(request: HttpRequest, customer: int) -> HttpResponse:
    """Leaves the customer out of reminders, or takes it in again."""
    found = _customer(request, customer)
    if found.is_excluded:
        form: Form = forms.IncludeForm(request.POST or None)
        title = _("Send reminders again")
    else:
        form, title = forms.ExcludeForm(request.POST or None), _("Exclude from reminders")
    return _act(request, found, form, customers.edit_customer, title=title, submit=title)


@needs("customers.view")
@both
def block(request: HttpRequest, customer: int) -> HttpResponse:
    """Blocks orders, or lets them pass again."""
    found = _customer(request, customer)
    in_force = reading.standing(found, request.business_date).block
    if in_force and request.GET.get("release") == "1":
        check(request, "blocks.release")
        form: Form = forms.NeededBecauseForm(request.POST or None)
        title = _("Release the orders")
        return _act(request, found, form, blocks.release_block, title=title, submit=title)
    check(request, "blocks.put")
    form = forms.BlockForm(request.POST or None, initial={"level": in_force.level if in_force else 2})
    return _act(request, found, form, blocks.put_block, title=_("Block orders"), submit=_("Block"))
