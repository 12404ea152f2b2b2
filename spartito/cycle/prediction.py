"""When open items will be paid, as far as the past tells: the one place that says it, for a better one to replace.

`expect_payments` fills `pg_temp.expected_payment (item_id, amount, day)`, one row for each item expected whole on a day.
Whoever predicts better (from ratings, seasons, what a reminder does) fills the same table.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from spartito.platform.connection import connection
from spartito.platform.sql import execute, text_of

EXPECTED = Path(__file__).parent / "reads" / "expected_payments.sql"


def expect_payments(*, as_of: date, until: date, customers: Sequence[int] | None) -> None:
    """Fills the table for open items of `customers` (None = all): payments after `as_of`, up to and with `until`.

    What a reminder changes is not predicted: a policy and its draft meet the same payments.
    """
    with connection.cursor() as cursor:
        cursor.execute("create temp table expected_payment (item_id bigint, amount numeric, day date) on commit drop")
    execute(
        f"insert into pg_temp.expected_payment (item_id, amount, day)\n{text_of(EXPECTED)}",
        {"as_of": as_of, "until": until, "customers": customers},
    )
    with connection.cursor() as cursor:
        cursor.execute("create unique index on expected_payment (item_id)")
        cursor.execute("analyze expected_payment")
