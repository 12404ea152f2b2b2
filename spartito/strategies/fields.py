"""Fields of a policy's text, each read with suspicion: a refusal names where it stands and what was given."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from spartito.strategies.policy_text import StrategyRefused

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}\Z")
LATER = {
    "must_arrive", "currency",
}  # fmt: skip


def known_keys(plain: Mapping[Any, Any], known: set[str], *, where: str) -> None:
    for key in plain:
        if key in known:
            continue
        if key in LATER:
            raise StrategyRefused("%(where)s%(key)s: not supported yet", where=where, key=key)
        raise StrategyRefused("%(where)s%(key)s: not a known key", where=where, key=key)


def code_in(given: Any, where: str) -> str:
    if not isinstance(given, str) or not CODE.match(given):
        raise StrategyRefused(
            "%(where)s: %(given)r is not a code (a letter, then letters, digits, _ or -, 60 at most)",
            where=where,
            given=given,
        )
    return given


def names_in(given: Any, code: str, where: str) -> tuple[str, str]:
    if given is None:
        return code, code
    if isinstance(given, str) and given.strip():
        return given[:120], given[:120]
    if (
        isinstance(given, dict)
        and given
        and set(given) <= {"it", "en"}
        and all(isinstance(v, str) and v for v in given.values())
    ):
        it, en = given.get("it", ""), given.get("en", "")
        return (it or en)[:120], (en or it)[:120]
    raise StrategyRefused("%(where)s: must be text, or {it: …, en: …}", where=where)


def whole(plain: Mapping[str, Any], key: str, missing: Any, *, low: int, high: int, where: str = "") -> Any:
    given = plain.get(key)
    if given is None:
        return missing
    if isinstance(given, bool) or not isinstance(given, int):
        raise StrategyRefused("%(where)s%(key)s: %(given)r is not a whole number", where=where, key=key, given=given)
    if not low <= given <= high:
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)s is not between %(low)s and %(high)s",
            where=where,
            key=key,
            given=given,
            low=low,
            high=high,
        )
    return given


def amount(plain: Mapping[str, Any], key: str) -> Decimal:
    given = plain.get(key)
    if given is None:
        return Decimal(0)
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        raise StrategyRefused("%(key)s: %(given)r is not an amount", key=key, given=given)
    amount = Decimal(given)
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12 or amount != amount.quantize(Decimal("0.01")):
        raise StrategyRefused(
            "%(key)s: %(given)s is not an amount with at most two decimals, 0 or more", key=key, given=given
        )
    return amount


def yes_no(plain: Mapping[str, Any], key: str, missing: bool | None, where: str = "") -> bool | None:
    given = plain.get(key)
    if given is not None and not isinstance(given, bool):
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)r is neither true nor false", where=where, key=key, given=given
        )
    return missing if given is None else given


def one_of(plain: Mapping[str, Any], key: str, allowed: Any, missing: str, where: str = "") -> str:
    given = plain.get(key)
    if given is None:
        return missing
    if given not in allowed:
        raise StrategyRefused(
            "%(where)s%(key)s: %(given)r is not one of %(known)s",
            where=where,
            key=key,
            given=given,
            known=", ".join(allowed),
        )
    return str(given)


def several(plain: Mapping[str, Any], key: str, allowed: Any, where: str) -> tuple[str, ...]:
    given = plain.get(key)
    if given is None:
        return ()
    for each in given if isinstance(given, list) else [given]:
        if each not in allowed:
            raise StrategyRefused(
                "%(where)s%(key)s: %(each)r is not one of %(known)s",
                where=where,
                key=key,
                each=each,
                known=", ".join(allowed),
            )
    return tuple(given if isinstance(given, list) else [given])
