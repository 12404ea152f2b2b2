"""A collector's morning: first task, why, customer, the very PDF, done with a note, next."""

from playwright.sync_api import expect

from spartito.actions.models import Attempt, Message, Task
from spartito.portfolio.models import Hold
from tests.browser.conftest import PASSWORD, PEOPLE


def test_first_task_why_customer_pdf_done_next(company, sign_in):
    page = sign_in("collector_global")
    row = page.locator(".score-row.here")
    name = row.locator(".score-name").inner_text()
    why = row.locator(".score-more")
    assert "documenti" in why.locator(".task-why").first.inner_text() or "documento" in why.inner_text()
    assert "regola:" in why.inner_text()
    assert "dopo la scadenza" in why.inner_text()
    assert "ultimo contatto:" in why.inner_text()
    assert "giorni" in row.locator(".task-documents").first.inner_text()

    page.keyboard.press("Enter")
    page.get_by_role("heading", name=name, level=1).wait_for()
    assert "Da fare oggi" in page.content()
    assert page.locator(".why-items").inner_text()

    letter = page.locator("a[href$='letter.pdf']").first
    answer = page.request.get(letter.get_attribute("href"))
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")

    task = Task.objects.get(status="open", customer__name=name)
    page.keyboard.press("o")
    page.get_by_label("Che cosa è stato detto").first.fill("Paga lunedì, ha promesso la contabile")
    page.locator(".outcome-more[open] button").click()
    page.get_by_text("Cosa succede ora").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() != name  # the next customer
    task.refresh_from_db()
    assert (task.status, task.outcome_code, task.note) == ("done", "DONE", "Paga lunedì, ha promesso la contabile")


def test_no_answer_is_one_key_and_can_be_taken_back(company, sign_in):
    page = sign_in("collector_global")
    first = page.locator(".score-row.here .score-name").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator(".score-row.here .score-name").inner_text() == first
    before = int(page.locator("#summary dd").first.inner_text())

    page.keyboard.press("n")
    page.get_by_text("Cosa succede ora").wait_for()
    assert page.locator(".score-row.here .score-name").inner_text() != first
    assert int(page.locator("#summary dd").first.inner_text()) == before - 1
    assert Attempt.objects.filter(outcome="NR", customer__name=first, undone_on__isnull=True).exists()

    page.keyboard.press("z")
    page.wait_for_load_state()
    page.get_by_text(first).first.wait_for()
    assert not Attempt.objects.filter(outcome="NR", customer__name=first, undone_on__isnull=True).exists()


def test_an_outcome_says_what_will_follow_and_a_promise_keeps_the_customer_away_until_its_day(company, sign_in):
    page = sign_in("collector_global")
    page.keyboard.press("x")
    more = page.locator(".score-row.here .outcome-more[open]")
    more.get_by_label("Com’è finita").select_option("RIC")
    more.get_by_label("A che ora").wait_for()
    assert "si ritenta tra 1 giorno" in more.locator(".outcome-follows").inner_text()
    page.keyboard.press("Escape")

    name = page.locator(".score-row.here .score-name").inner_text()
    page.keyboard.press("p")
    more = page.locator(".score-row.here .outcome-more[open]")
    assert "nessun sollecito fino a quel giorno" in more.inner_text()
    more.get_by_role("button", name="Registra la promessa").click()
    page.locator("#toasts").get_by_text("sospeso: promessa di pagamento").first.wait_for()
    assert not Task.objects.filter(status="open", kind="phone", customer__name=name).exists()
    holds = Hold.objects.filter(kind="promise", customer__name=name)
    assert holds.exists()

    page.keyboard.press("z")
    page.wait_for_load_state()
    page.get_by_text(name).first.wait_for()
    assert not holds.filter(released_on=None).exists()


def test_works_without_javascript(company, site, browser_page):
    context = browser_page.context.browser.new_context(base_url=site, locale="it-IT", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{company.path}/")
    page.get_by_label("Nome utente").fill(PEOPLE["collector_global"][0])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accedi").click()
    rows = page.locator(".score-row")
    rows.first.wait_for()
    before = rows.count()
    rows.first.get_by_role("button", name="Fatto").first.click()
    page.get_by_text("Cosa succede ora").wait_for()
    expect(rows).to_have_count(before - 1)
    context.close()


def test_inbound_call_is_recorded_from_search(company, sign_in):
    page = sign_in("collector_global")
    page.keyboard.press("/")
    page.keyboard.type("02 555003")
    page.locator("#found a").first.click()
    page.get_by_role("heading", name="Ditta 03", level=1).wait_for()
    page.keyboard.press("t")
    page.locator("#drawer").get_by_label("ci hanno contattato").check()
    page.locator("#drawer").get_by_label("Che cosa è stato detto").fill("Chiama l'amministrazione")
    page.locator("#drawer").get_by_role("button", name="Registra").click()
    page.get_by_text("Cosa succede ora").wait_for()
    assert Attempt.objects.filter(direction="in", note="Chiama l'amministrazione").exists()


def test_the_pdf_is_the_one_in_the_archive(company, sign_in):
    page = sign_in("collector_global")
    sent = Message.objects.filter(sent_on__isnull=False).order_by("id").first()
    page.goto(f"{company.path}/messages/{sent.pk}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
