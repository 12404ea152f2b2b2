"""Whatever ledgers come in, in whatever order of rows: on the date of each the movements add up to it, to the cent."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.ingest.operations import import_file
from spartito.portfolio.models import Item, Movement

START = date(2026, 9, 1)
amounts = st.decimals(min_value="-500.00", max_value="500.00", places=2)
documents = st.sampled_from([f"D{n}" for n in range(8)])
ledgers = st.lists(
    st.tuples(st.integers(min_value=0, max_value=9), st.dictionaries(documents, amounts, min_size=1)),
    min_size=1,
    max_size=5,
)


class TakenBack(Exception):
    """Ends one example: nothing of it stays."""


def lines_of(ledger: dict[str, Decimal], issued: dict[str, date]) -> list[str]:
    """A document's sign tells its type, so that every ledger is a legal one."""
    rows = [
        f"C{name[-1]},{name}{'N' if amount < 0 else 'F'},2026-12-31,{amount},"
        f"{'credit_note' if amount < 0 else 'invoice'},{issued[name]}"
        for name, amount in ledger.items()
    ]
    random.Random(len(rows)).shuffle(rows)
    return rows


def balances_on(day: date) -> dict[str, Decimal]:
    sums = Movement.objects.filter(day__lte=day).values("item__document_number").annotate(balance=Sum("amount"))
    return {each["item__document_number"]: each["balance"] for each in sums if each["balance"]}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledgers=ledgers, gaps=st.lists(st.integers(min_value=0, max_value=60), min_size=8, max_size=8))
def test_movements_tie_to_every_ledger(tenant, ledger, ledgers, gaps):
    issued = {f"D{n}": START - timedelta(days=gap) for n, gap in enumerate(gaps)}
    heads = "customer_code,document_number,due_date,open_amount,document_type,issue_date"
    try:
        with transaction.atomic():
            day, told = START, {}
            for gap, rows in ledgers:
                day += timedelta(days=gap + 1)
                import_file(path=ledger(*lines_of(rows, issued), heads=heads), kind="items", as_of=day, force=True)
                told[day] = {f"{n}{'N' if a < 0 else 'F'}": a for n, a in rows.items() if a}
            for day, rows in told.items():
                assert balances_on(day) == rows
            assert (
                dict(Item.objects.filter(closed_on__isnull=True).values_list("document_number", "open_amount"))
                == told[day]
            )
            raise TakenBack
    except TakenBack:
        pass
