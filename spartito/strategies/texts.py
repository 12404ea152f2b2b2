"""The texts that a policy names must exist: a contact without words could only wait."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from spartito.strategies.policy import Policy, StepRule
from spartito.strategies.policy_text import StrategyRefused


def check_texts(policy: Policy) -> None:
    """Raises StrategyRefused for the first text that does not exist, with the step and the field named."""
    check_named(_named(policy))


def check_named(texts: Iterable[tuple[str, str]]) -> None:
    """Of texts as (where it is named, its code). Raises StrategyRefused for the first that does not exist."""
    codes_of_texts: Callable[[], set[str]] = import_string(settings.SPARTITO_TEXTS)
    known = codes_of_texts()
    for where, code in texts:
        if code not in known:
            raise StrategyRefused(
                _("%(where)s: no text is called %(code)s (there are: %(known)s)")
                % {"where": where, "code": code, "known": ", ".join(sorted(known))}
            )


def _named(policy: Policy) -> Iterator[tuple[str, str]]:
    """Where a text is named, and its code."""
    for steps in policy.tracks().values():
        for step in steps:
            yield from _named_by(step)
    for text in policy.periodics:
        yield f"periodic {text.code}: template", text.template
    for rule in policy.payment_rules:
        for code, template in rule.templates.items():
            yield f"payment_types: {rule.payment_type}: templates: {code}", template


def _named_by(step: StepRule) -> Iterator[tuple[str, str]]:
    if step.channel not in ("", "phone"):
        yield f"step {step.code}: template", step.template
    for outcome, said in (step.params.get("outcomes") or {}).items():
        if "send" in said:
            yield f"step {step.code}: outcomes: {outcome}: send", said["send"]
