"""A policy as values: what `rules` reads out of plain data and `operations` keeps as rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step; `conditions` in the form of `condition_of`, `params` the keys that the carrying out reads."""

    code: str
    days: int
    channel: str = ""
    action: str = ""
    template: str = ""
    assign_to: str = ""
    fallback: tuple[str, ...] = ()
    must: bool = False
    min_days: int | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentTypeRule:
    payment_type: str
    start_after: str = ""
    shift_days: int = 0
    is_dunnable: bool = True
    steps: tuple[StepRule, ...] = ()
    on_return: tuple[StepRule, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeriodicRule:
    """A text sent once a period; `conditions` in the form of `condition_of`."""

    code: str
    every: str
    channel: str
    template: str
    month: int = 1
    day: int = 1
    within: int = 14
    fallback: tuple[str, ...] = ()
    lists: str = "open"
    conditions: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. Amounts in the tenant's currency; `is_default` None = not said."""

    code: str
    name_it: str
    name_en: str
    steps: tuple[StepRule, ...]
    priority: int = 100
    applies_to: Mapping[str, Any] = field(default_factory=dict)
    is_default: bool | None = None
    minimum_overdue: Decimal = Decimal(0)
    minimum_item: Decimal = Decimal(0)
    contact_max: int | None = None
    contact_days: int | None = None
    days_between_steps: int = 7
    catch_up: str = "one_by_one"
    task_patience: int = 10
    on_broken_promise: str = "next_step"
    bank_lag: int = 0
    absorb_lower: int = 0
    payment_rules: tuple[PaymentTypeRule, ...] = ()
    further: Mapping[str, Any] = field(default_factory=dict)
    on_return: tuple[StepRule, ...] = ()
    periodics: tuple[PeriodicRule, ...] = ()

    def tracks(self) -> dict[str, tuple[StepRule, ...]]:
        """The ways items go: '' most of them, a payment type's own, and those of what came back unpaid."""
        found = {"": self.steps, "*returned": self.on_return}
        for rule in self.payment_rules:
            found |= {rule.payment_type: rule.steps, f"{rule.payment_type}*returned": rule.on_return}
        return {track: steps for track, steps in found.items() if steps}

    def templates(self) -> dict[str, dict[str, str]]:
        """What payment types say instead of a step's template, by payment type and step."""
        return {rule.payment_type: dict(rule.templates) for rule in self.payment_rules if rule.templates}
