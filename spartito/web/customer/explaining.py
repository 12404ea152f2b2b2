"""Why the engine does or does not act, in words: what it waits for, what its strategy asks, what would change it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spartito.portfolio.models import Customer
from spartito.strategies.explain import explain
from spartito.strategies.leaves import Condition, Node
from spartito.strategies.models import Strategy
from spartito.web import labels
from spartito.web.strategies.condition_tree import KINDS
from spartito.web.strategies.reading import fact_name, name_of, said_asked, said_value


@dataclass(frozen=True)
class Line:
    """A comparison (what, what it is now, what it takes), or a group: what is asked of its lines."""

    holds: bool
    what: str
    value: str = ""
    takes: str = ""
    lines: tuple["Line", ...] = ()


@dataclass(frozen=True)
class Asked:
    """A step that asks something (`code` empty: the strategy itself), and what would let it come (empty: it may)."""

    name: str
    code: str
    holds: bool
    lines: tuple[Line, ...]
    missing: str


@dataclass(frozen=True)
class Alike:
    """Documents of which the same is to be said: `item` is the first of them."""

    item: dict[str, Any]
    documents: list[dict[str, Any]]


# What is said of a document; those for which all of it is the same are told together.
SAID = ("level", "next_step", "next_date", "because", "why_not", "waits_for", "changes")


def told_of(customer: Customer, as_of: date) -> dict[str, Any]:
    """What the explanation shows of a customer: the engine's own, the leaves of its conditions, what would change it."""
    told = explain(customer=customer, as_of=as_of, asking=True)
    for item in told["items"]:
        if item["dunnable"] and not (item["next_step"] or item["because"] or item["waits_for"] or item["why_not"]):
            item["why_not"] = "past_last_step" if item["level"] else "no_step"
        item["asks"] = [_asked(each) for each in item["asks"]]
        item["changes"] = labels.WOULD_CHANGE.get(item["waits_for"] or item["why_not"] or "", "")
    asked = [_asked(each) for each in told["asks"]]
    strategy = Strategy.objects.filter(code=told["strategy"] or "").first()
    return {
        "told": told,
        "items": _alike(told["items"]),
        "strategy": strategy,
        "followed_because": _followed_because(customer.account or customer, strategy, asked) if strategy else "",
        "asked": [each for each in asked if each.code],
        "rests": not told["next_action"] and not told["items"],
    }


def _alike(items: list[dict[str, Any]]) -> list[Alike]:
    """The documents in their order, each where the first like it stands; one with conditions of its own stays alone."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for place, item in enumerate(items):
        found.setdefault((*(item[key] for key in SAID), place if item["asks"] else None), []).append(item)
    return [Alike(documents[0], documents) for documents in found.values()]


def _followed_because(account: Customer, strategy: Strategy, asked: list[Asked]) -> str:
    """Why an account follows its strategy (rule 1): by hand, by its facts, or for want of another."""
    if account.strategy_code == strategy.code:
        return _("chosen by hand")
    if account.parent is not None and account.parent.strategy_code == strategy.code:
        return _("chosen by hand for its group")
    fits = next((each for each in asked if not each.code), None)
    if fits is None:
        return _("it is for everybody")
    if fits.holds:
        facts = " · ".join(f"{line.what} {line.value}" for line in fits.lines if line.holds and line.value)
        return _("it fits because: %(facts)s") % {"facts": facts} if facts else _("it fits")
    if strategy.is_default:
        return _("no other strategy fits, and this one is for everybody else")
    return _("it fitted until lately; strategies change seven days after the last change at the earliest")


def _asked(each: Condition) -> Asked:
    name, code = (name_of(each.step), each.step.code) if each.step else ("", "")
    asked = each.asked
    lines = tuple(_line(part) for part in asked.parts) if asked.kind == "all" else (_line(asked),)
    return Asked(name, code, each.holds, lines, _missing(asked))


def _line(node: Node) -> Line:
    """`not` stands on the group below it, in words: none of these holds."""
    if not node.kind:
        takes = said_asked(node.fact, node.operator, node.asked)
        return Line(node.holds, fact_name(node.fact), said_value(node.fact, node.value), takes)
    inner, kind = node, node.kind
    if node.kind == "not":
        inner = node.parts[0]
        kind = "not_all" if inner.kind == "all" else "none"
    parts = inner.parts if inner.kind in ("all", "any") else (inner,)
    return Line(node.holds, str(KINDS[kind]), lines=tuple(_line(part) for part in parts))


def _missing(asked: Node) -> str:
    """What would let it come: `importo aperto della partita almeno 5.000,00`."""
    said = []
    for node, wanted in asked.against():
        takes = f"{fact_name(node.fact)} {said_asked(node.fact, node.operator, node.asked)}"
        said.append(takes if wanted else _("not %(what)s") % {"what": takes})
    return "; ".join(said)
