"""The kinds of master data that a list and a form are enough for, each with the operations that write it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spartito.access.models import OrgUnit, User
from spartito.access.operations import put_unit, retire_unit
from spartito.portfolio import operations
from spartito.portfolio.models import CreditClass, Creditor, PaymentType, Salesperson
from spartito.web.masterdata import forms
from spartito.web.tables import Column
from spartito.web.templatetags.spartito import label


@dataclass(frozen=True)
class Subject:
    """One kind of row. `save(user, as_of, row, changes)` and `retire(user, as_of, row, back)` call one operation each."""

    key: str
    model: type[Model]
    plural: str | Promise
    new: str | Promise
    icon: str
    about: str | Promise
    form: type[forms.RowForm]
    columns: tuple[Column, ...]
    save: Callable[[User, date, Any, dict[str, Any]], Any]
    retire: Callable[[User, date, Any, bool], Any] | None = None
    related: tuple[str, ...] = ()
    journal_noun: str = ""

    def rows(self) -> QuerySet[Any]:
        found = self.model._default_manager.all()  # noqa: SLF001
        return found.select_related(*self.related) if self.related else found


def _save_salesperson(user: User, as_of: date, row: Any, changes: dict[str, Any]) -> Any:
    code = changes.pop("code", "")
    return operations.save_salesperson(user=user, as_of=as_of, salesperson=row, code="" if row else code, **changes)


def _retire_salesperson(user: User, as_of: date, row: Any, back: bool) -> Any:
    return operations.retire_salesperson(user=user, as_of=as_of, salesperson=row, back=back)


def _save_creditor(user: User, as_of: date, row: Any, changes: dict[str, Any]) -> Any:
    return operations.edit_creditor(user=user, as_of=as_of, creditor=row, code=changes.pop("code", ""), **changes)


def _save_unit(user: User, as_of: date, row: Any, changes: dict[str, Any]) -> Any:
    kind = row.kind if row else changes["kind"]
    code = row.code if row else changes["code"]
    parent = changes.get("parent", False)
    said = None if parent is False else (parent.code if parent else "")
    return put_unit(user=user, kind=kind, code=code, name=changes.get("name"), parent=said)


def _retire_unit(user: User, as_of: date, row: Any, back: bool) -> Any:
    return retire_unit(user=user, unit=row.pk, as_of=as_of)


def _save_class(user: User, as_of: date, row: Any, changes: dict[str, Any]) -> Any:
    return operations.put_class(user=user, as_of=as_of, **{**({"code": row.code} if row else {}), **changes})


def _save_payment_type(user: User, as_of: date, row: Any, changes: dict[str, Any]) -> Any:
    return operations.put_payment_type(user=user, as_of=as_of, **{**({"code": row.code} if row else {}), **changes})


def _retire_code(save: Callable[..., Any]) -> Callable[[User, date, Any, bool], Any]:
    return lambda user, as_of, row, back: save(user, as_of, row, {"retired_on": None if back else as_of})


_CODE = Column("code", _("Code"), ("code",), on_phone=False)
_NAME = Column("name", _("Name"), ("name", "code"), value=lambda row: row.name or row.code)
_RETIRED = Column("retired_on", _("Retired"), ("retired_on",), "date", on_phone=False)
_CODE_COLUMNS = (
    Column("name", _("Name"), ("name_it",), value=label),
    _CODE,
    Column(
        "is_dunnable", _("Reminded"), ("is_dunnable",), value=lambda row: _("yes") if row.is_dunnable else _("never")
    ),
    _RETIRED,
)

SUBJECTS = {
    subject.key: subject
    for subject in (
        Subject(
            "salespeople", Salesperson, _("Salespeople"), _("New salesperson"), "briefcase",
            _("Who sells to the customers; a login shows them their own customers."),
            forms.SalespersonForm,
            (_NAME, _CODE, Column("area", _("Area"), ("area__name",), value=lambda row: str(row.area or "")),
             Column("email", _("E-mail"), ("email",), on_phone=False), Column("phone", _("Phone"), on_phone=False),
             Column("user", _("Login"), value=lambda row: row.user.username if row.user else "", on_phone=False), _RETIRED),
            _save_salesperson, _retire_salesperson, ("area", "user"), "salesperson",
        ),
        Subject(
            "creditors", Creditor, _("Creditors"), _("New creditor"), "building",
            _("The companies that own the receivables, and what stands on their letters."),
            forms.CreditorForm,
            (_NAME, _CODE, Column("vat_number", _("VAT number"), on_phone=False), Column("city", _("City"), ("city",), on_phone=False),
             Column("iban", _("IBAN"), on_phone=False), Column("ledger_date", _("Ledger of"), ("ledger_date",), "date")),
            _save_creditor, None, (), "creditor",
        ),
        Subject(
            "units", OrgUnit, _("Areas, divisions, sectors"), _("New area, division or sector"), "sitemap",
            _("How customers are divided; who answers for an area also sees those below it."),
            forms.UnitForm,
            (_NAME, _CODE, Column("kind", _("Kind"), ("kind", "name"), value=lambda row: str(forms.KINDS[row.kind])),
             Column("parent", _("Below"), ("parent__name",), value=lambda row: str(row.parent or ""), on_phone=False), _RETIRED),
            _save_unit, _retire_unit, ("parent",), "",
        ),
        Subject(
            "classes", CreditClass, _("Credit classes"), _("New credit class"), "tags",
            _("The nature of a customer; the strategies choose by it."),
            forms.CodeForm, _CODE_COLUMNS, _save_class, _retire_code(_save_class), (), "credit_class",
        ),
        Subject(
            "payment-types", PaymentType, _("Payment types"), _("New payment type"), "credit-card",
            _("How items are to be paid; some are never reminded."),
            forms.PaymentTypeForm, _CODE_COLUMNS, _save_payment_type, _retire_code(_save_payment_type), (), "payment_type",
        ),
    )
}  # fmt: skip


def counts() -> dict[str, int]:
    return {
        key: subject.model._default_manager.aggregate(count=Count("pk"))["count"]  # noqa: SLF001
        for key, subject in SUBJECTS.items()
    }
