"""What an outcome asks, what will follow, and what is said once it is recorded."""

from datetime import timedelta

import pytest

from spartito.actions.models import Attempt
from spartito.portfolio.models import Hold
from spartito.web.tests.desk import TODAY, a_call, enter, person


@pytest.fixture
def called(house):
    """A collector with a call to make to a customer with two overdue documents: (client, task)."""
    user = person("collector_global")
    task = a_call(house, user)
    return enter(house, user), task


@pytest.mark.parametrize(
    ("code", "fields", "follows"),
    [
        ("PDP", {"amount", "on", "documents"}, "il passo successivo parte subito"),
        ("RIC", {"on", "at"}, "si ritenta tra 1 giorno (tentativo 1 di 5)"),
        ("CON", {"documents"}, "viene avvisato il customer care"),
        ("NR", set(), "tentativo 1 di 3"),
        ("DONE", set(), "l’attività è conclusa"),
    ],
)
def test_each_code_asks_its_own_and_says_what_will_follow(called, code, fields, follows):
    client, task = called
    page = client.get(f"{client.prefix}/tasks/{task.pk}/outcome/ahead/?code={code}").text
    assert {name for name in ("amount", "on", "at", "documents") if f'name="{name}"' in page} == fields
    assert follows in page


def test_an_unknown_code_is_no_page(called):
    client, task = called
    assert client.get(f"{client.prefix}/tasks/{task.pk}/outcome/ahead/?code=XX").status_code == 404


def test_a_promise_over_one_document_is_held_told_and_taken_back(called):
    client, task = called
    sent = {"code": "PDP", "on": (TODAY + timedelta(days=7)).isoformat(), "documents": ["1"], "amount": "200,00"}
    told = client.post(f"{client.prefix}/tasks/{task.pk}/outcome/", sent, follow=True).text
    (hold,) = Hold.objects.all()
    assert (hold.kind, hold.item.document_number, hold.amount) == ("promise", "1", 200)
    assert "sospeso: promessa di pagamento · 1 · 200,00" in told
    client.post(f"{client.prefix}/tasks/{task.pk}/undo/")
    hold.refresh_from_db()
    assert hold.released_on == TODAY
    assert not Attempt.objects.filter(undone_on=None).exists()


def test_a_colleagues_call_is_not_for_a_salesperson_who_sees_the_customer(called, house, cli):
    _client, task = called
    seller = enter(house, person("sales_manager"))
    for address in ("outcome/", "undo/"):
        answer = seller.post(f"{seller.prefix}/tasks/{task.pk}/{address}", {"code": "DONE"})
        assert answer.status_code == 403, address
    assert seller.get(f"{seller.prefix}/tasks/{task.pk}/outcome/ahead/?code=DONE").status_code == 403
    refused = cli("outcome", task.pk, "DONE", "--user", "sales_manager", "--date", TODAY)
    assert refused.status == 1
    assert "collector_global" in refused.stderr, "who has it"
    assert not Attempt.objects.exists()
