"""What waits for an approval: read at a glance, decided one by one or several at once."""

import re
from datetime import timedelta

import pytest

from spartito.actions.models import PlannedAction
from spartito.actions.tests.stage import late_invoice, plan
from spartito.journal.operations import write
from spartito.web.tests.desk import TODAY, enter, person
from tests.builders import customer

PAGE = "/messages/approvals/"


@pytest.fixture
def waiting(house):
    """Three formal notices that wait, of customers who owe 200, 9.000 and 500."""
    made = []
    for code, amount in (("C2", "200.00"), ("C3", "9000.00"), ("C4", "500.00")):
        items = [late_invoice(customer(code), f"FT-{code}", amount)]
        how = {"on": TODAY, "step": "formal_notice", "waits_for": "approval", "overdue_amount": amount}
        made.append(plan(items[0].customer, items, **how))
    return made


def granted():
    return set(PlannedAction.objects.exclude(cleared_on=None).values_list("account__code", flat=True))


def test_it_says_how_many_and_how_much_the_largest_first(house, waiting):
    client = enter(house, person("ceo"))
    page = client.get(f"{client.prefix}{PAGE}").text
    assert "<dd>3</dd>" in page
    assert "<dd>9.700</dd>" in page
    assert re.findall(r">(C\d)<", page) == ["C3", "C4", "C2"]


def test_those_marked_go_on_together_or_none_does(house, waiting):
    boss = person("ceo")
    client = enter(house, boss)
    small, large, middle = (each.pk for each in waiting)
    page = client.post(f"{client.prefix}{PAGE}grant/", {"actions": [small, middle, 999_999]}, follow=True).text
    assert "2 passi vanno avanti" in page
    assert granted() == {"C2", "C4"}
    assert "Scegline almeno uno" in client.post(f"{client.prefix}{PAGE}grant/", follow=True).text

    other = plan(late_invoice(customer("C5"), "FT-C5").customer, [], on=TODAY, waits_for="approval")
    PlannedAction.objects.filter(pk=other.pk).update(planned_at=other.planned_at + timedelta(hours=1))
    write(business_date=TODAY, verb="hold.put", customer=other.account_id, user=boss, data={})
    client.post(f"{client.prefix}{PAGE}grant/", {"actions": [large, other.pk]})
    assert granted() == {"C2", "C4"}, "one of them came of what the boss did: another person decides"
