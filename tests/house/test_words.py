"""Every word a person reads can be translated, and is."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tools import messages

PACKAGE = Path(__file__).resolve().parents[2] / "spartito"
EXEMPT = {
    "web/templates/500.html": "in both languages: shown when not even the user's can be asked",
    "web/templates/allauth/elements/button.html": "decides its own tag, which no HTML parser can follow",
}
TEMPLATES = [
    p
    for p in sorted(PACKAGE.rglob("templates/**/*.html"))
    if "tests" not in p.parts and p.relative_to(PACKAGE).as_posix() not in EXEMPT
]
SPOKEN = {"title", "placeholder", "aria-label", "alt", "aria-description", "data-confirm"}
# The product's name, units and signs are the same in every language.
SAME_EVERYWHERE = re.compile(
    r"\b(Spartito|PDF|XLSX|Excel|SHA-256|CSV|API|IBAN|PEC|CIG|CUP|YAML|JSON|Enter|Esc|EUR|VAT|ID|IT|EN)\b|&\w+;|\b[a-z]\b"
)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
TRANSLATED = re.compile(r"{%\s*(blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}", re.DOTALL)
CLASSES = re.compile(r"{%\s*block\s+\w*class\w*\s*%}.*?{%\s*endblock.*?%}", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


class Text(HTMLParser):
    """Collects what is shown or spoken: text outside scripts and styles, and some attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"script", "style", "kbd", "code"}
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_startendtag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style", "kbd", "code"}

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_every_text_of_a_template_is_translatable(path):
    source = path.read_text(encoding="utf-8")
    for pattern in (COMMENT, TRANSLATED, CLASSES, CODE):
        source = pattern.sub(" ", source)
    parser = Text()
    parser.feed(source)
    bare = [
        " ".join(text.split()) for text in parser.found if re.search(r"[^\W\d_]{2,}", SAME_EVERYWHERE.sub("", text))
    ]
    assert bare == []


def test_every_text_has_its_italian():
    assert messages.missing() == []


def test_a_text_has_one_italian_wherever_it_stands():
    assert messages.said_twice() == []


def test_translations_keep_their_placeholders():
    """A translation names the same %(things)s as its msgid, or formatting it fails in front of a user."""
    wrong = []
    for home in messages.homes():
        for message in messages.read(home):
            pairs = zip(as_tuple(message.id), as_tuple(message.string), strict=False)
            for text, translated in pairs:
                if translated and set(re.findall(r"%\(\w+\)", translated)) - set(
                    re.findall(r"%\(\w+\)", "".join(as_tuple(message.id)))
                ):
                    wrong.append(text)
    assert wrong == []


def as_tuple(text):
    return (text,) if isinstance(text, str) else tuple(text or ())
