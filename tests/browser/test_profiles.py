"""One walk per profile that ends in one useful act: a profile without one would not be claimed."""

import pytest
from playwright.sync_api import expect

from spartito.access.models import User
from spartito.access.profiles import PROFILES
from spartito.journal.models import Entry
from spartito.portfolio.models import Customer
from tests.browser.conftest import PEOPLE


def test_every_profile_walks():
    assert set(PEOPLE) == set(PROFILES)


@pytest.mark.parametrize("profile", ["collector_sector", "temp_collector"])
def test_collectors_put_a_customer_of_theirs_on_hold(company, sign_in, profile):
    page = sign_in(profile)
    area = {"collector_sector": "NORD", "temp_collector": "SUD"}[profile]
    customer = Customer.objects.filter(area__code=area, holds__isnull=True).order_by("-code").first()
    page.goto(f"{company.path}/customers/{customer.pk}/")
    _fill_drawer(page, "h", {"Tipo": "dispute", "Perché": "Merce difettosa"}, "Sospendi")
    assert customer.holds.get(because="Merce difettosa").kind == "dispute"


@pytest.mark.parametrize("profile", ["lawyer_internal", "legal_clerk"])
def test_legal_office_works_the_customers_at_law(company, sign_in, profile):
    page = sign_in(profile)
    expect(page.get_by_role("heading", name="Al legale")).to_be_visible()
    page.get_by_role("link", name="Ditta 05").first.click()
    _note(page, company.customer("C05"), f"Fascicolo pronto ({profile})")
    assert page.goto(f"{company.path}/customers/{company.customer('C01').pk}/").status == 404


@pytest.mark.parametrize("profile", ["lawyer_external", "consultant_external", "agency_manager", "agency_operator"])
def test_outsiders_write_on_what_is_entrusted_to_them(company, sign_in, profile):
    page = sign_in(profile)
    page.get_by_role("link", name="Ditta 05").first.click()
    _note(page, company.customer("C05"), f"Sentito il debitore ({profile})")
    assert page.goto(f"{company.path}/customers/{company.customer('C06').pk}/").status == 404


@pytest.mark.parametrize("profile", ["sales_manager", "division_manager", "area_manager", "principal"])
def test_sales_and_principals_write_what_they_know(company, sign_in, profile):
    page = sign_in(profile)
    page.get_by_role("link", name="Ditta").first.click()
    page.wait_for_url("**/customers/*/**")
    customer = Customer.objects.get(pk=int(page.url.split("/customers/")[1].split("/")[0]))
    _note(page, customer, f"Ci penso io ({profile})")


@pytest.mark.parametrize("profile", ["ceo", "general_manager", "cfo", "controller"])
def test_management_reads_the_trend_and_takes_the_list_away(company, sign_in, profile):
    page = sign_in(profile)
    expect(page.get_by_role("heading", name="Crediti")).to_be_visible()
    page.locator("svg.trend").wait_for()
    page.set_viewport_size({"width": 1280, "height": 420})
    page.reload()
    expect(page.locator("[data-row][data-first]")).to_be_focused()
    assert page.evaluate("scrollY") == 0, "a page opens at its top, wherever its first row is"
    page.goto(f"{company.path}/customers/")
    answer = page.request.get(f"{company.path}/customers/?export=xlsx")
    assert answer.status == 200
    assert answer.body()[:2] == b"PK"


def test_credit_manager_gives_a_customer_to_a_collector(company, sign_in):
    page = sign_in("credit_manager")
    page.get_by_role("heading", name="La giornata, persona per persona").wait_for()
    customer = company.customer("C04")
    page.goto(f"{company.path}/customers/{customer.pk}/")
    page.get_by_role("button", name="Altro", exact=True).click()
    page.get_by_role("link", name="Assegna a un gestore").click()
    drawer = page.locator("#drawer")
    drawer.get_by_label("Gestore").select_option(label="Sergio Pini")
    drawer.get_by_role("button", name="Assegna").click()
    page.get_by_text("Cosa succede ora").wait_for()
    assert company.customer("C04").collector.username == "sergio"


def test_cash_clerk_has_a_payment_checked(company, sign_in):
    page = sign_in("cash_clerk")
    customer = company.customer("C07")
    page.goto(f"{company.path}/customers/{customer.pk}/")
    _fill_drawer(page, "h", {"Tipo": "payment_check", "Perché": "Contabile ricevuta, accredito domani"}, "Riferisci")
    assert customer.holds.get(because="Contabile ricevuta, accredito domani").kind == "payment_check"


def test_customer_care_reports_a_dispute(company, sign_in):
    page = sign_in("customer_care")
    customer = company.customer("C11")
    page.goto(f"{company.path}/customers/{customer.pk}/")
    _fill_drawer(page, "h", {"Tipo": "dispute", "Perché": "Quantità errata"}, "Riferisci")
    page.goto(f"{company.path}/")
    expect(page.get_by_role("link", name="Ditta 11")).to_be_visible()


def test_order_desk_learns_whether_a_customer_may_order(company, sign_in):
    page = sign_in("order_desk")
    page.keyboard.press("/")
    page.keyboard.type("Ditta 08")
    page.locator("#found a").first.click()
    page.get_by_text("può ordinare").wait_for()
    expect(page.locator("#items")).to_have_count(0)


def test_auditor_reads_a_history_and_takes_it_away(company, sign_in):
    page = sign_in("auditor")
    expect(page.get_by_role("heading", name="Ultime elaborazioni")).to_be_visible()
    page.goto(f"{company.path}/customers/{company.customer('C10').pk}/history/")
    assert "messaggio inviato" in page.content()
    answer = page.request.get(f"{company.path}/customers/{company.customer('C10').pk}/?export=csv")
    assert answer.status == 200
    assert "10/1" in answer.text()


def test_system_admin_makes_a_user_and_sees_no_customer(company, sign_in):
    page = sign_in("system_admin")
    page.get_by_role("link", name="Nuovo utente").click()
    page.get_by_label("Nome e cognome").fill("Nora Nuova")
    page.get_by_label("Nome utente").fill("nora")
    page.get_by_label("Prima password").fill("Provvisoria-2026")
    page.get_by_label("Profilo").select_option("customer_care")
    page.get_by_role("button", name="Salva").click()
    page.get_by_role("heading", name="Nora Nuova").wait_for()
    assert User.objects.get(username="nora").assignments.get().profile == "customer_care"
    assert page.goto(f"{company.path}/customers/").status == 403


def _fill_drawer(page, key, values, submit):
    page.keyboard.press(key)
    drawer = page.locator("#drawer")
    drawer.wait_for()
    for label, value in values.items():
        field = drawer.get_by_label(label)
        field.select_option(value) if label == "Tipo" else field.fill(value)
    drawer.get_by_role("button", name=submit).click()
    page.get_by_text("Cosa succede ora").wait_for()


def _note(page, customer, text):
    page.get_by_role("heading", name=customer.name, level=1).wait_for()
    _fill_drawer(page, "w", {"Nota": text}, "Scrivi")
    assert Entry.objects.filter(customer_id=customer.pk, verb="note.written", data__note=text).exists()
