"""When an account's next step may be due, for days that are lived ahead: nothing is looked at before it can matter."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from spartito.platform.sql import execute, text_of
from spartito.strategies.facts import FACTS
from spartito.strategies.models import Step, Strategy, Version

NEXT_DAYS = Path(__file__).parent / "reads" / "next_days.sql"


def what_moves_steps() -> dict[str, list[int]]:
    """Steps in force by what changes their conditions: nothing that days bring, or only what falls due and is paid.

    Conditions that may change on any day are in neither list.
    """
    lasting, balances = [], []
    steps = Step.objects.filter(version__in=Strategy.objects.values("live_version")).exclude(conditions={})
    for pk, conditions in steps.values_list("pk", "conditions"):
        facts = [FACTS[name] for name in _facts_in(conditions)]
        if not any(fact.moves for fact in facts):
            lasting.append(pk)
        elif all(fact.with_balances or not fact.moves for fact in facts):
            balances.append(pk)
    return {"lasting_steps": lasting, "balance_steps": balances}


def what_moves_followers() -> str:
    """What decides who follows which strategy, beside master data: "" nothing, "balances", or "days" that pass, too."""
    asked = Version.objects.filter(pk__in=Strategy.objects.values("live_version")).values_list("applies_to", flat=True)
    facts = [FACTS[name] for applies_to in asked for name in _facts_in(applies_to) if FACTS[name].moves]
    if all(fact.with_balances for fact in facts):
        return "balances" if facts else ""
    return "days"


def _facts_in(condition: Mapping[str, Any]) -> Iterator[str]:
    """The facts that a condition in normal form asks for."""
    if "fact" in condition:
        yield condition["fact"]
    for word in ("all", "any"):
        for part in condition.get(word, ()):
            yield from _facts_in(part)
    if "not" in condition:
        yield from _facts_in(condition["not"])


def note_next_days(
    *, as_of: date, customers: list[int] | None, balances_matter: bool, moved_by: Mapping[str, list[int]]
) -> None:
    """Adds the first day after `as_of` of each account in sight to `pg_temp.agenda (account_id, day)`.

    `moved_by`: `what_moves_steps()`, which stays the same while days are lived.
    """
    given: dict[str, Any] = {"as_of": as_of, "customers": customers, "balances_matter": balances_matter, **moved_by}
    execute(f"insert into pg_temp.agenda (account_id, day)\n{text_of(NEXT_DAYS)}", given)
