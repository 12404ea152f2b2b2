"""The customer page, the explanation of what the engine does, and the whole history."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.access.permissions import lens_of
from spartito.journal.queries import entries_of
from spartito.portfolio.models import Customer, Item
from spartito.portfolio.queries.statement import contacts_of
from spartito.strategies.explain import explain
from spartito.web import doors, labels, stepnames, tables
from spartito.web.buckets import bucket_names
from spartito.web.customer import reading
from spartito.web.customer.explaining import told_of
from spartito.web.today import score
from spartito.web.today.views import outcomes
from spartito.worklist import queries

HISTORY_SHOWN = 12
HISTORY_PAGE = 100
NOUNS = {
    "contacts": ("message", "outcome", "contact", "note", "task"),
    "documents": ("item", "payment"),
    "decisions": ("hold", "block", "action", "level", "measure", "strategy", "customer"),
}


@needs("customers.view")
@require_safe
def customer(request: HttpRequest, customer: int) -> HttpResponse:
    """Everything about one customer that this reader may see."""
    user, day = request.user, request.business_date
    found = reading.customer_seen(user, day, customer)
    may = _rights(request)
    context: dict[str, Any] = {
        "customer": found,
        "may": may,
        "lens": lens_of(user, day),
        "standing": reading.standing(found, day),
        "contacts": list(contacts_of(customer=found, as_of=day)),
        "members": reading.members_of(found),
    }
    if may["ledger"]:
        table = _statement(request, found, context["standing"])
        if (answer := table.export()) is not None:
            return answer
        context |= {
            "table": table,
            "others": reading.others_of(user, day, found, request.tenant),
            "payments": reading.unallocated_of(found) if _has_unallocated(found) else [],
            "bucket_names": bucket_names(as_of=day),
            "closed": request.GET.get("items") == "closed",
        }
    if may["messages"]:
        context["messages_sent"] = reading.messages_of(found)
    if may["journal"]:
        context["entries"] = list(entries_of(customers=[found.pk])[:HISTORY_SHOWN])
    if may["work"]:
        row = score.row_of(user, day, found.account_id or found.pk)
        context |= {"row": row, "plain": True, **(outcomes(day) if row else {})}
    return doors.page(request, "customer/customer.html", context)


def _has_unallocated(customer: Customer) -> bool:
    position = getattr(customer, "position", None)
    return position is None or bool(position.unallocated)


def _rights(request: HttpRequest) -> dict[str, bool]:
    """What the reader may here, by the words the template uses."""
    asked = {
        "ledger": "ledger.view",
        "messages": "messages.view",
        "journal": "journal.view",
        "explain": "explain.view",
        "work": "tasks.work",
        "note": "notes.write",
        "hold": "holds.put",
        "report": "holds.report",
        "release": "holds.release",
        "assign": "customers.assign",
        "edit": "customers.edit",
        "contacts": "contacts.edit",
        "blocks": "blocks.view",
        "block": "blocks.put",
        "unblock": "blocks.release",
        "export": "export",
    }
    return {word: doors.allowed(request, permission) for word, permission in asked.items()}


def _statement(request: HttpRequest, customer: Customer, standing: reading.Standing) -> tables.Table:
    """The statement of account: open items by due date, or the closed ones, fifty a page."""
    closed = request.GET.get("items") == "closed"
    rows = reading.items_of(request.user, request.business_date, customer, request.tenant, closed=closed)
    if (number := request.GET.get("item", "")).isdigit():
        rows = rows.filter(pk=int(number))
    columns = [
        tables.Column("document_number", _("Document"), ("document_number",)),
        tables.Column("issue_date", _("Issued"), ("issue_date",), "date", on_phone=False),
        tables.Column("due_date", _("Due"), ("due_date",), "date"),
        tables.Column("days", _("Late by"), (), "number", _days_late(request)),
        tables.Column("amount", _("Amount"), ("amount",), "money", on_phone=False),
        tables.Column("open_amount", _("Open"), ("open_amount",), "money"),
        tables.Column("level", _("Last step"), (), "text", _level, on_phone=False),
        tables.Column("state", _("State"), (), "text", lambda item: _state(item, standing)),
    ]
    return tables.Table(
        request,
        rows,
        columns,
        "customer/item.html",
        name=f"{_('statement')} {customer.code}",
        default_sort="-due_date" if closed else "due_date",
        empty_title=_("No closed document") if closed else _("Nothing is open"),
        empty_text="" if closed else _("This customer owes nothing today."),
        can_export=doors.allowed(request, "export"),
    )


def _days_late(request: HttpRequest) -> Callable[[Item], int | None]:
    day = request.business_date

    return lambda item: item.days_late(day) or None


def _level(item: Item) -> str:
    progress = getattr(item, "progress", None)
    return stepnames.step_name(progress.level) if progress and progress.level else ""


def _state(item: Item, standing: reading.Standing) -> str:
    """The state as exported: bank, holds, cause of closing."""
    parts = [labels.BANK.get(item.bank_status, ""), labels.CLOSED.get(item.closing_cause, "")]
    parts += [labels.HOLDS.get(hold.kind, hold.kind) for hold in standing.by_item.get(item.pk, [])]
    return ", ".join(str(part) for part in parts if part)


@needs("customers.view", "explain.view")
@require_safe
def why(request: HttpRequest, customer: int) -> HttpResponse:
    """Why the engine does or does not act, and what comes next: from the engine's own explanation."""
    found = reading.customer_seen(request.user, request.business_date, customer)
    context = {"customer": found, "title": _("Why, and what comes next")}
    context |= told_of(found, request.business_date)
    return doors.page(request, "customer/why.html", context, part="why")


@needs("customers.view", "explain.view")
@require_safe
def next_step(request: HttpRequest, customer: int) -> HttpResponse:
    """The next step in one line: what a note shows after an act."""
    found = reading.customer_seen(request.user, request.business_date, customer)
    told = explain(customer=found, as_of=request.business_date)
    return doors.page(request, "customer/why.html", {"customer": found, "told": told, "title": found}, part="next_line")


@needs("customers.view", "journal.view")
@require_safe
def history(request: HttpRequest, customer: int) -> HttpResponse:
    """The whole history, a hundred lines a page, all of it or one kind."""
    found = reading.customer_seen(request.user, request.business_date, customer)
    kind = request.GET.get("kind", "")
    rows = entries_of(customers=[found.pk], nouns=NOUNS.get(kind, ()))
    page = Paginator(rows, HISTORY_PAGE).get_page(request.GET.get("page"))
    context = {"customer": found, "page": page, "entries": page.object_list, "kind": kind, "kinds": KINDS}
    return doors.page(request, "customer/history.html", context)


KINDS = [
    ("", _("everything")),
    ("contacts", _("contacts")),
    ("documents", _("documents")),
    ("decisions", _("decisions")),
]


@needs("tasks.work")
@require_safe
def next_customer(request: HttpRequest) -> HttpResponse:
    """The customer at the top of today's score; today's page when the score is done."""
    first = queries.tasks_of(request.user, request.business_date).values_list("customer", flat=True).first()
    return HttpResponseRedirect(reverse("customer", args=[first]) if first else reverse("today"))
