"""The credit manager changes the standard strategy: in a draft, rehearsed, put in force, and the cycle obeys."""

from typing import Any

import pytest
from playwright.sync_api import expect

from spartito.actions.models import Task
from spartito.strategies.models import Strategy
from tests.browser.conftest import DAYS
from tests.browser.waiting import worker


@pytest.fixture
def as_it_was(company: Any) -> Any:
    """The other stories find the strategy that the house began with, and no draft of it."""
    before = company.folder / "before.yaml"
    before.write_text(live_version().source)
    yield
    Strategy.objects.get(code="standard").versions.filter(status="draft").delete()
    if live_version().source != before.read_text():
        company.cli("strategy", "load", before).json  # noqa: B018  raises when it fails
        company.cli("strategy", "publish", "standard").json  # noqa: B018


@pytest.fixture
def too_small_to_call(company: Any) -> None:
    """A debtor of 500 euros, reminded once: the standard strategy calls from 1,000 on."""
    file = company.folder / "piccolo.csv"
    file.write_text(
        "customer_code,customer_name,document_number,issue_date,due_date,open_amount,level,level_date,phone\n"
        "N50,Piccola Bottega,5050,2026-09-01,2026-11-12,500.00,first,2026-11-16,02 5551250\n"
    )
    company.cli("import", "items", file, "--mode", "delta", "--date", DAYS[-1]).json  # noqa: B018
    company.cli("cycle", "--date", DAYS[-1]).json  # noqa: B018
    assert not Task.objects.filter(customer__code="N50").exists()


def test_a_changed_strategy_is_rehearsed_put_in_force_and_obeyed(company, sign_in, as_it_was, too_small_to_call):
    page = sign_in("credit_manager")
    page.get_by_role("link", name="Strategie").first.click()
    page.get_by_role("link", name="Clienti standard").first.click()
    page.get_by_role("button", name="Modifica in una bozza").click()
    page.get_by_role("heading", name="Bozza di Clienti standard").wait_for()

    # A step is opened in place: earlier, and for smaller sums.
    page.get_by_role("link", name="Telefonata", exact=True).click()
    page.get_by_label("Giorni dalla scadenza").fill("8")
    page.get_by_text("Ora la soddisf").wait_for()
    before = page.locator(".matching strong").inner_text()
    page.get_by_label("Valore").first.fill("100")
    expect(page.locator(".matching strong")).not_to_have_text(before)
    page.get_by_role("button", name="Salva nella bozza").click()
    page.locator("[data-step=call][data-days='8']").wait_for()

    # Another is moved with the keyboard, and reminders may follow each other day by day.
    page.locator("[data-step=second]").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.locator("[data-step=second][data-days='21']").wait_for()
    page.get_by_role("link", name="Per chi, e limiti").click()
    page.get_by_label("Contatti", exact=True).fill("6")
    page.get_by_label("Giorni fra due passi").fill("1")
    page.get_by_role("button", name="Salva nella bozza").click()
    page.get_by_role("region", name="Che cosa cambia").get_by_text("contatti ammessi").wait_for()
    said = page.get_by_role("region", name="Che cosa cambia").inner_text()
    assert "giorno 10 → 8" in said
    assert "giorno 20 → 21" in said

    # Rehearsed: who would be called that is not called today.
    page.get_by_role("link", name="Prova in scena").click()
    page.get_by_label("Giorni da provare").select_option("30")
    page.get_by_role("button", name="Prova", exact=True).click()
    page.get_by_text("Puoi lasciare questa pagina").wait_for()
    worker()
    page.get_by_role("heading", name="Ricevono qualcosa in più").wait_for()
    expect(page.get_by_role("link", name="Piccola Bottega").first).to_be_visible()
    assert not Task.objects.filter(step_code="call", planned_action__version_id__gt=live_version().pk).exists()

    # In force: the cycle calls them.
    before = set(Task.objects.values_list("pk", flat=True))
    page.goto(f"{company.path}/strategies/standard/draft/")
    page.get_by_role("button", name="Metti in vigore").click()
    page.get_by_text("In vigore: i clienti la seguono").wait_for()
    page.goto(f"{company.path}/runs/")
    page.get_by_role("button", name="Esegui ora il ciclo").first.click()
    page.get_by_text("Puoi lasciare questa pagina").wait_for()
    worker()
    page.get_by_role("heading", name="Che cosa ha previsto").wait_for()
    new = Task.objects.exclude(pk__in=before).get(customer__code="N50")
    assert (new.kind, new.step_code, new.planned_action.version_id) == ("phone", "call", live_version().pk)


def test_a_step_is_read_on_a_real_customer_before_it_is_saved(company, sign_in, as_it_was):
    page = sign_in("credit_manager")
    page.goto(f"{company.path}/strategies/standard/")
    page.get_by_role("button", name="Modifica in una bozza").click()
    page.get_by_role("heading", name="Bozza di Clienti standard").wait_for()  # the page before it has the same steps
    page.locator("[data-step=first] [data-open]").click()
    page.get_by_text("Che cosa dice, su un cliente vero").wait_for()
    expect(page.get_by_label("Livello del blocco")).to_be_hidden()
    page.get_by_text("Che cosa dice, su un cliente vero").click()
    customer = page.locator(".says-who a").first
    customer.click()
    expect(page.frame_locator(".says-page").locator("body")).to_contain_text("Vostro codice cliente")
    letter = page.request.get(
        page.url.rsplit("/strategies", 1)[0]
        + page.locator(".says-who a[target=_blank]").first.get_attribute("href").split(company.path, 1)[1]
    )
    assert letter.body().startswith(b"%PDF")
    page.get_by_label("Che cosa succede").select_option("order_block")
    expect(page.get_by_label("Livello del blocco")).to_be_visible()
    expect(page.get_by_text("Che cosa dice, su un cliente vero")).to_be_hidden()


def live_version() -> Any:
    return Strategy.objects.get(code="standard").live_version
