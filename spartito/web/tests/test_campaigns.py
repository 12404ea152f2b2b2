"""Campaigns in the browser's pages: looked at, begun, watched, stopped."""

from datetime import date, timedelta

import pytest
from django.test import Client

from spartito.actions.models import Message, PlannedAction
from spartito.portfolio.models import Customer
from spartito.portfolio.steps import refresh
from spartito.reference.queries import next_working_day
from spartito.strategies.models import Campaign, Education, Occasion
from spartito.tenants.models import Tenant
from tests import builders

pytestmark = pytest.mark.django_db
PAGES = "/t/test/campaigns/"


def said(until):
    form = {"name": "Nuovo IBAN", "channel": "email", "template": "account_statement", "together": "all"}
    return form | {"fact_0": "open_items", "sign_0": ">=", "value_0": "1", "until": until.isoformat()}


def planned():
    """The occasions that became contacts: none on a day that is no working day."""
    return PlannedAction.objects.filter(withdrawn_on=None, occasion_id__isnull=False).values("occasion_id")


def test_a_campaign_is_looked_at_before_it_begins(manager: Client, ledger, today) -> None:
    assert "Ancora nessuna campagna" in manager.get(PAGES).content.decode()
    page = manager.post(f"{PAGES}new/", said(today) | {"look": ""}).content.decode()
    assert "corrisponde adesso" in page or "corrispondono adesso" in page
    assert not Campaign.objects.exists(), "looking begins nothing"
    page = manager.post(f"{PAGES}new/", said(today) | {"start": ""}, follow=True).content.decode()
    begun = Campaign.objects.get()
    assert (begun.code, begun.matched) == ("nuovo_iban", Occasion.objects.filter(campaign=begun).count())
    assert "in corso" in page
    shown = manager.get(f"{PAGES}nuovo_iban/?state=waiting").content.decode()
    assert shown.count("<tr data-row") == Occasion.objects.exclude(pk__in=planned()).count()


def test_a_campaign_is_stopped_and_its_name_can_be_used_again(manager: Client, ledger, today) -> None:
    manager.post(f"{PAGES}new/", said(today) | {"start": ""})
    page = manager.post(f"{PAGES}nuovo_iban/stop/", follow=True).content.decode()
    assert Campaign.objects.get().stopped_on == today
    assert "Ferma</button>" not in page
    manager.post(f"{PAGES}new/", said(today) | {"start": ""})
    assert sorted(Campaign.objects.values_list("code", flat=True)) == ["nuovo_iban", "nuovo_iban_2"]


@pytest.fixture
def a_working_day(tenant, today) -> date:
    """A day on which a customer who owes nothing overdue may be contacted."""
    day = next_working_day(today + timedelta(days=8))
    Tenant.objects.filter(pk=tenant.pk).update(clock="last_run", last_run_date=day)
    tenant.refresh_from_db()
    whose = builders.customer("PUNTUALE", name="Puntuale S.r.l.", email="conti@puntuale.example")
    builders.invoice(whose, "P/1", due=day + timedelta(days=60), issued=day - timedelta(days=5), amount="90.00")
    refresh(as_of=day, run_id=None)
    return day


def test_stopping_says_how_many_contacts_it_withdrew_and_they_name_the_campaign(
    manager: Client,
    a_working_day: date,
) -> None:
    manager.post(f"{PAGES}new/", said(a_working_day) | {"start": ""})
    waiting = Message.objects.filter(step_code="nuovo_iban", status__in=("queued", "held"))
    number, one = waiting.count(), waiting.first()
    assert one is not None
    assert "Nuovo IBAN" in manager.get(f"/t/test/messages/{one.pk}/").content.decode()
    page = manager.post(f"{PAGES}nuovo_iban/stop/", follow=True).content.decode()
    assert f"{number} contatt" in page
    assert "ritirat" in page
    assert "la campagna è stata fermata" in manager.get(f"/t/test/customers/{one.account_id}/").content.decode()
    assert not waiting.exists()
    assert Message.objects.filter(step_code="nuovo_iban", status="withdrawn").count() == number


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"template": ""}, "Scegli che cosa si scrive."),
        ({"value_0": "tanti"}, "Non è un numero."),
        ({"until": "2020-01-01"}, "until: 2020-01-01"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(manager: Client, ledger, today, wrong, told) -> None:
    page = manager.post(f"{PAGES}new/", said(today) | wrong | {"start": ""}).content.decode()
    assert told in page
    assert not Campaign.objects.exists()


def test_education_says_when_there_is_too_little_to_say(manager: Client, ledger, today) -> None:
    page = manager.get("/t/test/education/").content.decode()
    assert "Nessuna strategia parla di educazione" in page
    who = ledger if isinstance(ledger, Customer) else Customer.objects.first()
    Education.objects.create(account=who, enrolled_on=today, hold_out=15, group="treated")
    page = manager.get("/t/test/education/").content.decode()
    assert "Troppo pochi per dirlo" in page
    assert "Trattati" in page
