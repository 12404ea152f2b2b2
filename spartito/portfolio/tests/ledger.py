"""A small ledger for tests: customers with items, opened by movements, refreshed as the day does."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from spartito.access.models import OrgUnit
from spartito.portfolio.models import Creditor, Customer, Item, Movement, Salesperson
from spartito.portfolio.steps import refresh

DAY = date(2026, 11, 20)


def creditor(code: str = "MAIN") -> Creditor:
    return Creditor.objects.get_or_create(code=code, defaults={"name": f"Creditore {code}"})[0]


def unit(kind: str, code: str, parent: OrgUnit | None = None) -> OrgUnit:
    return OrgUnit.objects.get_or_create(kind=kind, code=code, defaults={"name": code.title(), "parent": parent})[0]


def seller(code: str) -> Salesperson:
    return Salesperson.objects.get_or_create(code=code, defaults={"name": f"Venditore {code}"})[0]


def customer(code: str, *, of: str = "MAIN", **values: Any) -> Customer:
    owner = creditor(of)
    made = Customer.objects.create(
        creditor=owner, code=code, name=values.pop("name", f"Cliente {code}"), created_on=DAY, **values
    )
    made.account = made
    made.save()
    return made


def item(
    owner: Customer,
    number: str,
    amount: str | Decimal,
    *,
    due: date = DAY - timedelta(days=10),
    opened: date | None = None,
    **values: Any,
) -> Item:
    """An invoice (a credit note when negative), opened on a day by its movement."""
    amount = Decimal(amount)
    kind = "invoice" if amount > 0 else "credit_note"
    day = opened or due - timedelta(days=30)
    made = Item.objects.create(
        creditor=owner.creditor, customer=owner, item_key=f"{kind}|{number}||", document_type=kind,
        document_number=number, issue_date=day, due_date=due, original_due_date=values.pop("original", due),
        amount=amount, open_amount=0, currency=values.pop("currency", "EUR"), **values,
    )  # fmt: skip
    move(made, amount, day, "opened")
    return made


def move(on: Item, amount: str | Decimal, day: date, cause: str = "paid") -> Movement:
    return Movement.objects.create(item=on, day=day, amount=Decimal(amount), cause=cause)


def bring_to(day: date = DAY) -> None:
    """Step 1 of the day, for everybody."""
    refresh(as_of=day, run_id=None)
