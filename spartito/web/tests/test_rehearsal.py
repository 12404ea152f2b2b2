"""The rehearsal of a draft from its pages: begun, watched, cancelled, read, opened customer by customer."""

import pytest
from django.test import Client

from spartito.cycle.models import Work
from spartito.tenants.models import Tenant
from spartito.web import jobs
from spartito.web.tests.visits import browser_of, get, person, rehearsed

pytestmark = pytest.mark.django_db


def test_a_draft_is_rehearsed_and_read(manager: Client, tenant: Tenant, draft: int) -> None:
    assert "Prova questo testo" in get(manager, f"/strategies/standard/{draft}/rehearsal/")
    work = rehearsed(manager, tenant, draft)
    assert (work.status, work.result["strategy"], work.result["working_days"]) == ("done", "standard", 19)
    page = get(manager, f"/rehearsals/{work.pk}/")
    assert "Ricevono qualcosa in meno" in page
    assert "Trattoria da Ugo" in page
    assert "non più" in page
    assert f"/rehearsals/{work.pk}/" in get(manager, f"/strategies/standard/{draft}/rehearsal/")


def test_a_customer_is_opened_with_the_reason_of_every_action(manager: Client, tenant: Tenant, draft: int) -> None:
    work = rehearsed(manager, tenant, draft)
    customer = work.result["less"][0]
    page = get(manager, f"/rehearsals/{work.pk}/customers/{customer['id']}/")
    assert customer["customer"] in page
    assert "2026/" in page


def test_the_text_in_force_shows_no_difference(manager: Client, tenant: Tenant) -> None:
    work = rehearsed(manager, tenant, 1)
    assert "Nessuna differenza" in get(manager, f"/rehearsals/{work.pk}/")


def test_it_is_for_who_asked_and_for_who_may_change_strategies(manager: Client, tenant: Tenant, draft: int) -> None:
    work = rehearsed(manager, tenant, draft)
    other = browser_of(person("bianca", "credit_manager"))
    get(other, f"/rehearsals/{work.pk}/", 404)
    seller = browser_of(person("vera", "collector_global"))
    get(seller, f"/strategies/standard/{draft}/rehearsal/", 403)


def test_a_rehearsal_is_cancelled_while_it_waits_or_runs(manager: Client, tenant: Tenant, draft: int) -> None:
    manager.post(f"/t/test/strategies/standard/{draft}/rehearsal/", {"days": "30"})
    work = Work.objects.get(kind="rehearsal")
    assert "Annulla" in get(manager, f"/work/{work.pk}/")
    manager.post(f"/t/test/rehearsals/{work.pk}/cancel/")
    jobs.rehearse_now(tenant=tenant, work=work.pk)
    work.refresh_from_db()
    assert (work.status, work.result) == ("cancelled", {})
    assert "non è rimasto nulla" in get(manager, f"/work/{work.pk}/")
