"""What the address of the due-date ledger asks for: filters, month, day."""

from datetime import date

from django.http import HttpRequest

KEYS = ("q", "kind", "person", "task_kind", "area", "salesperson")
NUMBERS = ("person", "area", "salesperson")


def values_of(request: HttpRequest) -> dict[str, str]:
    """The filters that say something; what should be a number and is none is left out."""
    values = {key: request.GET.get(key, "").strip() for key in KEYS}
    return {key: value for key, value in values.items() if key not in NUMBERS or value == "nobody" or _is_id(value)}


def _is_id(value: str) -> bool:
    return value.isdecimal() and len(value) < 18


def month_of(text: str, as_of: date) -> date:
    """The first day of `2026-11`; of the month of today for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return as_of.replace(day=1)


def day_of(text: str) -> date | None:
    """The day written as `2026-11-25`, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
