"""Sorting the overdue stock of a creditor that starts, and lifting its start-up."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from spartito.access.doors import needs
from spartito.actions.models import Message
from spartito.journal.models import Entry
from spartito.portfolio.models import Creditor, Customer
from spartito.portfolio.operations import startup as operations
from spartito.portfolio.visibility import visible_to
from spartito.web import doors
from spartito.web.buckets import bucket_names
from spartito.web.startup import forms

PER_PAGE = 40


@needs("masterdata.edit")
@require_safe
def startup(request: HttpRequest) -> HttpResponse:
    """Customers with overdue documents of the creditors that start, the largest first."""
    starting = list(Creditor.objects.filter(in_start_up=True, retired_on__isnull=True).order_by("name"))
    chosen = next((c for c in starting if c.code == request.GET.get("creditor")), starting[0] if starting else None)
    context: dict[str, object] = {"starting": starting, "creditor": chosen, "kinds": forms.KINDS.items()}
    if chosen:
        rows, left = _stock(request, chosen), _left(request, chosen)
        page = Paginator(left if request.GET.get("all") != "1" else rows, PER_PAGE).get_page(request.GET.get("page"))
        done = operations.sorted_customers(customers=[row.pk for row in page])
        context |= {
            "page": page,
            "rows": [{"customer": row, "kind": done.get(row.pk, "")} for row in page],
            "left": left.count(),
            "total": rows.count(),
            "waiting": Message.objects.filter(creditor=chosen, status="held", held_because="start_up").count(),
            "bucket_names": bucket_names(as_of=request.business_date),
            "everything": request.GET.get("all") == "1",
        }
    return doors.page(request, "startup/startup.html", context)


def _stock(request: HttpRequest, creditor: Creditor) -> QuerySet[Customer]:
    rows = visible_to(request.user, request.business_date).filter(creditor=creditor, position__overdue__gt=0)
    return rows.select_related("position", "credit_class").order_by("-position__overdue", "pk")


def _left(request: HttpRequest, creditor: Creditor) -> QuerySet[Customer]:
    """Not sorted yet."""
    done = Entry.objects.filter(verb=operations.SORTED, customer_id__isnull=False).values("customer_id")
    return _stock(request, creditor).exclude(pk__in=done)


@needs("masterdata.edit")
@require_POST
def sort(request: HttpRequest, creditor: int) -> HttpResponse:
    """Sorts the customers chosen on the page; or all that are left as late."""
    found = get_object_or_404(Creditor, pk=creditor, in_start_up=True)
    if request.POST.get("rest") == "late":
        left = list(_left(request, found).values_list("pk", flat=True))
        late = operations.Sorting("late", None, str(forms.KINDS["late"]))
        sortings, wrong = dict.fromkeys(left, late), []
    else:
        known = set(_stock(request, found).values_list("pk", flat=True))
        sortings, wrong = forms.read(request.POST, known, as_of=request.business_date)
    for text in wrong[:1]:
        messages.error(request, text)
    if sortings:
        doors.perform(request, operations.sort_stock, customers=sorted(sortings), sortings=sortings)
    elif not wrong:
        messages.error(request, _("Nothing was chosen: say for some customer what its overdue stock is."))
    return doors.back(request, f"{reverse('startup')}?creditor={found.code}")


@needs("masterdata.edit")
@require_POST
def lift(request: HttpRequest, creditor: int) -> HttpResponse:
    """Ends the start-up: what waited for it is looked at again at once."""
    found = get_object_or_404(Creditor, pk=creditor, in_start_up=True)
    if _left(request, found).exists():
        messages.error(request, _("Some customers are not sorted yet: sort them, or take all the rest as late."))
        return doors.back(request, f"{reverse('startup')}?creditor={found.code}")
    waiting = Message.objects.filter(creditor=found, status="held", held_because="start_up")
    accounts = sorted(set(waiting.values_list("account", flat=True)))
    doors.perform(request, operations.lift_start_up, customers=accounts, creditor=found.pk)
    return doors.back(request, reverse("today"))
