"""Translations without gettext's programs: `extract` brings the .po files up to date, `compile` makes the .mo files.

A room's texts go to its own `locale/it/LC_MESSAGES/django.po`; a screen of `web` that has a `locale` folder
keeps its own. The msgid is the English text.

    .venv/bin/python tools/messages.py extract [portfolio web/today …]   # after writing texts; then fill in the msgstr
    .venv/bin/python tools/messages.py compile      # `make setup` does it; only files that changed
    .venv/bin/python tools/messages.py missing      # lists what has no Italian yet, or two; exit 1 when there is any
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "spartito"
LANGUAGE = "it"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Refusals of places that may not import Django are worded by `platform.errors`.
    "Refused": None,
    "StrategyRefused": None,
    "TemplateWrong": None,
}


def homes() -> list[Path]:
    """The folders that own a catalogue: rooms, and screens of web that have a `locale` folder."""
    screens = [path.parent for path in PACKAGE.glob("web/*/locale")]
    rooms = [path for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"]
    return sorted(screens) + sorted(rooms)


def owner_of(path: Path, owners: list[Path]) -> Path:
    """The innermost catalogue a source file belongs to."""
    return max((home for home in owners if home in path.parents), key=lambda home: len(home.parts))


def sources() -> Iterator[Path]:
    for pattern in ["*.py", "*.html", "*.txt"]:
        for path in PACKAGE.rglob(pattern):
            inner = path.relative_to(PACKAGE).parts
            if {"tests", "migrations", "static", "locale"} & set(inner):
                continue
            if path.suffix == ".py" or "templates" in inner:
                yield path


def texts_of(path: Path) -> Iterator[tuple[int, object, str | None]]:
    """(line, msgid or (singular, plural), context) of every translatable text of a file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # The result is like Python, but for its indentation.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield line, message, context


def catalogue(home: Path) -> Path:
    return home / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(home: Path) -> Catalog:
    path = catalogue(home)
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain="django", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def found() -> dict[Path, Catalog]:
    """What the sources hold now, by owner."""
    owners = homes()
    result: dict[Path, Catalog] = {}
    for path in sorted(sources()):
        for _line, message, context in texts_of(path):
            owner = owner_of(path, owners)
            mine = result.setdefault(owner, Catalog(locale=LANGUAGE, domain="django", fuzzy=False))
            mine.add(message, context=context, locations=[(str(path.relative_to(ROOT)), None)])
    return result


def update(only: list[str]) -> None:
    """Adds new texts with an empty msgstr, drops those no longer used, keeps all translations."""
    for home, now in found().items():
        if only and home.relative_to(PACKAGE).as_posix() not in only:
            continue
        kept = read(home)
        for message in now:
            if not message.id:
                continue
            old = kept.get(message.id, message.context)
            if old is not None and not old.fuzzy:
                message.string = old.string
        path = catalogue(home)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, now, width=110, sort_output=True, omit_header=True, include_lineno=False)
        header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: it\\n"\n'
        header += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        path.write_text(header + text.getvalue().decode().lstrip(), encoding="utf-8")


def compile_all() -> None:
    """Writes the .mo of each .po that is newer."""
    for path in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po"):
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            read_in = read_po(file, locale=path.parts[-3])
        draft = made.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read_in)
        draft.replace(made)


def missing() -> list[str]:
    """`catalogue: msgid` for each text without an Italian one."""
    empty = []
    for home, now in found().items():
        kept = read(home)
        for message in now:
            if not message.id:
                continue
            old = kept.get(message.id, message.context)
            strings = (
                [old.string] if old is not None and isinstance(old.string, str) else list(old.string if old else [])
            )
            if not strings or not all(strings) or (old is not None and old.fuzzy):
                empty.append(f"{home.relative_to(ROOT)}: {message.id!r}")
    return empty


def said_twice() -> list[str]:
    """`msgid: Italian in a catalogue, another Italian in another` of each text that catalogues render differently.

    Django reads all catalogues into one: every page would show the first of them, whatever its own says.
    Give one of the texts other English words.
    """
    said: dict[tuple[str, str | None], dict[str, str]] = {}
    for home in homes():
        for message in read(home):
            if message.id:
                ways = said.setdefault((str(message.id), message.context), {})
                ways.setdefault(str(message.string), str(home.relative_to(PACKAGE)))
    return [
        f"{text}: " + ", ".join(f"{italian!r} in {home}" for italian, home in ways.items())
        for (text, _context), ways in said.items()
        if len(ways) > 1
    ]


def main() -> int:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)  # templatize() reads template options only
    task = sys.argv[1] if len(sys.argv) > 1 else ""
    if task == "extract":
        update(sys.argv[2:])
    elif task == "compile":
        compile_all()
    elif task == "missing":
        wrong = missing() + said_twice()
        print(*wrong, sep="\n")
        return 1 if wrong else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
