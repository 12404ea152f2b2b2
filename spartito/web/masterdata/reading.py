"""What the master-data pages show besides the rows: counts, histories, doubts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from spartito.communications.models import Template
from spartito.journal.models import Entry
from spartito.portfolio.models import Contact, Customer, Salesperson
from spartito.portfolio.visibility import visible_to
from spartito.web.masterdata.labels import field_label
from spartito.web.masterdata.subjects import Subject

SHOWN = 50
IN_HISTORY = Q(verb__startswith="customer.") | Q(verb__in=["contact.created", "contact.edited", "contact.ended"])


@dataclass(frozen=True)
class Change:
    """One line of a row's history: who changed which fields from what to what, or which act it was."""

    at: datetime
    who: str
    verb: str
    fields: list[tuple[str | Promise, str, str]]
    note: str = ""


def count_customers(request: HttpRequest) -> int:
    return visible_to(request.user, request.business_date).count()  # type: ignore[arg-type,attr-defined]


def count_templates() -> int:
    return Template.objects.values("code").distinct().count()


def freeze(form: forms.Form) -> None:
    """Shows a form that may only be read."""
    for field in form.fields.values():
        field.disabled = True


def tell_doubts(request: HttpRequest, doubts: list[str]) -> None:
    """Doubts about numbers and addresses: said, never in the way."""
    for doubt in doubts:
        name, _colon, what = doubt.partition(": ")
        messages.warning(request, f"{field_label(name)}: {what}" if what else doubt)


def history_of(subject: Subject, row: Any) -> list[Change]:
    """What people changed on a row of master data, the newest first."""
    if subject.journal_noun:
        told = Entry.objects.filter(verb__startswith=f"{subject.journal_noun}.", data__code=row.code)
        return [change_of(entry) for entry in told.order_by("-id")[:SHOWN]]
    return _from_events(row)


def history_of_customer(customer: Customer) -> list[Change]:
    """What people changed on a customer and its contacts, the newest first."""
    told = Entry.objects.filter(IN_HISTORY, customer_id=customer.pk)
    return [change_of(entry) for entry in told.order_by("-id")[:SHOWN]]


def change_of(entry: Entry) -> Change:
    changed = entry.data.get("changed") or {}
    fields = [(field_label(name), _said(pair[0]), _said(pair[1])) for name, pair in changed.items()]
    if "collector" in entry.data:
        fields.append((field_label("collector"), _said(entry.data.get("before")), _said(entry.data["collector"])))
    note = entry.data.get("because") or entry.data.get("contact") or ""
    return Change(entry.at, entry.actor or _("by itself"), entry.verb, fields, note)


def _said(value: Any) -> str:
    if value in (None, "", {}, []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    return str(value)


IGNORED = {"id", "master_facts", "fingerprint", "batch_id"}


def _from_events(row: Any) -> list[Change]:
    """The history of a tracked row from its event table: each state compared with the one before."""
    events = list(_events(row).select_related("pgh_context").order_by("pgh_id"))
    found = []
    for before, after in zip([None, *events], events, strict=False):
        names = [f.attname for f in row._meta.concrete_fields if f.attname not in IGNORED]  # noqa: SLF001
        pairs = [(n, getattr(before, n, None) if before else None, getattr(after, n, None)) for n in names]
        fields = [(field_label(n.removesuffix("_id")), _said(old), _said(new)) for n, old, new in pairs if old != new]
        who = (after.pgh_context.metadata if after.pgh_context else {}).get("name") or _("by itself")
        found.append(Change(after.pgh_created_at, who, after.pgh_label, fields))
    return found[::-1][:SHOWN]


def _events(row: Any) -> QuerySet[Any]:
    from django.apps import apps

    model = apps.get_model(row._meta.app_label, f"{row._meta.object_name}Event")  # noqa: SLF001
    return model._default_manager.filter(pgh_obj_id=row.pk)  # noqa: SLF001


def contacts_of_salesperson(salesperson: Salesperson) -> list[Contact]:
    return list(salesperson.contacts.order_by("role", "name"))


def contacts_of(customer: Customer) -> list[Contact]:
    return list(customer.contacts.order_by("-is_preferred", "role", "name"))
