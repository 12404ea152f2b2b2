"""Conditions as a policy writes them, asked of what is known: by hand, for `by_hand`."""

from typing import Any


def holds(asked: dict[str, Any], known: dict[str, Any]) -> bool:
    """Every key must hold: a fact and what is asked of it, or a group."""
    return all(_one(key, said, known) for key, said in asked.items())


def _one(key: str, said: Any, known: dict[str, Any]) -> bool:
    if key == "any":
        return any(holds(each, known) for each in said)
    if key == "all":
        return all(holds(each, known) for each in said)
    if key == "not":
        return not holds(said, known)
    if isinstance(said, list):
        return known[key] in said
    return all(_compared(known[key], sign, value) for sign, value in said.items())


def _compared(have: Any, sign: str, value: Any) -> bool:
    if sign == "not in":
        return have not in value
    return {">=": have >= value, ">": have > value, "<": have < value, "<=": have <= value}[sign]
