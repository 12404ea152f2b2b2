"""One customer's ledger as a person reads it. The customer was found through `visible_to`."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.portfolio.models import Block, Contact, Customer, Hold, Item, Payment, Position
from spartito.portfolio.visibility import items_in_scope, sees_everything, visible_to

ZERO = Decimal(0)


@dataclass(slots=True)
class Line:
    """An open item on a day: `days` past due (negative: still to come), what is held of it, and by which holds."""

    item: Item
    days: int
    holds: list[Hold]
    held: Decimal
    running: Decimal

    @property
    def is_overdue(self) -> bool:
        return self.days > 0 and self.item.open_amount > 0


@dataclass(slots=True)
class Others:
    """Open items of the customer that belong to somebody else, as a total a currency."""

    items: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Statement:
    """Open items in order of due date; `running` adds up within a currency. `total` counts the lines shown."""

    lines: list[Line]
    others: Others
    totals: dict[str, Decimal]
    holds: list[Hold]


def statement(*, user: User, customer: Customer, as_of: date, limit: int | None = None) -> Statement:
    """Open items of a visible customer with their holds; others' items whole or as a total, as the tenant chose."""
    shown, others = _open_items(user=user, customer=customer, as_of=as_of, limit=limit)
    holds = list(holds_of(customer=customer, as_of=as_of))
    by_item: dict[int | None, list[Hold]] = {}
    for hold in holds:
        by_item.setdefault(hold.item_id, []).append(hold)
    lines: list[Any] = []
    running: dict[str, Decimal] = {}
    for item in shown:
        covering = by_item.get(None, []) + by_item.get(item.pk, [])
        running[item.currency] = running.get(item.currency, ZERO) + item.open_amount
        days = (as_of - item.due_date).days
        lines.append(Line(item, days, covering, held_amount(item, covering), running[item.currency]))
    return Statement(lines, others, running, holds)


def held_amount(item: Item, holds: list[Hold]) -> Decimal:
    """How much of an open debit the holds cover: all of it, or their amounts, never more than what is open."""
    if item.open_amount <= 0 or not holds:
        return ZERO
    if any(hold.amount is None for hold in holds):
        return item.open_amount
    return min(item.open_amount, sum((hold.amount or ZERO for hold in holds), ZERO))


def _open_items(*, user: User, customer: Customer, as_of: date, limit: int | None) -> tuple[list[Item], Others]:
    rows = (
        Item.objects.filter(customer=customer, closed_on__isnull=True)
        .exclude(open_amount=0)
        .select_related("payment_type", "salesperson", "area")
        .order_by("due_date", "document_number", "pk")
    )
    if sees_everything(user, as_of) or connection.tenant.show_other_items == "whole":
        return list(rows[:limit]), Others()
    mine = rows.filter(pk__in=items_in_scope(user, as_of).filter(customer=customer).values("pk"))
    shown, others = list(mine[:limit]), Others()
    hidden = rows.exclude(pk__in=items_in_scope(user, as_of).filter(customer=customer).values("pk"))
    for currency, amount in hidden.values_list("currency", "open_amount"):
        others.items += 1
        others.amounts[currency] = others.amounts.get(currency, ZERO) + amount
    return shown, others


def closed_items(*, user: User, customer: Customer, as_of: date) -> QuerySet[Item]:
    """Settled items that the user may see one by one, the latest first."""
    rows = Item.objects.filter(customer=customer, closed_on__isnull=False)
    if not sees_everything(user, as_of) and connection.tenant.show_other_items != "whole":
        rows = rows.filter(pk__in=items_in_scope(user, as_of).filter(customer=customer).values("pk"))
    return rows.select_related("payment_type").order_by("-closed_on", "-due_date", "-pk")


def holds_of(*, customer: Customer, as_of: date) -> QuerySet[Hold]:
    """Holds that cover the day, those of the whole customer first."""
    covering = Q(starts_on__lte=as_of) & (Q(ends_on__isnull=True) | Q(ends_on__gte=as_of))
    live = Q(released_on__isnull=True) | Q(released_on__gt=as_of)
    rows = Hold.objects.filter(covering, live, customer=customer).select_related("item", "owner", "put_by")
    return rows.order_by(F("item").asc(nulls_first=True), "starts_on", "pk")


def block_of(*, customer: Customer) -> Block | None:
    """The order block in force."""
    return Block.objects.filter(customer=customer, released_on__isnull=True).select_related("put_by").first()


def position_of(*, customer: Customer) -> Position | None:
    """The customer's amounts on the day that step 1 last brought them to (`as_of` on the row)."""
    return Position.objects.filter(customer=customer).first()


def contacts_of(*, customer: Customer, as_of: date, with_ended: bool = False) -> QuerySet[Contact]:
    """People and sites of a customer, preferred ones first."""
    rows = Contact.objects.filter(customer=customer)
    if not with_ended:
        rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=as_of)).filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=as_of)
        )
    return rows.order_by("-is_preferred", "role", "name")


def payments_of(*, customer: Customer, as_of: date) -> QuerySet[Payment]:
    """Money received, the latest first, with what it was laid on."""
    rows = Payment.objects.filter(customer=customer, day__lte=as_of).select_related("payment_type")
    laid = Prefetch("allocations", to_attr="laid_on")
    return rows.prefetch_related(laid, "laid_on__item").order_by("-day", "-pk")  # type: ignore[misc]


def same_debtor(*, user: User, customer: Customer, as_of: date) -> QuerySet[Customer]:
    """Visible customers of other creditors that are the same party."""
    if customer.party_id is None:
        return Customer.objects.none()
    rows = visible_to(user, as_of).filter(party=customer.party_id).exclude(pk=customer.pk)
    return rows.select_related("creditor", "position")
