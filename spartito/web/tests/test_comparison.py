"""Two strategies on the same past, from their pages; and the prices of messages that rehearsals and comparisons count with."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from spartito.cycle.models import Work
from spartito.reference.models import Fee
from spartito.reference.queries import message_costs
from spartito.strategies.models import Version
from spartito.tenants.models import Tenant
from spartito.web import jobs
from spartito.web.tests.visits import browser_of, get, person, rehearsed

pytestmark = pytest.mark.django_db
FORM = {"start": "2026-09-01", "end": "2026-11-20"}


def asked(draft: int) -> dict[str, object]:
    versions = Version.objects.filter(strategy__code="standard")
    return FORM | {"first": versions.get(number=1).pk, "second": versions.get(number=draft).pk}


def compared(client: Client, tenant: Tenant, draft: int) -> Work:
    client.post("/t/test/comparisons/", asked(draft))
    work = Work.objects.get(kind="comparison")
    jobs.compare_now(tenant=tenant, work=work.pk)
    work.refresh_from_db()
    return work


def test_two_versions_are_compared_and_read(manager: Client, tenant: Tenant, draft: int) -> None:
    assert "Confrontane due" in get(manager, "/strategies/")
    assert f'value="{Version.objects.get(strategy__code="standard", number=draft).pk}" selected' in get(
        manager, f"/comparisons/?second=standard:{draft}"
    )
    work = compared(manager, tenant, draft)
    assert (work.status, work.result["first"]["strategy"]) == ("done", "standard")
    page = get(manager, f"/comparisons/{work.pk}/")
    assert "Pagati prima" in page
    assert "1° sollecito" in page
    assert work.result["items"] == 3
    assert f"/comparisons/{work.pk}/" in get(manager, "/comparisons/")


def test_what_cannot_be_compared_is_said_beside_the_field(manager: Client, draft: int) -> None:
    given = asked(draft)
    elsewhere = Version.objects.exclude(strategy__code="standard").filter(status="published")
    for wrong, said in (
        ({"second": given["first"]}, "È anche la prima"),
        ({"second": elsewhere.values_list("pk", flat=True)[0]}, "entrambe in vigore"),
        ({"end": "2026-12-24"}, "deve ancora venire"),
        ({"start": "2026-11-21"}, "deve finire dopo"),
    ):
        answer = manager.post("/t/test/comparisons/", given | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Work.objects.filter(kind="comparison").exists()


def test_it_is_for_who_asked_and_can_be_given_up(manager: Client, tenant: Tenant, draft: int) -> None:
    manager.post("/t/test/comparisons/", asked(draft))
    work = Work.objects.get(kind="comparison")
    get(browser_of(person("bianca", "credit_manager")), f"/comparisons/{work.pk}/", 404)
    get(browser_of(person("vera", "collector_global")), "/comparisons/", 403)
    assert "Annulla" in get(manager, f"/work/{work.pk}/")
    manager.post(f"/t/test/comparisons/{work.pk}/cancel/")
    jobs.compare_now(tenant=tenant, work=work.pk)
    work.refresh_from_db()
    assert (work.status, work.result) == ("cancelled", {})


def test_a_price_holds_from_its_day_on(manager: Client, ledger: None) -> None:
    answer = manager.post(
        "/t/test/message-costs/letter/", {"amount": "1,85", "valid_from": "2026-11-10", "source": "Listino 2027"}
    )
    assert answer.status_code == 302
    assert message_costs(date(2026, 11, 9))["letter"] == Decimal("1.30")
    assert message_costs(date(2026, 11, 10))["letter"] == Decimal("1.85")
    page = get(manager, "/message-costs/")
    assert "1,85" in page
    assert "1,30" in page
    refused = manager.post("/t/test/message-costs/letter/", {"amount": "-2", "valid_from": "2026-11-10", "source": "x"})
    assert refused.status_code == 422
    free = manager.post("/t/test/message-costs/email/", {"amount": "0,00", "valid_from": "2026-11-10", "source": "x"})
    assert free.status_code == 302
    assert get(manager, "/message-costs/pigeon/", 404)


def test_a_house_without_prices_is_told_so(manager: Client, tenant: Tenant, draft: int) -> None:
    Fee.objects.filter(kind__startswith="cost_").delete()
    assert "Non si conosce ancora il prezzo" in get(manager, "/message-costs/")
    rehearsal = rehearsed(manager, tenant, draft)
    assert "non si conosce il prezzo" in get(manager, f"/rehearsals/{rehearsal.pk}/")
    comparison = compared(manager, tenant, draft)
    assert "non si conosce il prezzo" in get(manager, f"/comparisons/{comparison.pk}/")
