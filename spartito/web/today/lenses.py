"""What each profile looks at first, beside its own score. Rows go through `visible_to`, sums too."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from spartito.access.models import User
from spartito.cycle.models import Run
from spartito.ingest.models import Batch
from spartito.journal.models import Entry
from spartito.portfolio.models import Block, Customer, Hold, Item, Payment, Position
from spartito.portfolio.visibility import visible_to
from spartito.web import doors
from spartito.web.buckets import bucket_names
from spartito.worklist import direction, risk

SHOWN = 15
HOLDS_SHOWN = 50
Context = dict[str, Any]


def panel(request: HttpRequest, lens: str) -> Context:
    """The template of the lens (`panel`) and what it shows; a collector's lens is the score itself."""
    if lens == "credit":
        return _credit(request) if doors.allowed(request, "customers.assign") else {}
    made = PANELS.get(lens)
    return {"panel": f"today/panels/{lens}.html", **made(request)} if made else {}


def is_heavy(request: HttpRequest, lens: str) -> bool:
    """Whether the lens comes after the page, because the score comes first."""
    return lens == "credit" and doors.allowed(request, "customers.assign")


def _who(request: HttpRequest) -> tuple[User, date]:
    return request.user, request.business_date  # type: ignore[attr-defined, return-value]


def _credit(request: HttpRequest) -> Context:
    """Who has how much to do, what was done today (of single persons only where it may be shown), and what nobody can do."""
    user, day = _who(request)
    whole = direction.work(user, day)
    people = User.objects.in_bulk([line.key for line in whole.lines if line.key is not None])
    workload = [(people.get(line.key or 0), line) for line in whole.lines if line.tasks or line.done]
    return {
        "panel": "today/panels/credit.html",
        "workload": workload,
        "worked": whole.total.done,
        "shows_persons": direction.shows_single_persons(),
        "reviews": Hold.objects.filter(
            released_on__isnull=True, review_on__lte=day, customer__in=visible_to(user, day)
        ).count(),
        "riskiest": risk.riskiest(user, day, limit=10),
        **_totals(request),
    }


def _totals(request: HttpRequest) -> Context:
    """Open, overdue and its buckets, over the customers this person sees."""
    user, day = _who(request)
    positions = Position.objects.filter(customer__in=visible_to(user, day))
    names = bucket_names(as_of=day)
    sums = {f"b{place}": Sum(f"buckets__{place}") for place in range(len(names))}
    totals = positions.aggregate(
        late=Count("pk", filter=Q(overdue__gt=0)),
        in_the_red=Sum("overdue"),
        all_exposure=Sum("exposure"),
        all_at_bank=Sum("at_bank"),
        **sums,
    )
    buckets = [totals[f"b{place}"] or Decimal(0) for place in range(len(names))]
    gross = sum((part for part in buckets if part > 0), Decimal(0))
    totals["share"] = (totals["in_the_red"] or Decimal(0)) * 100 / gross if gross else Decimal(0)
    rows = [
        {"place": place, "name": name, "amount": amount, "share": amount * 100 / gross if gross else Decimal(0)}
        for place, (name, amount) in enumerate(zip(names, buckets, strict=True))
    ]
    return {"totals": totals, "bucket_names": names, "bucket_sums": buckets, "bucket_rows": rows}


def _management(request: HttpRequest) -> Context:
    user, day = _who(request)
    return {**_totals(request), "riskiest": risk.riskiest(user, day, limit=10)}


def _riskiest(request: HttpRequest) -> Context:
    """The worst positions, and what colleagues did about them lately (C018)."""
    user, day = _who(request)
    rows = risk.riskiest(user, day, limit=SHOWN)
    return {"riskiest": rows, "news": _news([row.customer.pk for row in rows], day)}


def _news(customers: list[int], day: date) -> dict[int, Entry]:
    """The last thing done for each customer in the last 60 days."""
    verbs = (
        "message.sent",
        "outcome.recorded",
        "contact.recorded",
        "note.written",
        "hold.put",
        "block.put",
        "block.raised",
    )
    rows = Entry.objects.filter(customer_id__in=customers, verb__in=verbs, business_date__gte=day - timedelta(days=60))
    return {each.customer_id: each for each in rows.order_by("customer_id", "-at", "-id").distinct("customer_id")}


