"""The worked example of the domain sheet, and what no calculation may do."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spartito.reference.queries import NotKnown, fee_on, late_rates, legal_rates
from spartito.reference.rules import Rated, RateMissing, Received, late_interest, with_surcharge

DUE, PAID = date(2024, 12, 31), date(2026, 9, 10)
PART = Received(date(2025, 5, 15), Decimal("5000.00"))


def test_an_invoice_paid_in_two_parts_618_days_late(tenant):
    """12,200.00 due 31/12/2024, 5,000.00 received on 15/05/2025, the rest on 10/09/2026."""
    rates = late_rates(until=PAID)
    interest = late_interest(capital=Decimal("12200.00"), due_date=DUE, until=PAID, rates=rates, received=[PART])
    assert [(t.days, t.capital, t.percent) for t in interest.tranches] == [
        (135, Decimal("12200.00"), Decimal("11.15")),
        (46, Decimal("7200.00"), Decimal("11.15")),
        (184, Decimal("7200.00"), Decimal("10.15")),
        (181, Decimal("7200.00"), Decimal("10.15")),
        (72, Decimal("7200.00"), Decimal("10.40")),
    ]
    assert interest.days == 618
    assert interest.total == Decimal("1482.81")
    due = Decimal("7200.00") + interest.total + fee_on(kind="recovery_fee", day=PAID).amount
    assert due == Decimal("8722.81")


def test_the_surcharge_hangs_on_the_contract(tenant):
    old, new = (late_rates(until=date(2013, 6, 30), contract_date=day) for day in (date(2012, 5, 1), date(2013, 2, 1)))
    assert [rate.percent for rate in new] == [rate.percent + 1 for rate in old]
    semester = {rate.valid_from: rate.percent for rate in old}
    assert semester[date(2002, 8, 8)] == Decimal("10.35")
    assert semester[date(2013, 1, 1)] == Decimal("7.75")


def test_a_semester_without_a_published_rate_stops_the_calculation(tenant):
    with pytest.raises(NotKnown, match="2027-01-01"):
        late_rates(until=date(2027, 1, 1))
    with pytest.raises(RateMissing):
        with_surcharge([], Decimal(8), semesters_to=date(2026, 1, 1))


def test_consumers_pay_the_legal_rate(tenant):
    interest = late_interest(
        capital=Decimal("1000.00"), due_date=date(2025, 12, 31), until=date(2026, 12, 31), rates=legal_rates()
    )
    assert interest.total == Decimal("16.00")


def test_nothing_is_owed_before_the_due_date_or_after_full_payment():
    rates = [Rated(date(2000, 1, 1), Decimal(10))]
    early = late_interest(capital=Decimal(100), due_date=date(2026, 5, 1), until=date(2026, 5, 1), rates=rates)
    assert (early.total, early.tranches) == (Decimal("0.00"), ())
    paid = Received(date(2026, 5, 11), Decimal(100))
    late = late_interest(
        capital=Decimal(100), due_date=date(2026, 5, 1), until=date(2026, 12, 1), rates=rates, received=[paid]
    )
    assert late.days == 10


@settings(deadline=None)
@given(
    capital=st.decimals(min_value=1, max_value=10**7, places=2),
    days=st.integers(1, 3000),
    cut=st.integers(0, 3000),
    percents=st.lists(st.decimals(min_value=0, max_value=20, places=2), min_size=1, max_size=6),
)
def test_tranches_cover_every_day_once(capital, days, cut, percents):
    due = date(2015, 3, 1)
    until = date.fromordinal(due.toordinal() + days)
    rates = [Rated(date(2010 + 2 * i, 7, 1), percent) for i, percent in enumerate(percents)]
    received = [Received(date.fromordinal(due.toordinal() + cut), capital / 2)]
    interest = late_interest(capital=capital, due_date=due, until=until, rates=rates, received=received)
    assert interest.days == days
    for before, after in zip(interest.tranches, interest.tranches[1:], strict=False):
        assert after.start.toordinal() == before.end.toordinal() + 1
