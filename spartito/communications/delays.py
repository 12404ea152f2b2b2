"""The statement of delays: documents that a message mentions though they are paid, and the interest not charged for them.

Interest is that of the law, from the day after the due date to the day of payment (domain 2.1 and 2.4); a consumer's is
the legal rate. Where a rate is not known the documents are told without a sum: none is guessed.
"""

import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from spartito.actions.models import ActionItem
from spartito.communications.interest import CURRENCY, UNSENT, Rates, in_batches, interest_of, movements_of
from spartito.communications.models import Rendition
from spartito.platform import money
from spartito.platform.sql import StepResult
from spartito.portfolio.models import Item
from spartito.reference.queries import NotKnown
from spartito.reference.rules import Rated, RateMissing


def add_delays(*, customers: Sequence[int] | None) -> StepResult:
    """Works out the delays of the unsent messages that tell them and have none yet; counts them."""
    started = time.perf_counter()
    waiting = Rendition.objects.filter(
        superseded_on__isnull=True, message__status__in=UNSENT, fields__lists="delays", fields__delays__isnull=True
    ).select_related("message")
    if customers is not None:
        waiting = waiting.filter(message__account__in=customers)
    rates = Rates()
    done = sum(_work_out(batch, rates) for batch in in_batches(waiting))
    return StepResult("add_delays", done, round(time.perf_counter() - started, 4))


def _work_out(batch: list[Rendition], rates: Rates) -> int:
    listed = _items_of([each.message.planned_action_id for each in batch])
    moved = movements_of([item.pk for items in listed.values() for item in items])
    for rendition in batch:
        items = listed.get(rendition.message.planned_action_id, [])
        rendition.fields["delays"] = _delays(rendition, items, moved, rates)
    Rendition.objects.bulk_update(batch, ["fields"])
    return len(batch)


def _items_of(actions: Sequence[int | None]) -> dict[int | None, list[Item]]:
    found: dict[int | None, list[Item]] = {}
    links = ActionItem.objects.filter(planned_action__in=actions, item__currency=CURRENCY).select_related("item")
    for link in links.order_by("planned_action", "listed_as"):
        found.setdefault(link.planned_action_id, []).append(link.item)
    return found


def _delays(
    rendition: Rendition, items: list[Item], moved: dict[int, list[tuple[date, Decimal]]], known: Rates
) -> dict[str, Any]:
    """{documents: [{number, due, paid, days, amount, interest}], total, kind}; amounts as decimal strings in EUR.

    Where a rate is not known, `problem` says which, and interest and total are empty.
    """
    consumer = rendition.fields["customer"]["consumer"]
    kind = "legal" if consumer else "late"
    last = max((item.closed_on for item in items if item.closed_on), default=date.min)
    try:
        rates = known.of(consumer=consumer, until=last) if items else []
        documents = [_document(item, moved.get(item.pk, []), rates) for item in items if item.closed_on]
    except (NotKnown, RateMissing) as missing:
        told = [_document(item, [], None) for item in items if item.closed_on]
        return {"documents": told, "total": "", "kind": kind, "problem": str(missing)}
    total = sum((Decimal(each["interest"]) for each in documents), money.ZERO)
    return {"documents": documents, "total": money.plain(total), "kind": kind}


def _document(item: Item, moved: Sequence[tuple[date, Decimal]], rates: Sequence[Rated] | None) -> dict[str, Any]:
    assert item.closed_on is not None
    interest = "" if rates is None else money.plain(_interest(item, item.closed_on, moved, rates))
    return {
        "number": item.document_number,
        "due": item.due_date.isoformat(),
        "paid": item.closed_on.isoformat(),
        "days": (item.closed_on - item.due_date).days,
        "amount": money.plain(item.amount),
        "interest": interest,
    }


def _interest(item: Item, paid: date, moved: Sequence[tuple[date, Decimal]], rates: Sequence[Rated]) -> Decimal:
    worked_out = interest_of(
        open_amount=item.open_amount, due_date=item.due_date, until=paid, movements=moved, rates=rates
    )
    return worked_out.total