def _orders(request: HttpRequest) -> Context:
    """Order blocks in force, the latest first."""
    user, day = _who(request)
    blocks = Block.objects.filter(released_on__isnull=True, level__gt=0, customer__in=visible_to(user, day))
    return {
        "blocks": list(blocks.select_related("customer").order_by("-starts_on", "-id")[:50]),
        "blocks_count": blocks.count(),
    }


def _live_holds(request: HttpRequest, *kinds: str) -> QuerySet[Hold]:
    user, day = _who(request)
    holds = Hold.objects.filter(
        kind__in=kinds, released_on__isnull=True, starts_on__lte=day, customer__in=visible_to(user, day)
    )
    return holds.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def _care(request: HttpRequest) -> Context:
    holds = _live_holds(request, "dispute").select_related("customer", "item", "owner")
    return {"holds": list(holds.order_by(F("review_on").asc(nulls_last=True), "id")[:HOLDS_SHOWN])}


def _legal(request: HttpRequest) -> Context:
    return {"at_law": _at_law(request), **_riskiest(request)}


def _at_law(request: HttpRequest) -> list[Context]:
    """One row for a customer's open documents in one currency at law for one reason, or the whole customer; the largest first.

    Amounts in that currency, of a whole customer the balance in the tenant's.
    """
    open_still = _live_holds(request, "legal", "insolvency").filter(Q(item=None) | Q(item__closed_on=None))
    groups = open_still.values("customer", "kind", "because", currency=F("item__currency")).order_by().annotate(
        documents=Count("item"),
        amount=Sum(Coalesce("amount", "item__open_amount")),
        since=Min("starts_on"),
        review_on=Min("review_on"),
    )  # fmt: skip
    customers = Customer.objects.select_related("position").in_bulk({row["customer"] for row in groups})
    rows = [{**row, "customer": customers[row["customer"]]} for row in groups]
    for row in rows:
        if row["currency"] is None:
            position = getattr(row["customer"], "position", None)
            row["amount"] = position.balance if position else Decimal(0)
    return sorted(rows, key=lambda row: (-row["amount"], row["customer"].code))[:HOLDS_SHOWN]


def _cash(request: HttpRequest) -> Context:
    """Money received and not yet laid on a document, and what came back from the bank in the last month."""
    user, day = _who(request)
    seen = visible_to(user, day)
    payments = (
        Payment.objects.filter(unallocated__gt=0, customer__in=seen).select_related("customer").order_by("-day", "-id")
    )
    returned = Item.objects.filter(
        bank_status="returned", closed_on__isnull=True, returned_on__gte=day - timedelta(days=30)
    )
    returned = returned.filter(customer__in=seen).select_related("customer").order_by("-returned_on", "-id")
    return {"payments": list(payments[:50]), "returned": list(returned[:50])}


def _audit(request: HttpRequest) -> Context:
    """What the house did lately: runs, imports, and today's journal by verb."""
    _, day = _who(request)
    verbs = Entry.objects.filter(business_date=day).values("verb").annotate(n=Count("id")).order_by("-n")
    return {"verbs": list(verbs), **_machine()}


def _machine() -> Context:
    return {"runs": list(Run.objects.order_by("-date", "-id")[:7]), "batches": list(Batch.objects.order_by("-id")[:7])}


def _system(request: HttpRequest) -> Context:
    """Users and the machine's days; nothing of customers."""
    _, day = _who(request)
    without = User.objects.filter(is_active=True).exclude(
        pk__in=User.objects.filter(assignments__in=_in_force(day)).values("pk")
    )
    return {
        "users": User.objects.filter(is_active=True).count(),
        "without_profile": list(without.order_by("username")[:20]),
        **_machine(),
    }


def _in_force(day: date) -> Any:
    from spartito.access.models import Assignment

    held = Assignment.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
    return held.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


PANELS: dict[str, Callable[[HttpRequest], Context]] = {
    "management": _management,
    "sales": _riskiest,
    "agency": _riskiest,
    "principal": _management,
    "legal": _legal,
    "orders": _orders,
    "care": _care,
    "cash": _cash,
    "audit": _audit,
    "system": _system,
}
