"""The names that strategies give to their steps, said wherever a step's code is stored."""

from django.core.cache import cache

from spartito.strategies.models import Step
from spartito.web import words

KEPT = 300  # seconds
Names = dict[tuple[int | None, str], tuple[str, str]]


def step_name(code: str, means: str = "", version: int | None = None) -> str:
    """The step's name in that version, else in the newest that names it, else by the words people use."""
    if not code:
        return words.step(code, means)
    names = cache.get_or_set("step_names", _read, KEPT) or {}
    named = names.get((version, code)) or names.get((None, code))
    if not named:
        return words.step(code, means)
    return named[0] if words.language() == "it" else named[1]


def _read() -> Names:
    found: Names = {}
    for version, code, params in Step.objects.order_by("version_id").values_list("version_id", "code", "params"):
        if italian := params.get("name_it"):
            names = (italian, params.get("name_en") or italian)
            found[version, code] = found[None, code] = names
    return found
