"""What holds for every page: readable by machines that read aloud, on a phone, in both languages, light and dark."""

import pytest
from playwright.sync_api import expect

PAGES = [
    "/",
    "/customers/",
    "/customers/{customer}/",
    "/ageing/",
    "/messages/",
    "/users/",
    "/me/",
    "/imports/",
    "/runs/",
    "/workload/",
    "/workload/tasks/",
    "/workload/settings/",
    "/absences/",
    "/duedates/",
    "/duedates/?view=list",
    "/workload/share-out/?named=1",
    "/strategies/",
    "/campaigns/",
    "/campaigns/new/",
    "/education/",
    "/comparisons/",
    "/message-costs/",
    "/messages/approvals/",
    "/masterdata/templates/formal_notice/it/",
]
SOME = [PAGES[place : place + 6] for place in range(0, len(PAGES), 6)]  # of one visit: signing in takes the longest


def _address(company, path):
    return company.path + path.format(customer=company.customer("C01").pk)


@pytest.mark.parametrize("paths", SOME)
def test_axe_finds_nothing_serious(company, sign_in, site, paths):
    page = sign_in("credit_manager")
    found = {}
    for path in paths:
        page.goto(_address(company, path))
        page.wait_for_load_state("networkidle")
        page.add_script_tag(url=f"{site}/static/vendor/axe.min.js")
        said = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        found[path] = [
            f"{each['id']}: {each['nodes'][0]['html'][:160]}"
            for each in said["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert said["passes"], f"{path}: nothing was looked at"
    assert found == {path: [] for path in paths}


@pytest.mark.parametrize("paths", SOME)
def test_fits_a_phone(company, sign_in, paths):
    page = sign_in("credit_manager")
    page.set_viewport_size({"width": 390, "height": 844})
    widths = {}
    for path in paths:
        page.goto(_address(company, path))
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
        expect(page.locator(".phone-bar")).to_be_visible()
    assert widths == dict.fromkeys(paths, 390)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_explanation_stays_inside_its_page(company, sign_in, width):
    page = sign_in("credit_manager")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(_address(company, "/customers/{customer}/"))
    page.locator(".why-items li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heads = page.locator(".why-items").evaluate("list => list.scrollWidth - list.clientWidth")
    assert heads == 0


def test_reporting_fits_a_phone(company, sign_in):
    page = sign_in("sales_manager")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(_address(company, "/customers/{customer}/hold/"))
    page.get_by_role("button", name="Riferisci").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_way_in_shows_nothing_but_its_form(company, browser_page):
    page = browser_page
    page.goto(f"{company.path}/")
    skip = page.locator(".skip-link")
    assert skip.bounding_box()["y"] + skip.bounding_box()["height"] <= 0
    skip.focus()
    assert skip.bounding_box()["y"] >= 0


def test_speaks_english_and_goes_dark(company, sign_in):
    page = sign_in("controller")
    page.goto(f"{company.path}/me/")
    page.get_by_role("button", name="English").first.click()
    page.get_by_role("heading", name="My settings").wait_for()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{company.path}/")
    expect(page.get_by_role("heading", name="Receivables")).to_be_visible()
    page.goto(f"{company.path}/me/")
    page.get_by_role("button", name="Italiano").first.click()
    page.get_by_role("heading", name="Le mie impostazioni").wait_for()
