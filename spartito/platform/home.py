"""Where one installation keeps its files: `SPARTITO_HOME`, `./var` unless set."""

import os
from pathlib import Path


def home() -> Path:
    """The folder of this installation, absolute; made on first use and closed to other users."""
    folder = Path(os.environ.get("SPARTITO_HOME") or "var").expanduser().absolute()
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        # As root the database runs as another user, who must be able to pass through.
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def folder(name: str) -> Path:
    """A private folder below the home, made on first use."""
    path = home() / name
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
