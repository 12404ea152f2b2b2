"""A rehearsal sees the texts of the calendar and the campaigns under way, and leaves nothing of them behind."""

from datetime import date, timedelta

import pytest

from spartito.access.operations import create_user
from spartito.actions.models import PlannedAction
from spartito.cycle import campaigns
from spartito.cycle.daily import DAY as STEPS
from spartito.cycle.rehearsal import rehearse
from spartito.strategies.models import Education, Occasion, Periodic
from spartito.strategies.operations import load_strategy, publish_strategy
from tests.builders import customer, invoice

pytestmark = pytest.mark.usefixtures("english")
MONDAY = date(2026, 3, 2)
LIVE = """
strategy: prova
priority: 1
contact_limit: {max: 1, days: 7}
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
"""
STATEMENTS = """education: {hold_out: 5, for: {open_items: {">=": 1}}}
periodic:
  - {code: statement, every: month, day: 10, channel: email, template: account_statement}
"""


@pytest.fixture
def people(tenant):
    load_strategy(source=LIVE)
    publish_strategy(code="prova")
    who = [customer(f"C{n}", email=f"c{n}@cliente.example") for n in range(3)]
    for each in who[:2]:
        invoice(each, f"{each.code}-1", issued=date(2026, 2, 1), due=date(2026, 12, 31), amount=500)
    for _name, step in STEPS:
        step(as_of=MONDAY, run_id=None, customers=None)
    return who


def what_there_is():
    tables = (PlannedAction, Occasion, Periodic, Education)
    return [sorted(table.objects.values_list("pk", flat=True)) for table in tables]


def test_a_draft_with_statements_tells_who_gets_them_and_when(tenant, people):
    before = what_there_is()
    told = rehearse(tenant=tenant, source=LIVE + STATEMENTS, as_of=MONDAY, days=60)
    assert sorted(each["customer"] for each in told["more"]) == ["C0", "C1"]
    (change,) = told["more"][0]["changes"]
    assert (change["step"], change["live"]) == ("statement", [])
    assert change["draft"] == [date(2026, 3, 10), date(2026, 4, 10)]
    assert what_there_is() == before


def test_a_campaign_under_way_is_lived_on_both_sides(tenant, people):
    manager = create_user(user=None, as_of=MONDAY, username="rosa", profile="credit_manager")
    plain = {"campaign": "iban", "step": {"channel": "email", "template": "account_statement"}, "until": "2026-03-31"}
    # A contact of Friday puts the campaign off until Friday of the week after.
    PlannedAction.objects.create(account=people[0], creditor=people[0].creditor, due_on=MONDAY - timedelta(3), kind="contact", channel="phone", origin="manual")  # fmt: skip
    rule = campaigns.check(plain=plain, as_of=MONDAY)
    campaigns.start(rule=rule, user=manager, as_of=MONDAY)
    told = rehearse(tenant=tenant, source=LIVE.replace("days: 5", "days: 6"), as_of=MONDAY, days=30)
    assert told["changes"]["customers"] == 0
    assert told["totals"]["live"]["messages"] == told["totals"]["draft"]["messages"] == 1
    assert PlannedAction.objects.filter(step_code="iban").count() == 2
