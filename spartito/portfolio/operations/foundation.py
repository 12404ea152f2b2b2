"""What every operation stands on: its exception, the check of rights, and the rows of a new tenant."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.access.models import User
from spartito.access.permissions import may
from spartito.platform.errors import Refused
from spartito.portfolio import seeds
from spartito.portfolio.models import CreditClass, Creditor, Customer, PaymentType
from spartito.portfolio.rules import doubtful_fields


class PortfolioRefused(Refused):
    """A customer, contact, hold or block that cannot be as asked; the text names the field or the row."""


def require(user: User | None, as_of: date, *permissions: str) -> None:
    """Raises PortfolioRefused unless the user has one of these permissions. `user` None is the house itself."""
    if user is not None and not any(may(user, permission, as_of) for permission in permissions):
        raise PortfolioRefused(
            _("%(username)s may not do this (%(permissions)s)")
            % {"username": user.username, "permissions": permissions[0]}
        )


def only_customer(customers: Iterable[int]) -> Customer:
    """The one customer that an operation is about. Raises PortfolioRefused."""
    found = list(Customer.objects.filter(pk__in=list(customers))[:2])
    if len(found) != 1:
        raise PortfolioRefused(_("this is done for one customer at a time"))
    return found[0]


WRONG: dict[str, str | Promise] = {
    "vat_number": gettext_lazy("%(value)s is not a valid VAT number"),
    "tax_code": gettext_lazy("%(value)s is not a valid tax code"),
    "email": gettext_lazy("%(value)s is not an e-mail address"),
    "pec": gettext_lazy("%(value)s is not an e-mail address"),
    "phone": gettext_lazy("%(value)s is not a telephone number"),
    "mobile": gettext_lazy("%(value)s is not a telephone number"),
    "iban": gettext_lazy("%(value)s is not a valid IBAN"),
}


def doubts_about(row: Any) -> list[str]:
    """One line a doubtful field; they warn, they never refuse."""
    return [str(WRONG[name]) % {"value": value} for name, value in doubtful_fields(row).items()]


def set_values(row: Any, values: dict[str, Any], *, allowed: Iterable[str]) -> dict[str, list[Any]]:
    """Sets fields and returns what changed as {field: [before, after]}. Raises PortfolioRefused for an unknown field."""
    unknown = set(values) - set(allowed)
    if unknown:
        raise PortfolioRefused(
            _("%(unknown)s: not a field that can be edited") % {"unknown": ", ".join(sorted(unknown))}
        )
    changed: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if isinstance(value, str):
            value = value.strip()
        if before != value:
            setattr(row, name, value)
            changed[name] = [shown(before), shown(value)]
    return changed


def shown(value: Any) -> Any:
    """A value as history keeps it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def seed_tenant(*, tenant) -> None:  # type: ignore[no-untyped-def]
    """One creditor called like the tenant, the classes of domain 11.1 and the payment types of 11.2."""
    if Creditor.objects.exists():
        return
    Creditor.objects.create(
        code="MAIN",
        name=tenant.name,
        language=tenant.language,
        currency=tenant.currency,
        country=tenant.country,
        in_start_up=getattr(tenant, "start_up", False),
    )
    model: Any
    for model, rows in ((CreditClass, seeds.CREDIT_CLASSES), (PaymentType, seeds.PAYMENT_TYPES)):
        model.objects.bulk_create(
            model(code=code, name_it=name_it, name_en=name_en, is_dunnable=dunnable)
            for code, name_it, name_en, dunnable in rows
        )
