"""What the tests of actions, worklist and communications stand on: a creditor, customers, people, and plans."""

from datetime import date
from decimal import Decimal
from typing import Any

import spartito.actions.steps
import spartito.communications.steps
import spartito.portfolio.steps
import spartito.worklist.steps
from spartito.access.models import Assignment, Scope, User
from spartito.actions.models import ActionItem, PlannedAction
from spartito.platform.money import cents
from spartito.portfolio.models import Creditor, Customer, Item
from tests import builders

TODAY = date(2026, 11, 18)  # a Wednesday

HOUSE = {
    "name": "Rossi Meccanica S.r.l.",
    "address": "Via dell'Industria 12",
    "postal_code": "20054",
    "city": "Segrate",
    "province": "MI",
    "country": "IT",
    "phone": "02 1234567",
    "email": "credito@rossi.example",
    "vat_number": "01234567890",
    "iban": "IT60X0542811101000000123456",
    "bank_name": "Banca Popolare",
}
WHO = {
    "name": "Bianchi & Figli S.p.A.",
    "address": "Via Garibaldi 3",
    "postal_code": "10121",
    "city": "Torino",
    "province": "TO",
    "country": "IT",
    "email": "amministrazione@bianchi.example",
}


def house(**facts: Any) -> Creditor:
    """The tenant's creditor, with a letterhead and a ledger of today."""
    found = Creditor.objects.order_by("id").first() or builders.creditor("ROSSI")
    for name, value in (HOUSE | {"ledger_date": TODAY} | facts).items():
        setattr(found, name, value)
    found.save()
    return found


def debtor(code: str = "C1", **facts: Any) -> Customer:
    return builders.customer(code, of=house(), **(WHO | facts))


def person(name: str, profile: str, email: str = "", **scopes: str) -> User:
    made = User.objects.create(username=name, full_name=name.title(), email=email or f"{name}@rossi.example")
    held = Assignment.objects.create(user=made, profile=profile)
    for key, code in scopes.items():
        Scope.objects.create(assignment=held, key="class" if key == "class_" else key, code=code)
    return made


def plan(
    whose: Customer,
    items: list[Item],
    *,
    channel: str = "email",
    on: date = TODAY,
    step: str = "first",
    template: str = "first_reminder",
    mentioned: list[Item] | None = None,
    **facts: Any,
) -> PlannedAction:
    """A contact (or, with `action`, a measure) as the strategies insert it; `items` moved, `mentioned` are beside."""
    measure = "action" in facts
    made = PlannedAction.objects.create(
        account=whose,
        creditor=whose.creditor,
        due_on=on,
        kind="measure" if measure else "contact",
        step_code=step,
        channel="" if measure else channel,
        template="" if measure or channel == "phone" else template,
        **facts,
    )
    for role, several in (("moved", items), ("mentioned", mentioned or [])):
        for item in several:
            ActionItem.objects.create(
                planned_action=made, item=item, role=role, is_due_here=role == "moved", open_amount=item.open_amount
            )
    return made


def late_invoice(
    whose: Customer, number: str = "FT1", amount: str | Decimal = "1000.00", due: date = date(2026, 10, 1), **facts: Any
) -> Item:
    """An open invoice on the books since its issue."""
    made = builders.invoice(
        whose, number, due=due, amount=amount, issued=facts.pop("issued", date(2026, 9, 1)), **facts
    )
    refresh()
    made.refresh_from_db()
    return made


def pay(item: Item, amount: str | Decimal | None = None, on: date = TODAY) -> None:
    """Money comes in for an item, all of it or a part."""
    item.refresh_from_db()
    builders.move(item, on=on, by=-cents(amount or item.open_amount))


def refresh(as_of: date = TODAY) -> None:
    spartito.portfolio.steps.refresh(as_of=as_of, run_id=None)


def rest_of_the_day(as_of: date = TODAY) -> None:
    """Every step of the day but deciding: what follows from plans, payments and holds."""
    refresh(as_of)
    spartito.actions.steps.withdraw(as_of=as_of, run_id=None)
    spartito.actions.steps.carry_out(as_of=as_of, run_id=None)
    spartito.worklist.steps.assign(as_of=as_of, run_id=None)
    spartito.communications.steps.compose(as_of=as_of, run_id=None)
