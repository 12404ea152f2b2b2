"""The ageing list: groups, days, scopes, and totals that tie to the movements."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.access import operations as access
from spartito.portfolio.models import Movement
from spartito.portfolio.queries import ageing, ageing_items
from spartito.portfolio.queries.ageing import AgeingRefused
from spartito.portfolio.tests import ledger
from spartito.portfolio.tests.ledger import DAY, bring_to, seller, unit
from spartito.reference import operations as reference

NAMES = ["not_due", "1-30", "31-60", "61-90", "91-120", "121-180", "181-365", "over_365"]


@pytest.fixture
def company(tenant):
    """ALFA of Rossi: 100 due 10 days ago, 40 not due, a credit of 15. BETA of Bianchi: 300, 70 days late, one by Rossi."""
    alfa = ledger.customer("ALFA", salesperson=seller("ROSSI"), area=unit("area", "NORD"))
    ledger.item(alfa, "A1", "100.00")
    ledger.item(alfa, "A2", "40.00", due=DAY + timedelta(days=5))
    ledger.item(alfa, "A3", "-15.00", due=DAY - timedelta(days=3))
    beta = ledger.customer("BETA", salesperson=seller("BIANCHI"), area=unit("area", "SUD"))
    ledger.item(beta, "B1", "300.00", due=DAY - timedelta(days=70), original=DAY - timedelta(days=130))
    ledger.item(beta, "B2", "20.00", due=DAY - timedelta(days=1), salesperson=seller("ROSSI"))
    bring_to()


def by_key(report):
    return {row["key"]: row for row in report["rows"]}


def test_by_customer_today(company):
    report = ageing(user=None, as_of=DAY, by="customer")
    assert report["buckets"] == NAMES
    assert [row["key"] for row in report["rows"]] == ["BETA", "ALFA"]
    alfa = by_key(report)["ALFA"]
    assert (alfa["label"], alfa["total"], alfa["overdue"], alfa["items"]) == (
        "Cliente ALFA", Decimal("125.00"), Decimal("85.00"), 3,
    )  # fmt: skip
    assert (alfa["not_due"], alfa["1-30"]) == (Decimal("40.00"), Decimal("85.00"))
    assert report["total"]["total"] == Decimal("445.00")


def test_empty_sums_are_amounts_too(company):
    for day in (DAY, DAY - timedelta(days=900)):
        total = ageing(user=None, as_of=day)["total"]
        assert {name: type(value) for name, value in total.items() if name != "items"} == dict.fromkeys(
            ["total", "overdue", *NAMES], Decimal
        )
        assert type(total["items"]) is int


def test_by_salesperson_counts_the_items_own(company):
    rows = by_key(ageing(user=None, as_of=DAY, by="salesperson"))
    assert rows["ROSSI"]["total"] == Decimal("145.00")
    assert rows["BIANCHI"]["61-90"] == Decimal("300.00")


def test_by_original_due_dates(company):
    beta = by_key(ageing(user=None, as_of=DAY, by="customer", due="original"))["BETA"]
    assert (beta["61-90"], beta["121-180"]) == (Decimal(0), Decimal("300.00"))


def test_a_past_day_comes_from_the_movements(company):
    before = ageing(user=None, as_of=DAY - timedelta(days=60))
    assert by_key(before)["BETA"]["1-30"] == Decimal("300.00")
    assert by_key(before)["BETA"]["total"] == Decimal("300.00")
    assert "ALFA" not in by_key(before)


def test_an_item_paid_since_was_open_then(company):
    item = ledger.Item.objects.get(document_number="A1")
    ledger.move(item, "-100.00", DAY + timedelta(days=1))
    bring_to(DAY + timedelta(days=1))
    assert by_key(ageing(user=None, as_of=DAY))["ALFA"]["total"] == Decimal("125.00")
    assert by_key(ageing(user=None, as_of=DAY + timedelta(days=1)))["ALFA"]["total"] == Decimal("25.00")


def test_items_of_others_stand_in_one_row(company):
    rossi = access.create_user(
        user=None, as_of=DAY, username="rossi", profile="salesperson", scopes=[("salesperson", "ROSSI")]
    )
    mine = ageing(user=rossi, as_of=DAY, by="salesperson")
    assert {key: row["total"] for key, row in by_key(mine).items()} == {
        "ROSSI": Decimal("145.00"), "*": Decimal("300.00"),
    }  # fmt: skip
    assert ageing(user=rossi, as_of=DAY, by="customer")["total"]["total"] == mine["total"]["total"]
    lines = ageing_items(user=rossi, as_of=DAY, within={"customer": "BETA"})
    assert [line["document_number"] for line in lines["items"]] == ["B2"]
    assert (lines["total"], lines["others"], lines["others_total"]) == (Decimal("20.00"), 1, Decimal("300.00"))


def test_a_number_leads_to_its_items(company):
    found = ageing_items(user=None, as_of=DAY, within={"area": "NORD"}, bucket="overdue")
    assert [(line["document_number"], line["days_overdue"]) for line in found["items"]] == [("A1", 10), ("A3", 3)]
    assert (found["count"], found["total"]) == (2, Decimal("85.00"))
    assert ageing_items(user=None, as_of=DAY, within={"area": "NORD"}, bucket="not_due")["total"] == Decimal("40.00")


def test_foreign_money_is_shown_at_the_rate_of_the_day(company):
    reference.set_exchange_rate(currency="USD", day=DAY - timedelta(days=1), rate=Decimal("1.25"), source="BCE")
    ledger.item(ledger.customer("USA"), "U1", "100.00", currency="USD")
    bring_to()
    for due in ("agreed", "original"):
        assert by_key(ageing(user=None, as_of=DAY, due=due))["USA"]["total"] == Decimal("80.00")


def test_two_creditors_with_the_same_code(company):
    ledger.item(ledger.customer("ALFA", of="ALTRA"), "X1", "7.00")
    bring_to()
    assert {"MAIN/ALFA", "ALTRA/ALFA", "BETA"} == set(by_key(ageing(user=None, as_of=DAY)))


def test_only_withheld_tax_is_not_overdue(company):
    ledger.item(ledger.customer("STUDIO"), "P1", "200.00", withheld=Decimal("200.00"))
    bring_to()
    for due in ("agreed", "original"):
        assert by_key(ageing(user=None, as_of=DAY, due=due))["STUDIO"]["overdue"] == 0


def test_unknown_questions_are_refused(company):
    with pytest.raises(AgeingRefused, match="planet"):
        ageing(user=None, as_of=DAY, by="planet")
    with pytest.raises(AgeingRefused, match="soon"):
        ageing_items(user=None, as_of=DAY, within={}, bucket="soon")


# --- against the movements, one by one -----------------------------------------------------------------

amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999.99"), places=2)
stories = st.lists(
    st.tuples(
        amounts,
        st.booleans(),  # a credit
        st.integers(-60, 400),  # due so many days before DAY
        st.lists(
            st.tuples(st.decimals(min_value=Decimal("0.01"), max_value=1, places=2), st.integers(0, 120)), max_size=3
        ),
    ),
    min_size=1,
    max_size=6,
)


def naive(day):
    """Balances by adding up every movement to the day, aged one by one."""
    sums = defaultdict(Decimal)
    for movement in Movement.objects.select_related("item").filter(day__lte=day):
        sums[movement.item] += movement.amount
    buckets = dict.fromkeys(NAMES, Decimal(0))
    for item, open_amount in sums.items():
        late = (day - item.due_date).days
        limits = [30, 60, 90, 120, 180, 365]
        name = NAMES[0] if late <= 0 else NAMES[1 + sum(late > limit for limit in limits)]
        buckets[name] += open_amount
    return buckets, sum(sums.values(), Decimal(0)), sum(1 for amount in sums.values() if amount)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories, asked=st.integers(-150, 30), refreshed=st.integers(-150, 30))
def test_totals_tie_to_the_movements_on_any_day(tenant, story, asked, refreshed):
    start = transaction.savepoint()
    owner = ledger.customer("CASO")
    for number, (amount, credit, late, payments) in enumerate(story):
        sign = -1 if credit else 1
        due = DAY - timedelta(days=late)
        item = ledger.item(owner, str(number), amount * sign, due=due)
        left = amount
        for share, after in payments:
            part = min(left, (amount * share).quantize(Decimal("0.01")))
            if part > 0:
                ledger.move(item, -part * sign, due - timedelta(days=30 - after))
                left -= part
    bring_to(DAY + timedelta(days=refreshed))
    day = DAY + timedelta(days=asked)
    buckets, total, items = naive(day)
    for due in ("agreed", "original"):
        report = ageing(user=None, as_of=day, due=due)["total"]
        assert {name: report[name] for name in NAMES} == buckets
        assert (report["total"], report["items"]) == (total, items)
    transaction.savepoint_rollback(start)
