"""What the customer page reads. The customer was found through `visible_to`; items go through the user's scope.

As many queries for a customer of five thousand items as for one of five.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from spartito.access.models import User
from spartito.actions.models import Message
from spartito.portfolio.models import Block, Customer, Hold, Item, Payment
from spartito.portfolio.queries.statement import block_of
from spartito.portfolio.visibility import items_in_scope, sees_everything, visible_to
from spartito.tenants.models import Tenant

MESSAGES_SHOWN = 8
# What the head shows of every customer; to plan a join of twelve tables took longer than all the rest of the page.
RELATED = ("creditor", "credit_class", "salesperson", "area", "collector", "position")


@dataclass
class Others:
    """Open items of the customer that are not in the reader's scope, as a total."""

    count: int = 0
    amount: Decimal = Decimal(0)


@dataclass
class HoldGroup:
    """Holds alike in all but the document they cover; `first` speaks for them."""

    first: Hold
    holds: list[Hold]


@dataclass
class Standing:
    """What holds on the customer today."""

    holds: list[Hold] = field(default_factory=list)
    by_item: dict[int, list[Hold]] = field(default_factory=dict)
    whole: list[Hold] = field(default_factory=list)
    block: Block | None = None

    def groups(self) -> list[HoldGroup]:
        """The holds, those that differ only in their document together."""
        alike: dict[tuple[object, ...], list[Hold]] = {}
        for hold in self.holds:
            apart = hold.pk if hold.item_id is None or hold.amount is not None else None
            same = (hold.kind, hold.because, hold.starts_on, hold.ends_on, hold.review_on, hold.put_by_id, hold.source)
            alike.setdefault((*same, apart), []).append(hold)
        return [HoldGroup(several[0], several) for several in alike.values()]


def customer_seen(user: User, as_of: date, pk: int) -> Customer:
    """The customer with all its head shows, or 404."""
    found = visible_to(user, as_of).filter(pk=pk).select_related(*RELATED).first()
    if found is None:
        raise Http404
    return found


def items_of(user: User, as_of: date, customer: Customer, tenant: Tenant, *, closed: bool) -> QuerySet[Item]:
    """Open (or closed) items that the reader may see one by one."""
    rows = Item.objects.filter(customer=customer)
    if tenant.show_other_items == Tenant.OtherItems.TOTAL and not sees_everything(user, as_of):
        rows = items_in_scope(user, as_of).filter(customer=customer)
    rows = rows.filter(closed_on__isnull=not closed)
    if not closed:
        rows = rows.exclude(open_amount=0)
    return rows.select_related("payment_type", "progress")


def others_of(user: User, as_of: date, customer: Customer, tenant: Tenant) -> Others:
    """What the reader sees only as a total."""
    if tenant.show_other_items != Tenant.OtherItems.TOTAL or sees_everything(user, as_of):
        return Others()
    rows = Item.objects.filter(customer=customer, closed_on__isnull=True)
    rows = rows.exclude(pk__in=items_in_scope(user, as_of).filter(customer=customer).values("pk"))
    found = rows.aggregate(count=Count("pk"), amount=Sum("open_amount"))
    return Others(found["count"], found["amount"] or Decimal(0))


def standing(customer: Customer, as_of: date) -> Standing:
    """Holds that cover the day or come later, and the order block in force."""
    live = Hold.objects.filter(customer=customer, released_on__isnull=True)
    live = live.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=as_of)).select_related("item", "owner", "put_by")
    found = Standing(holds=list(live.order_by("item_id", "starts_on", "id")))
    for hold in found.holds:
        if hold.item_id:
            found.by_item.setdefault(hold.item_id, []).append(hold)
        elif hold.starts_on <= as_of:
            found.whole.append(hold)
    found.block = block_of(customer=customer)
    return found


def messages_of(customer: Customer) -> list[Message]:
    """The latest messages to the customer's account."""
    rows = Message.objects.filter(account=customer.account_id or customer.pk)
    return list(rows.order_by("-due_on", "-id")[:MESSAGES_SHOWN])


def unallocated_of(customer: Customer) -> list[Payment]:
    """Payments not yet laid on documents."""
    return list(Payment.objects.filter(customer=customer, unallocated__gt=0).order_by("-day", "-id")[:20])


def members_of(customer: Customer) -> list[Customer]:
    """Customers whose account this one is, itself left out."""
    return list(Customer.objects.filter(account=customer).exclude(pk=customer.pk).order_by("name")[:20])
