"""Rows for tests, in the words of the trade. Each builder returns the saved row."""

from datetime import date
from decimal import Decimal
from typing import Any

from spartito.portfolio.models import Creditor, Customer, Item, Movement


def creditor(code: str = "ACME", **facts: Any) -> Creditor:
    return Creditor.objects.get_or_create(code=code, defaults={"name": f"{code} S.p.A.", **facts})[0]


def customer(code: str = "C1", *, of: Creditor | None = None, **facts: Any) -> Customer:
    """A customer; of the tenant's first creditor when none is named."""
    owner = of or Creditor.objects.order_by("id").first() or creditor()
    facts.setdefault("name", f"Cliente {code}")
    facts.setdefault("created_on", date(2020, 1, 1))
    return Customer.objects.create(creditor=owner, code=code, **facts)


def invoice(
    whose: Customer,
    number: str,
    *,
    due: date,
    amount: Decimal | str | int = "100.00",
    issued: date | None = None,
    kind: str = "invoice",
    **facts: Any,
) -> Item:
    """An item whose opening movement is dated `issued` (or its due date) and waits for its day."""
    value = Decimal(amount)
    item = Item.objects.create(
        creditor=whose.creditor,
        customer=whose,
        item_key=f"{kind}|{number}||",
        document_type=kind,
        document_number=number,
        issue_date=issued,
        due_date=due,
        original_due_date=due,
        amount=value,
        open_amount=0,
        currency=facts.pop("currency", "EUR"),
        **facts,
    )
    move(item, on=issued or due, by=value, cause="opened")
    return item


def move(item: Item, *, on: date, by: Decimal | str | int, cause: str = "paid", **facts: Any) -> Movement:
    """A movement that waits for its day: `refresh` applies it."""
    return Movement.objects.create(item=item, day=on, amount=Decimal(by), cause=cause, **facts)
