"""The doors the demo uses to take things in: files, mappings, a strategy's text."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from spartito.ingest.operations import import_file
from spartito.platform.errors import Refused
from spartito.strategies.operations import load_strategy, publish_strategy

Say = Callable[[str, int, int | None], None]


class IntakeFailed(Refused):
    """A file of the demo's own was not taken whole."""


def take_in(*, kind: str, path: Path, day: date, mode: str = "", mapping: str = "", say: Say | None = None) -> Any:
    """Imports a file; the demo's own files have no bad rows, so one rejected row stops everything."""
    if say is not None:
        say(f"importing {kind}", 0, None)
    result = import_file(kind=kind, path=path, as_of=day, mode=mode, mapping=mapping or None)
    if result.rejected:
        first = result.rejects[0]
        raise IntakeFailed(f"{path.name} row {first['row']}: {first['field']} {first['value']!r} {first['error']}")
    return result


def set_strategy(path: Path) -> None:
    """Loads and publishes the strategy of a file."""
    version = load_strategy(source=path.read_text(encoding="utf-8"))
    publish_strategy(code=version.strategy.code)
