"""Writing history. Steps insert into `journal_entry` by themselves; everybody else comes here."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from spartito.journal.models import Entry


def write(
    *,
    business_date: date,
    verb: str,
    customer: int | None = None,
    item: int | None = None,
    user: Any = None,
    data: dict[str, Any] | None = None,
    run_id: int | None = None,
    origin: str = "person",
) -> Entry:
    """One line of history. `verb` is `<noun>.<past verb>`; amounts in `data` become decimal strings, dates ISO."""
    return write_for_each([customer], business_date=business_date, verb=verb, item=item, user=user, data=data,
                          run_id=run_id, origin=origin)[0]  # fmt: skip


def write_for_each(
    customers: Iterable[int | None],
    *,
    business_date: date,
    verb: str,
    item: int | None = None,
    user: Any = None,
    data: dict[str, Any] | None = None,
    run_id: int | None = None,
    origin: str = "person",
) -> list[Entry]:
    """The same line for several customers."""
    plain_data = {key: plain(value) for key, value in (data or {}).items() if value not in (None, "")}
    return Entry.objects.bulk_create(
        Entry(
            business_date=business_date,
            customer_id=customer,
            item_id=item,
            user_id=getattr(user, "pk", None),
            actor=str(user) if user is not None else "",
            verb=verb,
            data=plain_data,
            run_id=run_id,
            origin=origin,
        )
        for customer in customers
    )


def plain(value: Any) -> Any:
    """What JSON can hold of a value."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
