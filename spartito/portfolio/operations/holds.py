"""Holds: what stops dunning, for whom, from when to when, and because of what (design section 6, rule 10)."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.access.permissions import may
from spartito.journal.operations import write
from spartito.platform.history import by_hand
from spartito.portfolio.models import Hold, Item
from spartito.portfolio.operations.foundation import PortfolioRefused, only_customer, require
from spartito.reference.queries import add_working_days

REVIEW_DAYS = {"manual": 14, "dispute": 30}
REPORTED_WORKING_DAYS = 5
# What who may only report can say: a promise, a dispute, a cheque or money on its way, a visit.
REPORTED_KINDS = {"promise", "dispute", "payment_check", "manual"}
CHECK_WORKING_DAYS = 5
NEEDS_REASON = {"manual", "dispute", "do_not_contact", "legal", "insolvency"}


def put_hold(
    *,
    user: User | None,
    customers: Iterable[int],
    as_of: date,
    kind: str,
    because: str = "",
    item: int | None = None,
    amount: Decimal | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    review_on: date | None = None,
    owner: User | None = None,
    source: str = "person",
) -> list[Hold]:
    """Stops dunning of customers, of one item, or of an amount of it (in the item's currency), both days included.

    A promise needs its last day (the end of its grace); a payment check lasts 5 working days where nothing else
    is said; manual and dispute holds are reviewed after 14 and 30 days. Who may only report says a promise, a
    dispute, a payment or another reason, and gets at most 5 working days. Raises PortfolioRefused.
    """
    customers, start = list(customers), starts_on or as_of
    require(user, as_of, "holds.put", "holds.report")
    _check(kind=kind, because=because, start=start, ends_on=ends_on)
    held = _item_to_hold(customers, item, amount)
    if user is not None and not may(user, "holds.put", as_of):
        _check_reported(kind)
        longest = add_working_days(max(start, as_of), REPORTED_WORKING_DAYS)
        ends_on, source = min(ends_on or longest, longest), "reported"
    if ends_on is None and kind == Hold.Kind.PAYMENT_CHECK:
        ends_on = add_working_days(start, CHECK_WORKING_DAYS)
    if review_on is None and kind in REVIEW_DAYS and ends_on is None:
        review_on = start + timedelta(days=REVIEW_DAYS[kind])
    with by_hand(user=user):
        holds = [
            Hold.objects.create(
                customer_id=customer, item=held, amount=amount, kind=kind, starts_on=start, ends_on=ends_on,
                review_on=review_on, owner=owner or user, put_by=user, because=because.strip(), source=source,
            )
            for customer in customers
        ]  # fmt: skip
        for hold in holds:
            _tell("hold.put", hold, user=user, as_of=as_of, because=hold.because)
    return holds


def _check_reported(kind: str) -> None:
    if kind not in REPORTED_KINDS:
        raise PortfolioRefused(
            _("a hold of kind %(kind)s is for who may put holds: report a promise, a dispute or a payment instead")
            % {"kind": kind}
        )


def release_hold(
    *, user: User | None, customers: Iterable[int], as_of: date, hold: int | None = None, because: str = ""
) -> list[Hold]:
    """Ends a hold, or every hold in force of the customers, so that it no longer covers `as_of`."""
    require(user, as_of, "holds.release")
    live = Hold.objects.filter(customer__in=list(customers), released_on__isnull=True).select_related("item")
    found = list(live.filter(pk=hold) if hold else live.exclude(ends_on__lt=as_of))
    if not found:
        raise PortfolioRefused(_("there is no such hold in force"))
    with by_hand(user=user):
        for held in found:
            held.released_on, held.released_by, held.release_reason = as_of, user, because.strip()
            held.save()
            _tell("hold.released", held, user=user, as_of=as_of, because=because.strip())
    return found


def take_back_hold(*, user: User | None, as_of: date, hold: int) -> None:
    """Ends a hold that came of an outcome now taken back: whoever may undo the outcome may undo its hold."""
    held = Hold.objects.filter(pk=hold, released_on__isnull=True).select_related("item").first()
    if held is None:
        return
    with by_hand(user=user):
        held.released_on, held.released_by, held.release_reason = as_of, user, "undone"
        held.save()
        _tell("hold.released", held, user=user, as_of=as_of, because="undone")


def extend_hold(
    *,
    user: User | None,
    customers: Iterable[int],
    as_of: date,
    hold: int,
    ends_on: date | None = None,
    review_on: date | None = None,
    because: str = "",
) -> Hold:
    """Gives a hold in force another last day or review date. Raises PortfolioRefused."""
    require(user, as_of, "holds.put")
    held = Hold.objects.filter(pk=hold, customer__in=list(customers), released_on__isnull=True).first()
    if held is None:
        raise PortfolioRefused(_("there is no such hold in force"))
    if ends_on is None and review_on is None:
        raise PortfolioRefused(_("say until when: a last day or a review date"))
    if ends_on is not None and ends_on < max(held.starts_on, as_of):
        raise PortfolioRefused(
            _("%(ends_on)s lies before the hold or before today: release it instead") % {"ends_on": ends_on.isoformat()}
        )
    with by_hand(user=user):
        held.ends_on = ends_on or held.ends_on
        held.review_on = review_on or held.review_on
        held.source = "person"
        held.save()
        _tell("hold.extended", held, user=user, as_of=as_of, because=because.strip())
    return held


def _check(*, kind: str, because: str, start: date, ends_on: date | None) -> None:
    if kind not in Hold.Kind.values:
        raise PortfolioRefused(
            _("kind %(kind)s is not one of %(hold)s") % {"kind": repr(kind), "hold": ", ".join(Hold.Kind.values)}
        )
    if kind in NEEDS_REASON and not because.strip():
        raise PortfolioRefused(_("a %(kind)s hold needs a reason") % {"kind": kind})
    if kind == Hold.Kind.PROMISE and ends_on is None:
        raise PortfolioRefused(_("a promise's hold needs its last day"))
    if ends_on is not None and ends_on < start:
        raise PortfolioRefused(
            _("the hold ends on %(ends_on)s, before it starts on %(start)s")
            % {"ends_on": ends_on.isoformat(), "start": start.isoformat()}
        )


def _item_to_hold(customers: list[int], pk: int | None, amount: Decimal | None) -> Item | None:
    """The open debit of the one customer; with an amount, one that is not already held for more."""
    if pk is None:
        if amount is not None:
            raise PortfolioRefused(_("an amount is held of an item: say which"))
        if not customers:
            raise PortfolioRefused(_("say which customer"))
        return None
    customer = only_customer(customers)
    item = Item.objects.filter(pk=pk, customer=customer).first()
    if item is None:
        raise PortfolioRefused(_("%(customer)s has no such document") % {"customer": customer})
    if item.closed_on is not None or item.open_amount <= 0:
        raise PortfolioRefused(
            _("document %(document_number)s is not an open debt") % {"document_number": item.document_number}
        )
    if amount is not None:
        _check_amount(item, amount)
    return item


def _check_amount(item: Item, amount: Decimal) -> None:
    live = item.holds.filter(released_on__isnull=True, amount__isnull=False)
    already = live.aggregate(held=Sum("amount"))["held"] or Decimal(0)
    if amount <= 0 or amount != round(amount, 2):
        raise PortfolioRefused(_("%(amount)s is not an amount that can be held") % {"amount": amount})
    if amount + already > item.open_amount:
        free = item.open_amount - already
        raise PortfolioRefused(
            _("%(amount)s is more than what is open and not yet held of document %(document_number)s (%(free)s)")
            % {"amount": amount, "document_number": item.document_number, "free": free}
        )


def _tell(verb: str, hold: Hold, *, user: User | None, as_of: date, because: str) -> None:
    write(
        business_date=as_of,
        verb=verb,
        customer=hold.customer_id,
        item=hold.item_id,
        user=user,
        data={
            "hold": hold.pk,
            "kind": hold.kind,
            "document": hold.item.document_number if hold.item else None,
            "amount": hold.amount,
            "starts_on": hold.starts_on,
            "ends_on": hold.ends_on,
            "review_on": hold.review_on,
            "because": because,
            "source": hold.source if hold.source != "person" else None,
        },
    )
