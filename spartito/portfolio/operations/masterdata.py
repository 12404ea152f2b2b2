"""Creditors, salespeople, classes and payment types, as people edit them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.access.operations import give_profile
from spartito.journal.operations import write
from spartito.platform.history import by_hand
from spartito.portfolio.models import CreditClass, Creditor, PaymentType, Salesperson
from spartito.portfolio.operations.foundation import PortfolioRefused, doubts_about, require, set_values

ADDRESS = {"address", "postal_code", "city", "province", "country", "email", "pec", "phone"}
OF_CREDITOR = ADDRESS | {
    "name", "vat_number", "tax_code", "iban", "bank_name", "language", "currency", "letterhead", "in_start_up",
}  # fmt: skip
OF_SALESPERSON = ADDRESS | {"name", "area", "user"}
OF_CODES = {"name_it", "name_en", "is_dunnable", "retired_on"}


def edit_creditor(
    *, user: User | None, as_of: date, creditor: Creditor | None = None, code: str = "", **values: Any
) -> tuple[Creditor, list[str]]:
    """Changes a creditor, or makes one; `code` is the new one's, or another for the one there is.

    Returns doubts about its numbers. Raises PortfolioRefused.
    """
    require(user, as_of, "masterdata.edit")
    row = creditor or Creditor(code=_free_code(Creditor, code))
    with by_hand(user=user):
        changed = set_values(row, values, allowed=OF_CREDITOR)
        if code.strip() and code.strip() != row.code:
            changed["code"] = [row.code, _free_code(Creditor, code)]
            row.code = code.strip()
        if not row.name:
            raise PortfolioRefused(_("a creditor needs a name"))
        row.save()
        _tell("creditor", row.code, changed, user=user, as_of=as_of, new=creditor is None)
    return row, doubts_about(row)


def save_salesperson(
    *, user: User | None, as_of: date, salesperson: Salesperson | None = None, code: str = "", **values: Any
) -> tuple[Salesperson, list[str]]:
    """Makes or changes a salesperson; a login that sees nothing else yet is given the salesperson's own customers."""
    require(user, as_of, "masterdata.edit")
    row = salesperson or Salesperson(code=_free_code(Salesperson, code))
    with by_hand(user=user):
        changed = set_values(row, values, allowed=OF_SALESPERSON)
        row.save()
        if row.user is not None and not row.user.assignments.exists():
            scopes = [("salesperson", row.code)]
            give_profile(user=user, as_of=as_of, to=row.user, profile="salesperson", scopes=scopes)
        _tell("salesperson", row.code, changed, user=user, as_of=as_of, new=salesperson is None)
    return row, doubts_about(row)


def retire_salesperson(*, user: User | None, as_of: date, salesperson: Salesperson, back: bool = False) -> None:
    """No longer offered in choices; customers keep the name until somebody else takes them."""
    require(user, as_of, "masterdata.edit")
    with by_hand(user=user):
        salesperson.retired_on = None if back else as_of
        salesperson.save()
        _tell("salesperson", salesperson.code, {"retired_on": [None, as_of.isoformat()]}, user=user, as_of=as_of)


def put_class(*, user: User | None, as_of: date, code: str, **values: Any) -> CreditClass:
    """Makes or changes a credit class; one that is not dunnable has no strategy."""
    return _put_code(CreditClass, "credit_class", user=user, as_of=as_of, code=code, values=values)


def put_payment_type(*, user: User | None, as_of: date, code: str, **values: Any) -> PaymentType:
    """Makes or changes a payment type."""
    return _put_code(PaymentType, "payment_type", user=user, as_of=as_of, code=code, values=values)


def _put_code(model, noun: str, *, user: User | None, as_of: date, code: str, values: dict[str, Any]):  # type: ignore[no-untyped-def]
    require(user, as_of, "masterdata.edit")
    code = code.strip().upper()
    row = model.objects.filter(code=code).first()
    is_new = row is None
    row = row or model(code=_free_code(model, code))
    with by_hand(user=user):
        changed = set_values(row, values, allowed=OF_CODES)
        if not row.name_it or not row.name_en:
            raise PortfolioRefused(_("%(code)s needs an Italian and an English name") % {"code": code})
        row.save()
        _tell(noun, code, changed, user=user, as_of=as_of, new=is_new)
    return row


def _free_code(model, code: str) -> str:  # type: ignore[no-untyped-def]
    code = code.strip()
    if not code:
        raise PortfolioRefused(_("a code is needed"))
    if model.objects.filter(code=code).exists():
        raise PortfolioRefused(_("code %(code)s is taken") % {"code": code})
    return code


def _tell(noun: str, code: str, changed: dict[str, Any], *, user: User | None, as_of: date, new: bool = False) -> None:
    if changed or new:
        verb = f"{noun}.{'created' if new else 'edited'}"
        write(business_date=as_of, verb=verb, user=user, data={"code": code, "changed": changed})
