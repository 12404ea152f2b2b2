"""What strategies call their steps, wherever a step's code is stored."""

from django.core.cache import cache
from django.utils.translation import get_language

from spartito.strategies.models import Campaign, Periodic, Step

KEPT = 300  # seconds
Names = dict[tuple[int | None, str], tuple[str, str]]


def step_name(code: str, version: int | None = None) -> str:
    """The step's name in that version, else in the newest that names it, in the language in force; '' where none does."""
    names: Names = cache.get_or_set("step_names", _read, KEPT) or {}
    named = names.get((version, code)) or names.get((None, code)) or ("", "")
    return named[0] if (get_language() or "it").startswith("it") else named[1]


def said_step(code: str | None, version: int | None = None) -> str:
    """A step inside a sentence: `“Telefonata”`, or its code where it was given no name."""
    name = step_name(code or "", version)
    return f"“{name}”" if name else (code or "").replace("_", " ")


def _read() -> Names:
    found: Names = {}
    named = ("version_id", "code", "params")
    texts = Periodic.objects.order_by("version_id").values_list(*named)
    for version, code, params in [*texts, *Step.objects.order_by("version_id").values_list(*named)]:
        if italian := params.get("name_it"):
            names = (italian, params.get("name_en") or italian)
            found[version, code] = found[None, code] = names
    return found | {(None, code): (name, name) for code, name in Campaign.objects.values_list("code", "name")}
