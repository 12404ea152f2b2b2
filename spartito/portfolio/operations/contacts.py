"""Contacts: the people and sites of a customer (C088) or of a salesperson (C089)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.journal.operations import write
from spartito.platform.history import by_hand
from spartito.portfolio.models import Contact, Salesperson
from spartito.portfolio.operations.foundation import PortfolioRefused, doubts_about, only_customer, require, set_values

EDITABLE = {
    "role", "name", "email", "pec", "phone", "mobile", "fax", "language", "is_preferred", "note", "address",
    "postal_code", "city", "province", "country", "valid_from", "valid_until",
}  # fmt: skip


def save_contact(
    *,
    user: User | None,
    customers: Iterable[int] = (),
    as_of: date,
    contact: int | None = None,
    salesperson: Salesperson | None = None,
    **values: Any,
) -> tuple[Contact, list[str]]:
    """Makes or changes a contact; returns it with doubts about its addresses. Raises PortfolioRefused."""
    require(user, as_of, "contacts.edit", "masterdata.edit" if salesperson else "contacts.edit")
    customer = None if salesperson else only_customer(customers)
    owner = {"customer": customer, "salesperson": salesperson}
    row = Contact.objects.filter(pk=contact, **owner).first() if contact else Contact(**owner)
    if row is None:
        raise PortfolioRefused(_("there is no such contact"))
    with by_hand(user=user):
        changed = set_values(row, values, allowed=EDITABLE)
        _check(row)
        row.save()
        if row.is_preferred and customer is not None:
            customer.contacts.filter(role=row.role, is_preferred=True).exclude(pk=row.pk).update(is_preferred=False)
        if customer is not None and changed:
            verb = "contact.edited" if contact else "contact.created"
            data = {"contact": row.name or row.email or row.phone, "role": row.role, "changed": changed}
            write(business_date=as_of, verb=verb, customer=customer.pk, user=user, data=data)
    return row, doubts_about(row)


def end_contact(
    *, user: User | None, customers: Iterable[int], as_of: date, contact: int, because: str = ""
) -> Contact:
    """The contact is no longer used from today on. Raises PortfolioRefused."""
    require(user, as_of, "contacts.edit")
    customer = only_customer(customers)
    row = Contact.objects.filter(pk=contact, customer=customer).first()
    if row is None:
        raise PortfolioRefused(_("there is no such contact"))
    with by_hand(user=user):
        yesterday = as_of - timedelta(days=1)
        row.valid_from = min(row.valid_from, yesterday) if row.valid_from else None
        row.valid_until = yesterday
        row.save()
        data = {"contact": row.name or row.email or row.phone, "because": because}
        write(business_date=as_of, verb="contact.ended", customer=customer.pk, user=user, data=data)
    return row


def _check(row: Contact) -> None:
    if row.role not in Contact.Role.values:
        raise PortfolioRefused(
            _("role %(role)s is not one of %(contact)s")
            % {"role": repr(row.role), "contact": ", ".join(Contact.Role.values)}
        )
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        raise PortfolioRefused(
            _("the contact ends on %(valid_until)s, before it starts") % {"valid_until": row.valid_until.isoformat()}
        )
    if not any((row.name, row.email, row.pec, row.phone, row.mobile, row.fax, row.address)):
        raise PortfolioRefused(_("a contact needs a name, an address or a number"))
