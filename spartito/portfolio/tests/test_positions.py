"""Positions and ageing of a day, against sums made by hand."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.portfolio import steps
from spartito.portfolio.models import Ageing, Hold, Payment, Position
from spartito.reference.models import ExchangeRate
from tests.builders import customer, invoice, move

pytestmark = pytest.mark.usefixtures("tenant")
DAY = date(2026, 6, 30)


def position_of(who, day=DAY):
    steps.refresh(as_of=day, run_id=None)
    return Position.objects.get(customer=who)


def test_buckets_follow_the_due_date_and_add_up_to_the_total():
    who = customer()
    invoice(who, "1", issued=date(2026, 1, 1), due=DAY, amount=100)  # due today: not overdue
    invoice(who, "2", issued=date(2026, 1, 1), due=DAY - timedelta(1), amount=200)
    invoice(who, "3", issued=date(2026, 1, 1), due=DAY - timedelta(30), amount=300)
    invoice(who, "4", issued=date(2026, 1, 1), due=DAY - timedelta(31), amount=400)
    invoice(who, "5", issued=date(2025, 1, 1), due=DAY - timedelta(366), amount=500)
    found = position_of(who)
    assert found.buckets == [100, 500, 400, 0, 0, 0, 0, 500]
    assert (found.balance, found.overdue, found.not_due) == (1500, 1400, 100)
    assert found.overdue_items == 4
    assert found.oldest_due_date == DAY - timedelta(366)


def test_credits_count_with_their_sign_and_unallocated_money_lowers_the_balance_only():
    who = customer()
    invoice(who, "1", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=1000)
    invoice(who, "NC", kind="credit_note", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=-300)
    Payment.objects.create(
        creditor=who.creditor, customer=who, day=date(2026, 6, 1), amount=50, unallocated=50, currency="EUR"
    )
    found = position_of(who)
    assert (found.overdue, found.debits, found.credits, found.unallocated, found.balance) == (700, 1000, -300, 50, 650)


@pytest.mark.parametrize(
    ("facts", "overdue"),
    [
        ({"withheld": 100}, 0),
        ({"vat_split": 60, "withheld": 40}, 0),
        ({"vat_split": 60}, 100),
        ({"retention": 100}, 0),
        ({"retention": 100, "retention_release_date": DAY}, 100),
        ({"retention": 100, "retention_release_date": DAY + timedelta(1)}, 0),
    ],
)
def test_what_is_only_withholding_split_vat_or_unreleased_retention_is_not_overdue(facts, overdue):
    who = customer()
    item = invoice(who, "1", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=100, **facts)
    found = position_of(who)
    assert (found.overdue, found.balance) == (overdue, 100)
    item.refresh_from_db()
    assert (item.days_late(DAY) > 0) == bool(overdue), "a row of a page says what the ledger says"
    assert found.oldest_due_date == (date(2026, 5, 1) if overdue else None), (
        "what is not overdue is not the oldest debt"
    )


def test_bills_the_bank_took_stay_at_risk_until_ten_days_after_their_due_date():
    who = customer()
    bill = invoice(who, "RB", issued=date(2026, 1, 1), due=date(2026, 6, 20), amount=1000)
    move(bill, on=date(2026, 6, 1), by=-1000, cause="presented")
    assert position_of(who, date(2026, 6, 30)).exposure == 1000
    assert position_of(who, date(2026, 7, 1)).exposure == 0


def test_holds_show_how_much_of_the_debt_they_cover():
    who, other = customer("A"), customer("B")
    first = invoice(who, "1", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=1000)
    invoice(who, "2", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=500)
    invoice(other, "1", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=70)
    Hold.objects.create(customer=who, item=first, amount=400, kind="dispute", starts_on=date(2026, 6, 1))
    Hold.objects.create(customer=other, kind="manual", starts_on=date(2026, 6, 1), ends_on=DAY)
    assert (position_of(who).on_hold, position_of(other).on_hold) == (400, 70)
    assert position_of(other, DAY + timedelta(1)).on_hold == 0


def test_foreign_currency_counts_at_the_reference_rate_of_the_day():
    who = customer()
    ExchangeRate.objects.create(currency_id="USD", day=date(2026, 6, 1), rate="1.25", source="prova")
    ExchangeRate.objects.create(currency_id="USD", day=date(2026, 7, 1), rate="2.00", source="prova")
    invoice(who, "1", issued=date(2026, 1, 1), due=date(2026, 5, 1), amount=100, currency="USD")
    assert position_of(who).overdue == Decimal("80.00")
    assert position_of(who, date(2026, 7, 2)).overdue == Decimal("50.00")


moves = st.tuples(st.integers(0, 60), st.decimals("0.01", "999.99", places=2))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ledger=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(-40, 40),
            st.decimals("0.01", "9999.99", places=2),
            st.lists(moves, max_size=3),
        ),
        min_size=1,
        max_size=8,
    ),
    day=st.integers(0, 70),
)
def test_ageing_and_positions_tie_to_the_movements_to_the_cent_on_any_day(ledger, day):
    from django.db import transaction

    with transaction.atomic():
        start = date(2026, 1, 1)
        as_of = start + timedelta(day)
        whose = [customer(f"K{number}") for number in range(3)]
        expected = defaultdict(Decimal)
        for number, (owner, due, amount, payments) in enumerate(ledger):
            item = invoice(whose[owner], str(number), issued=start, due=start + timedelta(due), amount=amount)
            left = amount
            for after, paid in payments:
                part = min(paid, left)
                if part > 0:
                    move(item, on=start + timedelta(after), by=-part)
                    left -= part
            expected[whose[owner].id] += sum(m.amount for m in item.movements.all() if m.day <= as_of)
        steps.refresh(as_of=as_of, run_id=None)
        for who in whose:
            found = Position.objects.get(customer=who)
            rows = Ageing.objects.filter(customer=who)
            assert found.balance == expected[who.id]
            assert sum(found.buckets) == expected[who.id]
            assert sum((row.total for row in rows), Decimal(0)) == expected[who.id]
            assert sum((sum(row.buckets) for row in rows), Decimal(0)) == expected[who.id]
        transaction.set_rollback(True)
