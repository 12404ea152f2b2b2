"""A salesperson: the positions most at risk, what head office did, only own customers."""

from playwright.sync_api import expect

from spartito.portfolio.models import Customer


def test_sees_only_own_customers(company, sign_in):
    page = sign_in("salesperson")
    listed = set(page.locator("tbody tr[data-row] .code").all_inner_texts())
    own = set(Customer.objects.filter(salesperson__code="A1").values_list("code", flat=True))
    assert listed
    assert listed <= own
    assert "messaggio inviato" in page.content() or "telefonata" in page.content()

    mine, other = Customer.objects.get(code="C01"), Customer.objects.get(code="C02")
    assert page.goto(f"{company.path}/customers/{mine.pk}/").status == 200
    expect(page.locator("#items")).to_be_visible()
    assert page.goto(f"{company.path}/customers/{other.pk}/").status == 404
    assert other.name not in page.content()


def test_search_finds_only_own_customers(company, sign_in):
    page = sign_in("salesperson")
    page.goto(f"{company.path}/search/?q=Ditta")
    codes = set(page.locator("main .code").all_inner_texts())
    assert codes == {"C01", "C05", "C09", "C13", "C17"}
    page.goto(f"{company.path}/search/?q=2/1")
    assert "Ditta 02" not in page.content()


def test_reports_a_promise_for_five_days_at_most(company, sign_in):
    page = sign_in("salesperson")
    customer = company.customer("C09")
    page.goto(f"{company.path}/customers/{customer.pk}/")
    page.keyboard.press("h")
    drawer = page.locator("#drawer")
    drawer.get_by_label("Fino al").fill("2026-12-20")
    drawer.get_by_label("Perché").fill("Paga con l'incasso del cantiere")
    drawer.get_by_role("button", name="Riferisci").click()
    page.get_by_text("Cosa succede ora").wait_for()
    hold = customer.holds.get(because="Paga con l'incasso del cantiere")
    assert hold.source == "reported"
    assert hold.ends_on.isoformat() == "2026-12-03"
