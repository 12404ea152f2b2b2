"""The calendar a tenant starts with, and what the company adds to it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spartito.reference import operations, queries
from spartito.reference.models import Currency, Day, Province
from spartito.reference.rules import calendar_of


@pytest.mark.parametrize(
    "holiday",
    ["2026-01-01", "2026-01-06", "2026-04-06", "2026-06-02", "2027-03-29", "2028-04-17", "2027-10-04", "2026-12-08"],
)
def test_italian_holidays_are_not_worked(tenant, holiday):
    assert not queries.is_working(date.fromisoformat(holiday))


def test_san_francesco_is_a_holiday_from_2026(tenant):
    assert queries.is_working(date(2024, 10, 4))
    assert Day.objects.get(day=date(2026, 10, 4)).holiday
    assert not queries.is_working(date(2027, 10, 4))


def test_the_calendar_reaches_from_1970_to_2100(tenant):
    assert Day.objects.count() == (date(2101, 1, 1) - date(1970, 1, 1)).days


def test_working_days_are_counted_over_easter(tenant):
    thursday = date(2026, 4, 2)
    assert queries.add_working_days(thursday, 1) == date(2026, 4, 3)
    assert queries.add_working_days(thursday, 2) == date(2026, 4, 7)
    assert queries.add_working_days(date(2026, 4, 7), -2) == thursday
    assert queries.next_working_day(date(2026, 4, 4)) == date(2026, 4, 7)
    assert queries.working_days_between(thursday, date(2026, 4, 7)) == 2


def test_the_patron_saint_moves_with_the_company(tenant):
    ambrogio, giovanni = date(2027, 12, 7), date(2027, 6, 24)
    operations.set_patron_saint(tenant=tenant, month=12, day=7, name="Sant'Ambrogio")
    assert not queries.is_working(ambrogio)
    operations.set_patron_saint(tenant=tenant, month=6, day=24, name="San Giovanni")
    assert queries.is_working(ambrogio)
    assert not queries.is_working(giovanni)


def test_a_bridge_day_is_one_day_only(tenant):
    operations.add_holiday(tenant=tenant, day=date(2026, 12, 7), name="Ponte")
    assert not queries.is_working(date(2026, 12, 7))
    assert queries.is_working(date(2027, 12, 7))


def test_a_day_that_does_not_exist_is_refused(tenant):
    with pytest.raises(operations.ReferenceRefused, match="31/02"):
        operations.set_patron_saint(tenant=tenant, month=2, day=31, name="Nessuno")


def test_buckets_can_change_from_a_day_on(tenant):
    assert [bucket.key for bucket in queries.buckets_on(date(2026, 11, 21))] == [
        "not_due", "1-30", "31-60", "61-90", "91-120", "121-180", "181-365", "over_365",
    ]  # fmt: skip
    operations.set_buckets(valid_from=date(2027, 1, 1), limits=[60, 180])
    assert [bucket.key for bucket in queries.buckets_on(date(2027, 1, 1))] == ["not_due", "1-60", "61-180", "over_180"]
    assert len(queries.buckets_on(date(2026, 12, 31))) == 8


def test_a_new_rate_ends_the_one_before(tenant):
    operations.set_rate(kind="legal", valid_from=date(2027, 1, 1), percent=Decimal("1.9"), source="DM 10/12/2026")
    assert str(queries.rate_on(kind="legal", day=date(2026, 12, 31))) == "1.6000"
    assert str(queries.rate_on(kind="legal", day=date(2027, 1, 1))) == "1.9000"


def test_currencies_and_provinces_are_there(tenant):
    assert {"EUR", "USD", "CHF", "GBP", "JPY"} <= set(Currency.objects.values_list("code", flat=True))
    assert Currency.objects.get(pk="JPY").minor_digits == 0
    assert Province.objects.count() == 107


PLAIN = calendar_of(date(1970, 1, 1), date(2100, 12, 31), set())


@settings(max_examples=30, deadline=None)
@given(day=st.dates(date(1975, 1, 1), date(2095, 1, 1)), count=st.integers(-400, 400))
def test_the_pure_calendar_adds_and_counts_alike(day, count):
    reached = PLAIN.add(day, count)
    assert PLAIN.is_working(reached)
    if count > 0:
        assert PLAIN.between(day, reached) == count
