"""The reference pages say what the code does: `make docs` writes them, this looks whether it was forgotten."""

from pathlib import Path

import pytest

from tools import reference

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", ["files.md", "profiles.md", "commands.md"])
def test_the_reference_is_what_the_code_says(page: str) -> None:
    written = (DOCS / "reference" / page).read_text(encoding="utf-8")
    assert written == reference.pages()[page], "run: make docs"


def test_every_link_between_pages_leads_somewhere() -> None:
    import re

    root = DOCS.parent
    for page in [*DOCS.rglob("*.md"), root / "README.md", root / "STYLE.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(root)} links to {target}"
