"""Conditions as a policy writes them, checked and brought into one form."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from spartito.strategies.policy_text import StrategyRefused

BY_TYPE = {
    "amount": {">=", ">", "<=", "<", "=", "!="},
    "number": {">=", ">", "<=", "<", "=", "!="},
    "text": {"in", "not in"},
    "yes_no": {"="},
}


def condition_of(plain: Any, *, facts: Mapping[str, str], where: str, not_here: Collection[str] = ()) -> dict[str, Any]:
    """Normal form: {} (always), {all: […]}, {any: […]}, {not: …} or a leaf {fact, operator, value}.

    Written as {overdue: {">=": 1000}}, {rating: [A, B]}, {is_consumer: yes}, {any: [{…}, {…}]}, {not: {…}}.
    `not_here`: facts of the item, where the question is about customers. Raises StrategyRefused.
    """
    if plain is None or plain == {}:
        return {}
    if not isinstance(plain, dict):
        raise StrategyRefused("%(where)s: must be a mapping of facts", where=where)
    parts: list[dict[str, Any]] = []
    for key, value in plain.items():
        if key in ("all", "any"):
            if not isinstance(value, list) or not value:
                raise StrategyRefused("%(where)s: %(key)s: must be a list of conditions", where=where, key=key)
            parts.append({key: [condition_of(each, facts=facts, where=where, not_here=not_here) for each in value]})
        elif key == "not":
            parts.append({"not": condition_of(value, facts=facts, where=where, not_here=not_here)})
        elif key in not_here:
            raise StrategyRefused(
                "%(where)s: %(fact)s: is about a document, and can be asked in the conditions of a step only",
                where=where,
                fact=key,
            )
        else:
            parts.extend(_leaves(key, value, facts, where))
    return parts[0] if len(parts) == 1 else {"all": parts}


def _leaves(fact: Any, value: Any, facts: Mapping[str, str], where: str) -> list[dict[str, Any]]:
    if fact not in facts:
        raise StrategyRefused(
            "%(where)s: %(fact)s: not a known fact (known: %(known)s)",
            where=where,
            fact=fact,
            known=", ".join(sorted(facts)),
        )
    kind, where = facts[fact], f"{where}: {fact}"
    if isinstance(value, dict):
        if not value:
            raise StrategyRefused("%(where)s: nothing is asked of it", where=where)
        return [_leaf(fact, str(operator), each, kind, where) for operator, each in value.items()]
    return [_leaf(fact, "in" if kind == "text" else "=", value, kind, where)]


def _leaf(fact: str, operator: str, value: Any, kind: str, where: str) -> dict[str, Any]:
    if kind == "text" and operator in ("=", "!="):
        operator = "in" if operator == "=" else "not in"
    if operator not in BY_TYPE[kind]:
        raise StrategyRefused(
            "%(where)s: %(operator)r cannot be asked of it (can be: %(known)s)",
            where=where,
            operator=operator,
            known=", ".join(sorted(BY_TYPE[kind])),
        )
    if kind in ("amount", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise StrategyRefused("%(where)s: %(value)r is not a number", where=where, value=value)
        return {"fact": fact, "operator": operator, "value": f"{Decimal(value):f}"}
    if kind == "yes_no":
        if not isinstance(value, bool):
            raise StrategyRefused("%(where)s: %(value)r is neither true nor false", where=where, value=value)
        return {"fact": fact, "operator": operator, "value": value}
    values = value if isinstance(value, list) else [value]
    if not values or any(isinstance(v, (dict, list, bool)) or v is None for v in values):
        raise StrategyRefused("%(where)s: must be a list of codes", where=where)
    return {"fact": fact, "operator": operator, "value": [str(v) for v in values]}
