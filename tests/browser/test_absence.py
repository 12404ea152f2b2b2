"""A colleague is away: the credit manager sees it, moves the tasks with a preview, and plans a contact for another day."""

import pytest

from spartito.actions.models import Task
from spartito.worklist.models import Assignment
from tests.browser.conftest import PASSWORD, PEOPLE


def held_by(name):
    return Assignment.objects.filter(task__status="open", user__username=name)


@pytest.fixture
def carlas_tasks(company):
    """What Carla has to do on the last day of the story."""
    tasks = list(held_by("carla").values_list("task", flat=True))
    assert len(tasks) > 2
    return tasks


def test_a_colleagues_tasks_are_moved_during_an_absence(company, sign_in, carlas_tasks):
    page = sign_in("credit_manager")
    page.get_by_role("link", name="Il lavoro").first.click()
    page.get_by_role("heading", name="Il lavoro").first.wait_for()

    # The absence hands the tasks on at once, to the substitute.
    page.get_by_role("link", name="Assenze").click()
    page.get_by_role("link", name="Registra un’assenza").first.click()
    page.get_by_label("Chi", exact=True).select_option(label="Carla Neri")
    page.get_by_label("Chi sostituisce").select_option(label="Sergio Pini")
    page.get_by_role("button", name="Salva").click()
    page.get_by_role("heading", name="Le prossime settimane").wait_for()
    assert not held_by("carla").exists()
    substitutes = set(Assignment.objects.filter(task__in=carlas_tasks).values_list("user__username", flat=True))
    assert substitutes <= {"sergio", "anna"}  # Sergio sees one area; the rest falls to the credit manager

    # Who has too much gives to a colleague: first what it changes, then the move.
    page.goto(f"{company.path}/workload/")
    page.locator("#work-day").get_by_role("link", name="Anna Mori").first.click()
    page.get_by_role("heading", name="Attività del giorno").wait_for()
    page.get_by_label("questa pagina").check()
    marked = page.locator("input[name=tasks]:checked").count()
    assert marked > 0
    page.locator("#bulk-to").select_option(label="Tea Sala")
    page.get_by_role("button", name="Vedi che cosa cambia").first.click()
    page.get_by_role("heading", name="Che cosa cambierebbe").wait_for()
    assert "Non è ancora cambiato nulla." in page.content()
    tea_before = held_by("tea").count()
    rows = page.locator("form.act-bar input[name=tasks]").count()
    assert rows < marked  # Tea sees the South alone: the others stay where they are
    if rows:
        page.get_by_role("button", name="Assegnale").click()
        page.get_by_text("Cosa succede ora").wait_for()
        assert held_by("tea").count() == tea_before + rows

    # Back earlier: everything that was handed on returns.
    page.goto(f"{company.path}/absences/")
    page.get_by_role("button", name="Rientra oggi").first.click()
    page.get_by_role("heading", name="Nessuno è assente").wait_for()
    assert held_by("carla").exists()


def test_a_contact_is_dragged_to_another_day(company, sign_in):
    page = sign_in("credit_manager")
    page.set_viewport_size({"width": 1280, "height": 1800})  # a page that scrolls meanwhile drags another one
    page.goto(f"{company.path}/duedates/?kind=contact")
    chip = page.locator(".is-today .chip[draggable]").first
    task = int(chip.get_attribute("data-task"))
    chip.drag_to(page.locator("[data-day='2026-11-30']"))
    form = page.locator("#drawer")
    form.get_by_label("Giorno").wait_for()
    assert form.get_by_label("Giorno").input_value() == "2026-11-30"
    form.get_by_label("Perché").fill("in ferie fino a lunedì")
    form.get_by_role("button", name="Salva").click()
    page.locator(f"[data-day='2026-11-30'] [data-task='{task}']").wait_for()
    assert Task.objects.get(pk=task).not_before.isoformat() == "2026-11-30"


def test_the_same_without_a_mouse_and_without_scripts(company, site, browser_page):
    context = browser_page.context.browser.new_context(base_url=site, locale="it-IT", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{company.path}/duedates/?view=list&kind=contact")
    page.get_by_label("Nome utente").fill(PEOPLE["credit_manager"][0])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accedi").click()
    box = page.locator("input[name=tasks]").first
    task = int(box.get_attribute("value"))
    box.check()
    page.get_by_text("Pianifica per un altro giorno").click()
    page.get_by_label("Giorno").fill("2026-12-01")
    page.get_by_label("Perché").fill("lo chiede il cliente")
    page.get_by_role("button", name="Vedi che cosa cambia").last.click()
    page.get_by_role("button", name="Pianificale").click()
    assert Task.objects.get(pk=task).not_before.isoformat() == "2026-12-01"
    context.close()
