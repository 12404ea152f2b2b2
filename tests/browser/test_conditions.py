"""The credit manager writes conditions with groups in groups, a text of the calendar, and education: no YAML, no mouse."""

from typing import Any

import pytest
from playwright.sync_api import expect

from spartito.strategies.models import Strategy


@pytest.fixture
def draft(company: Any, sign_in: Any) -> Any:
    """The draft of the standard strategy, dropped afterwards."""
    page = sign_in("credit_manager")
    page.goto(f"{company.path}/strategies/standard/")
    page.get_by_role("button", name="Modifica in una bozza").click()
    page.get_by_role("heading", name="Bozza di Clienti standard").wait_for()
    yield page
    standard().versions.filter(status="draft").delete()


def standard() -> Strategy:
    return Strategy.objects.get(code="standard")


def the_draft() -> Any:
    return standard().versions.get(status="draft")


def press(page: Any, name: str, *, within: Any = None) -> None:
    (within or page).get_by_role("button", name=name).last.focus()
    page.keyboard.press("Enter")


def test_a_group_within_a_group_is_written_with_the_keyboard(draft: Any, site: str) -> None:
    page = draft
    page.add_script_tag(url=f"{site}/static/vendor/axe.min.js")
    page.get_by_role("link", name="Telefonata", exact=True).focus()
    page.keyboard.press("Enter")
    condition = page.locator("#condition")
    condition.wait_for()
    page.locator(".matching strong").wait_for()
    press(page, "Gruppo di condizioni", within=condition)
    expect(page.locator("#id_fact_1-0")).to_be_focused()
    page.locator("#id_fact_1-0").select_option("credit_class")
    condition.get_by_label("Standard").check()
    page.locator("#id_fact_1-1").select_option("is_consumer")
    expect(page.locator("#id_value_1-1")).to_have_value("yes")
    page.locator("#id_group_1").select_option("none")
    expect(page.locator(".matching strong")).to_have_text("0")  # everybody is standard
    found = page.evaluate("axe.run('#drawer', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    page.locator("#id_value_0").focus()
    page.keyboard.press("Enter")  # saves; it does not press the first button of the condition
    page.get_by_role("region", name="Che cosa cambia").get_by_text("non (classe di credito").wait_for()
    asked = the_draft().steps.get(code="call").conditions
    assert asked["all"][1] == {
        "not": {
            "any": [
                {"fact": "credit_class", "operator": "in", "value": ["STD"]},
                {"fact": "is_consumer", "operator": "=", "value": True},
            ]
        }
    }


def test_a_text_of_the_calendar_and_education_are_written_in_place(draft: Any) -> None:
    page = draft
    page.get_by_role("link", name="Nuovo testo").click()
    page.get_by_label("Codice").fill("statement")
    expect(page.get_by_label("In quale mese").first).to_be_hidden()
    page.get_by_label("Ogni quanto").select_option("quarter")
    page.get_by_label("In quale mese del trimestre").select_option("2")
    page.get_by_label("Da quale giorno").fill("5")
    page.get_by_label("Modello").select_option("account_statement")
    page.get_by_role("button", name="Salva nella bozza").click()
    page.get_by_role("link", name="statement").wait_for()
    assert the_draft().periodics.get().month == 2
    page.get_by_role("link", name="Comincia").click()
    page.get_by_label("Questa strategia educa").check()
    expect(page.locator("#id_fact_0")).to_have_value("late_payer")
    page.get_by_role("button", name="Salva nella bozza").click()
    page.get_by_text("lasciato fuori a caso").first.wait_for()
    assert the_draft().further["education"]["conditions"]["fact"] == "late_payer"
