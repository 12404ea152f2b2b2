"""Balances come from movements: applied when their day comes, taken back by a rewind."""

from datetime import date
from decimal import Decimal

import pytest

from spartito.portfolio import steps
from tests.builders import customer, invoice, move

pytestmark = pytest.mark.usefixtures("tenant")


def balance_on(day, item):
    steps.refresh(as_of=day, run_id=None)
    item.refresh_from_db()
    return item.open_amount


def test_an_invoice_is_open_from_its_issue_and_closed_by_the_payment_that_empties_it():
    item = invoice(customer(), "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10), amount="100.00")
    move(item, on=date(2026, 3, 1), by="-40.00")
    move(item, on=date(2026, 4, 1), by="-60.00")

    assert balance_on(date(2026, 1, 9), item) == 0
    assert item.closed_on is None, "not yet issued is not closed"
    assert balance_on(date(2026, 1, 10), item) == Decimal("100.00")
    assert balance_on(date(2026, 3, 31), item) == Decimal("60.00")
    assert balance_on(date(2026, 4, 1), item) == 0
    assert (item.closed_on, item.closing_cause) == (date(2026, 4, 1), "paid")


def test_a_movement_is_applied_once_however_often_the_day_runs():
    item = invoice(customer(), "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10))
    assert [balance_on(date(2026, 1, 15), item) for _ in range(3)] == [Decimal("100.00")] * 3


def test_a_closing_that_was_inferred_is_marked():
    item = invoice(customer(), "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10))
    move(item, on=date(2026, 2, 1), by="-100.00", cause="unknown", is_inferred=True)
    balance_on(date(2026, 2, 1), item)
    assert (item.closing_cause, item.is_inferred) == ("unknown", True)


def test_an_item_that_comes_back_is_open_again():
    item = invoice(customer(), "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10))
    move(item, on=date(2026, 2, 1), by="-100.00")
    move(item, on=date(2026, 2, 5), by="100.00", cause="reopened")
    assert balance_on(date(2026, 2, 1), item) == 0
    assert balance_on(date(2026, 2, 5), item) == Decimal("100.00")
    assert (item.closed_on, item.closing_cause) == (None, "")


def test_a_rewind_takes_every_balance_back_to_an_evening_and_the_days_come_again():
    item = invoice(customer(), "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10))
    move(item, on=date(2026, 3, 1), by="-40.00")
    move(item, on=date(2026, 4, 1), by="-60.00")
    balance_on(date(2026, 6, 1), item)

    steps.rewind(as_of=date(2026, 3, 15))
    item.refresh_from_db()
    assert (item.open_amount, item.closed_on) == (Decimal("60.00"), None)
    steps.rewind(as_of=date(2026, 1, 1))
    item.refresh_from_db()
    assert item.open_amount == 0
    assert balance_on(date(2026, 4, 2), item) == 0
    assert item.closed_on == date(2026, 4, 1)


def test_only_the_customers_named_are_touched():
    here, there = customer("C1"), customer("C2")
    mine = invoice(here, "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10))
    other = invoice(there, "FT1", issued=date(2026, 1, 10), due=date(2026, 2, 10))
    steps.refresh(as_of=date(2026, 2, 1), run_id=None, customers=[here.id])
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.open_amount, other.open_amount) == (Decimal("100.00"), 0)


def test_the_account_is_the_payer_else_the_marked_parent_else_the_customer_itself():
    parent, payer = customer("CAPO", dun_group=True), customer("PAGA")
    alone, paid, member = customer("A"), customer("B", payer=payer, parent=parent), customer("C", parent=parent)
    unmarked = customer("D", parent=alone)
    steps.refresh(as_of=date(2026, 1, 1), run_id=None)
    accounts = {}
    for one in (alone, paid, member, unmarked):
        one.refresh_from_db()
        accounts[one.code] = one.account.code
    assert accounts == {"A": "A", "B": "PAGA", "C": "CAPO", "D": "D"}
