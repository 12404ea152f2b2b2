"""The texts a new tenant starts with: one Markdown file a text and language, with a few lines of head."""

from pathlib import Path

from spartito.communications.models import Template
from spartito.communications.rules import check_template

HERE = Path(__file__).parent


def templates() -> list[Template]:
    """All seeded texts as rows not yet saved, each checked as if a person had written it."""
    return [_template(path) for path in sorted(HERE.glob("*/*.md"))]


def _template(path: Path) -> Template:
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    check_template(subject=told["subject"], body=body)
    return Template(
        code=path.stem,
        language=path.parent.name,
        number=1,
        name=told["name"],
        subject=told["subject"],
        body=body.strip() + "\n",
        tone=told["tone"],
        interrupts_limitation=told.get("interrupts_limitation") == "yes",
    )
