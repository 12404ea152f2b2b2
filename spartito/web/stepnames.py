"""The names that strategies give to their steps, else the words people use."""

from spartito.strategies import names
from spartito.web import words


def step_name(code: str, means: str = "", version: int | None = None) -> str:
    """The step's name in that version, else in the newest that names it, else by the words people use."""
    return (code and names.step_name(code, version)) or words.step(code, means)
