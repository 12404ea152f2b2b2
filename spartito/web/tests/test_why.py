"""Why a document's next step comes or not, on the customer's page: each comparison, and what would change it."""

from datetime import date, timedelta

import pytest
from django.test import Client

from spartito.portfolio.models import CreditClass, Customer, Hold
from spartito.portfolio.steps import refresh
from spartito.strategies.operations import load_strategy, publish_strategy
from tests import builders

pytestmark = pytest.mark.django_db
POLICY = """
strategy: asking
priority: 1
steps:
  - {code: first, name: Avviso, days: 5, channel: email, template: first_reminder}
  - {code: call, name: Chiamata, days: 10, channel: phone, conditions: {all: [{item_amount: {">=": 5000}}, {not: {any: [{is_consumer: true}, {item_days_overdue: {"<": 3}}]}}]}}
"""


def test_what_a_step_asks_of_a_document_stands_with_it(manager: Client, today: date) -> None:
    load_strategy(source=POLICY)
    publish_strategy(code="asking")
    whose = builders.customer("C77", name="Verdi S.r.l.")
    builders.invoice(whose, "W/1", due=today - timedelta(days=20), amount="4999.99")
    refresh(as_of=today, run_id=None)
    page = " ".join(manager.get(f"/t/test/customers/{whose.pk}/why/").content.decode().split())
    assert "1 passo chiede qualcosa a questa partita" in page
    step = page.split("<strong>Chiamata</strong>")[1]
    assert "per ora saltato" in step
    assert "importo aperto della partita: 4.999,99" in step
    assert "nessuna di queste" in step
    assert "lo cambierebbe: importo aperto della partita almeno 5.000,00</div>" in step


def why_it_is_followed(client: Client, whose: Customer) -> str:
    page = client.get(f"/t/test/customers/{whose.pk}/why/").content.decode()
    return page.split('<p class="small soft m-0">')[1].split("</p>")[0]


def test_why_a_strategy_is_followed_is_always_said(manager: Client, today: date) -> None:
    whose = builders.customer("C78", name="Bianchi S.r.l.")
    assert why_it_is_followed(manager, whose) == "nessun’altra strategia è adatta, e questa vale per tutti gli altri"
    Customer.objects.filter(pk=whose.pk).update(credit_class=CreditClass.objects.get(code="STD"))
    assert why_it_is_followed(manager, whose) == "è adatta perché: classe di credito Standard"
    Customer.objects.filter(pk=whose.pk).update(strategy_code="standard")
    assert why_it_is_followed(manager, whose) == "scelta a mano"


def test_documents_of_which_the_same_is_said_stand_together(manager: Client, today: date) -> None:
    whose = builders.customer("C79", name="Blu S.r.l.")
    for number in range(1, 6):
        builders.invoice(whose, f"B/{number}", due=today - timedelta(days=20 + number), amount="900.00")
    refresh(as_of=today, run_id=None)

    def together() -> list[int]:
        page = manager.get(f"/t/test/customers/{whose.pk}/why/").content.decode()
        items = page.split('class="why-items"')[1].split("</ul>")[0].split("<li>")[1:]
        return [sum(f"B/{number}" in item for number in range(1, 6)) for item in items]

    assert together() == [5]
    Hold.objects.create(customer=whose, item=whose.items.get(document_number="B/3"), kind="dispute", starts_on=today)
    assert sorted(together()) == [1, 4]
    builders.invoice(whose, "NC/9", due=today - timedelta(days=77), amount="-50.00", kind="credit_note")
    page = manager.get(f"/t/test/customers/{whose.pk}/why/").content.decode().split('class="why-items"')[1]
    assert "NC/9" in page
    assert "77 giorni" not in page, "a credit is never late"
