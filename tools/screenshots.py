"""Takes the pictures of the docs from the running demo: `python tools/screenshots.py http://127.0.0.1:8000`."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
USER, PASSWORD = "giulia.ferri", "partitura-demo"


def main(address: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
        _log_in(page, f"{address}/t/demo/")
        page.screenshot(path=IMAGES / "today.png")
        browser.close()


def _launch(playwright):  # type: ignore[no-untyped-def]
    for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"):
        if Path(path).exists():
            return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    return playwright.chromium.launch(args=["--no-sandbox"])


def _log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("input[name=login]", USER)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
