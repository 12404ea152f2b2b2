"""Late interest and the flat recovery fee of composed messages whose step includes them (domain 2).

Interest is worked out tranche by tranche from the movements of each document up to the message's day and
kept in the rendition with its inputs, so that the letter can always be explained.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from spartito.actions.models import Message
from spartito.communications.models import Rendition
from spartito.platform import money
from spartito.platform.sql import StepResult
from spartito.portfolio.models import Movement
from spartito.reference.queries import NotKnown, fee_on, late_rates, legal_rates
from spartito.reference.rules import LateInterest, Rated, RateMissing, Received, late_interest

CURRENCY = "EUR"  # the law's rates and flat sum are in euro
AT_ONCE = 500
UNSENT = (Message.Status.QUEUED, Message.Status.HELD)


def add_interest(*, customers: Sequence[int] | None) -> StepResult:
    """Works out the interest of the unsent messages that include it and have none yet; counts them."""
    started = time.perf_counter()
    waiting = Rendition.objects.filter(
        superseded_on__isnull=True,
        message__status__in=UNSENT,
        fields__include__contains=["late_interest"],
        fields__interest__isnull=True,
    )
    if customers is not None:
        waiting = waiting.filter(message__account__in=customers)
    rates = Rates()
    done = sum(_work_out(batch, rates) for batch in in_batches(waiting))
    return StepResult("add_interest", done, round(time.perf_counter() - started, 4))


def in_batches(waiting: QuerySet[Rendition]) -> Iterator[list[Rendition]]:
    """Renditions a few hundred at a time, so that a night of any size fits in memory."""
    rows = waiting.order_by("id").iterator(chunk_size=AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


class Rates:
    """What the law charges, each series read once however many messages ask for it. Raises NotKnown."""

    def __init__(self) -> None:
        self._legal = cache(legal_rates)
        self._late = cache(lambda until: late_rates(until=until))
        self._fee = cache(lambda day: fee_on(kind="recovery_fee", day=day).amount)

    def of(self, *, consumer: bool, until: date) -> list[Rated]:
        """Percent a year, from each day on: legal interest for consumers, that of D.Lgs. 231/2002 for the others."""
        return self._legal() if consumer else self._late(until)

    def fee(self, day: date) -> Decimal:
        """The flat recovery fee of `day`, in EUR a document."""
        return self._fee(day)


def _work_out(batch: list[Rendition], rates: Rates) -> int:
    movements = movements_of([each["item"] for rendition in batch for each in _late(rendition.fields)])
    for rendition in batch:
        rendition.fields["interest"] = _interest(rendition.fields, movements, rates)
    Rendition.objects.bulk_update(batch, ["fields"])
    return len(batch)


def movements_of(items: Sequence[int]) -> dict[int, list[tuple[date, Decimal]]]:
    """Day and amount of all that moved each item, in order of day."""
    found: dict[int, list[tuple[date, Decimal]]] = {}
    rows = Movement.objects.filter(item__in=items).order_by("day").values_list("item", "day", "amount")
    for item, day, amount in rows:
        found.setdefault(item, []).append((day, amount))
    return found


def _late(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in fields["documents"] if each["days"] > 0 and each["currency"] == CURRENCY]


def _interest(fields: dict[str, Any], movements: dict[int, list[tuple[date, Decimal]]], known: Rates) -> dict[str, Any]:
    """{kind, until, documents, total, fee, fee_documents, fee_total}; amounts as decimal strings in EUR.

    Consumers owe legal interest and no flat fee. Where a rate is not known `problem` says which, and nothing
    is charged: a rate is never guessed.
    """
    until = date.fromisoformat(fields["date"])
    consumer = fields["customer"]["consumer"]
    kind = "legal" if consumer else "late"
    try:
        rates = known.of(consumer=consumer, until=until)
        told = [_of_document(each, movements.get(each["item"], []), rates, until) for each in _late(fields)]
        fee = Decimal(0) if consumer or "recovery_fee" not in fields["include"] else known.fee(until)
    except (NotKnown, RateMissing) as missing:
        return {"kind": kind, "until": fields["date"], "documents": [], "problem": str(missing)}
    total = sum((Decimal(each["interest"]) for each in told), money.ZERO)
    return {
        "kind": kind,
        "until": fields["date"],
        "documents": told,
        "total": money.plain(total),
        "fee": money.plain(fee),
        "fee_documents": len(told) if fee else 0,
        "fee_total": money.plain(fee * len(told)),
    }


def _of_document(
    document: dict[str, Any], moved: list[tuple[date, Decimal]], rates: list[Rated], until: date
) -> dict[str, Any]:
    due = date.fromisoformat(document["due"])
    result = interest_of(
        open_amount=Decimal(document["amount"]), due_date=due, until=until, movements=moved, rates=rates
    )
    tranches = [
        {
            "from": each.start.isoformat(),
            "to": each.end.isoformat(),
            "days": each.days,
            "capital": money.plain(each.capital),
            "percent": f"{each.percent.normalize():f}",
            "interest": f"{each.interest:.6f}",
        }
        for each in result.tranches
    ]
    return {
        "number": document["number"],
        "interest": money.plain(result.total),
        "days": result.days,
        "tranches": tranches,
    }


def interest_of(
    *,
    open_amount: Decimal,
    due_date: date,
    until: date,
    movements: Sequence[tuple[date, Decimal]],
    rates: Sequence[Rated],
) -> LateInterest:
    """Interest of a document of which `open_amount` is still open, with what was paid late counted till it came.

    Reductions after the due date are what `movements` took off from then on; what is on hold bears none.
    """
    received = [Received(day, -amount) for day, amount in movements if amount < 0 and due_date < day <= until]
    capital = open_amount + sum((money_in.amount for money_in in received), Decimal(0))
    return late_interest(capital=capital, due_date=due_date, until=until, rates=rates, received=received)
