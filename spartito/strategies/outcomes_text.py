"""`outcomes:` of a step: what follows from how its contact or task ended, checked key by key.

A chain of `go_to` that comes back to where it began would never end, and is refused with its steps named.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from spartito.actions.rules import HOLDS, NEXT_STEP, OUTCOMES, RETRY, TASKS
from spartito.strategies.fields import code_in, known_keys, one_of, several, whole
from spartito.strategies.policy import StepRule
from spartito.strategies.policy_text import StrategyRefused

KEYS = {"retry_in", "max", "then", "go_to", "hold", "grace", "review_in", "notify", "task", "send"}
TASK_KEYS = {"kind", "assign_to", "in"}
LONGEST = 365  # days


def outcomes_of(plain: Any, *, roles: Sequence[str], where: str) -> dict[str, dict[str, Any]]:
    """What a step says of outcomes, as it is kept: {code: {key: value}}. Raises StrategyRefused."""
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)soutcomes: must be a mapping by outcome code", where=where)
    found = {}
    for code, said in plain.items():
        if code not in OUTCOMES:
            raise StrategyRefused(
                "%(where)soutcomes: %(code)s is not an outcome (known: %(known)s)",
                where=where,
                code=code,
                known=", ".join(OUTCOMES),
            )
        found[code] = _consequence(said, code, roles, f"{where}outcomes: {code}: ")
    return found


def _consequence(plain: Any, code: str, roles: Sequence[str], where: str) -> dict[str, Any]:
    plain = {} if plain is None else plain
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)smust be a mapping such as {retry_in: 2, max: 3}", where=where)
    known_keys(plain, KEYS, where=where)
    _fits_together(plain, code, where)
    found = {
        "retry_in": whole(plain, "retry_in", None, low=1, high=LONGEST, where=where),
        "max": whole(plain, "max", None, low=1, high=100, where=where),
        "then": code_in(plain["then"], f"{where}then") if "then" in plain else None,
        "go_to": code_in(plain["go_to"], f"{where}go_to") if "go_to" in plain else None,
        "hold": one_of(plain, "hold", HOLDS, "", where),
        "grace": whole(plain, "grace", None, low=0, high=30, where=where),
        "review_in": whole(plain, "review_in", None, low=1, high=LONGEST, where=where),
        "notify": list(several(plain, "notify", roles, where)),
        "task": _task(plain.get("task"), roles, f"{where}task: "),
        "send": code_in(plain["send"], f"{where}send") if "send" in plain else None,
    }
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _fits_together(plain: Mapping[str, Any], code: str, where: str) -> None:
    """Keys that say nothing without another, or contradict it."""
    wrong = {
        "max": "max" in plain and "retry_in" not in plain and plain.get("then") != RETRY,
        "then": "then" in plain and "go_to" in plain,
        "grace": "grace" in plain and plain.get("hold") != "promise",
        "review_in": "review_in" in plain and "hold" not in plain,
        "go_to": "go_to" in plain and ("retry_in" in plain or code == "POST"),
    }
    asked = {"max": "retry_in", "then": "go_to", "grace": "hold", "review_in": "hold", "go_to": "retry_in"}
    for key, is_wrong in wrong.items():
        if is_wrong:
            raise StrategyRefused(
                "%(where)s%(key)s: does not go with what is said of %(other)s", where=where, key=key, other=asked[key]
            )


def _task(plain: Any, roles: Sequence[str], where: str) -> dict[str, Any] | None:
    if plain is None:
        return None
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)smust be a mapping such as {kind: find_contact, in: 1}", where=where)
    known_keys(plain, TASK_KEYS, where=where)
    if "kind" not in plain:
        raise StrategyRefused("%(where)skind: missing", where=where)
    return {
        "kind": one_of(plain, "kind", tuple(TASKS), "", where),
        "assign_to": one_of(plain, "assign_to", roles, "collector", where),
        "in": whole(plain, "in", 0, low=0, high=LONGEST, where=where),
    }


def check_targets(steps: Sequence[StepRule]) -> None:
    """Every step named by an outcome exists, and no chain of them comes back. Raises StrategyRefused."""
    codes = {step.code for step in steps}
    leads_to: dict[str, set[str]] = {}
    for step in steps:
        for code, said in (step.params.get("outcomes") or {}).items():
            for key in ("go_to", "then"):
                target = said.get(key)
                if target in (None, NEXT_STEP, *((RETRY,) if key == "then" else ())):
                    continue
                if target not in codes:
                    raise StrategyRefused(
                        "step %(step)s: outcomes: %(code)s: %(key)s: there is no step %(target)s",
                        step=step.code,
                        code=code,
                        key=key,
                        target=target,
                    )
                leads_to.setdefault(step.code, set()).add(target)
                _ends(step.code, target, code, key, leads_to)


def _ends(start: str, target: str, code: str, key: str, leads_to: Mapping[str, set[str]]) -> None:
    seen, ahead = set(), [target]
    while ahead:
        step = ahead.pop()
        if step == start:
            raise StrategyRefused(
                "step %(step)s: outcomes: %(code)s: %(key)s: %(target)s leads back to %(step)s: it would never end",
                step=start,
                code=code,
                key=key,
                target=target,
            )
        if step not in seen:
            seen.add(step)
            ahead.extend(leads_to.get(step, ()))
