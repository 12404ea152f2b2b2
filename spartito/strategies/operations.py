"""Loading and publishing policies, and the strategies every new tenant begins with."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.portfolio.models import CreditClass, PaymentType
from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.models import PaymentRule, Periodic, Step, Strategy, Version
from spartito.strategies.policy import Policy, StepRule
from spartito.strategies.policy_text import StrategyRefused, read_policy_text
from spartito.strategies.rules import policy_of
from spartito.strategies.texts import check_texts

SEEDS = Path(__file__).parent / "seeds"
FORMAL = "formal_notice"


def check_policy(*, source: str) -> Policy:
    """The policy that a text says, checked against this tenant's codes. Raises StrategyRefused."""
    policy = policy_of(read_policy_text(source), facts=FACT_TYPES)
    known = set(PaymentType.objects.values_list("code", flat=True))
    for rule in policy.payment_rules:
        if rule.payment_type not in known:
            raise StrategyRefused(
                _("payment_types: %(payment_type)s: not a known payment type") % {"payment_type": rule.payment_type}
            )
    classes = set(CreditClass.objects.values_list("code", flat=True))
    for code in _classes_in(policy.applies_to):
        if code not in classes:
            raise StrategyRefused(_("applies_to: credit_class: %(code)s: not a known credit class") % {"code": code})
    check_texts(policy)
    if policy.is_default:
        _refuse_second_default(policy.code)
    return policy


def _classes_in(condition: Any) -> list[str]:
    if condition.get("fact") == "credit_class":
        return list(condition["value"])
    inner = condition.get("all") or condition.get("any") or ([condition["not"]] if "not" in condition else [])
    return [code for part in inner for code in _classes_in(part)]


@transaction.atomic
def load_strategy(*, source: str, user: User | None = None, comment: str = "", afresh: bool = False) -> Version:
    """Keep a text as the newest draft of its strategy, which is made when it is new. Raises StrategyRefused.

    The same text as the newest version changes nothing and gives that version back, unless `afresh`.
    """
    policy = check_policy(source=source)
    strategy, _ = Strategy.objects.select_for_update().get_or_create(
        code=policy.code, defaults={"name_it": policy.name_it, "name_en": policy.name_en}
    )
    newest = strategy.versions.order_by("-number").first()
    if newest is not None and newest.source == source and not afresh:
        return newest
    number = (strategy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return write_parts(
        version=Version(strategy=strategy, number=number), policy=policy, source=source, user=user, comment=comment
    )


def write_parts(*, version: Version, policy: Policy, source: str, user: User | None, comment: str | None) -> Version:
    """A draft as rows: the text, its keys, its steps and payment types. `comment` None leaves the one there is."""
    for name, value in _values(policy).items():
        setattr(version, name, value)
    version.source, version.author = source, user
    version.comment = version.comment if comment is None else comment[:500]
    version.submitted_at = version.submitted_by = None
    version.save()
    version.steps.all().delete()
    version.payment_rules.all().delete()
    version.periodics.all().delete()
    _parts(version, policy)
    return version


def _values(policy: Policy) -> dict[str, Any]:
    return {
        "priority": policy.priority,
        "applies_to": policy.applies_to,
        "marks_default": policy.is_default,
        "minimum_overdue": policy.minimum_overdue,
        "minimum_item": policy.minimum_item,
        "contact_max": policy.contact_max,
        "contact_days": policy.contact_days,
        "days_between_steps": policy.days_between_steps,
        "catch_up": policy.catch_up,
        "task_patience": policy.task_patience,
        "on_broken_promise": policy.on_broken_promise,
        "bank_lag": policy.bank_lag,
        "absorb_lower": policy.absorb_lower,
        "further": {**policy.further, **({"templates": said} if (said := policy.templates()) else {})},
    }


def _in_order(policy: Policy) -> list[tuple[str, int, StepRule]]:
    """The steps of every track as (track, place in it, step), in one order: by days, the main track first."""
    found = [(track, n, step) for track, steps in sorted(policy.tracks().items()) for n, step in enumerate(steps)]
    return sorted(found, key=lambda each: each[2].days)


def _from_the_formal_notice(ordered: list[tuple[str, int, StepRule]]) -> int:
    """The position from which contacts are formal, and go to the registered domicile unless the step says whom to."""
    notices = (place for place, (_t, _n, step) in enumerate(ordered, start=1) if FORMAL in (step.template, step.code))
    return next(notices, len(ordered) + 1)


def _parts(version: Version, policy: Policy) -> None:
    ordered = _in_order(policy)
    position_of = {(track, n): position for position, (track, n, _step) in enumerate(ordered, start=1)}
    formal = _from_the_formal_notice(ordered)
    Step.objects.bulk_create(
        Step(
            version=version,
            position=position_of[track, n],
            track=track,
            below=position_of.get((track, n - 1), 0),
            code=step.code,
            days=step.days,
            channel=step.channel,
            action=step.action,
            template=step.template,
            assign_to=step.assign_to,
            fallback=list(step.fallback),
            must=step.must,
            min_days=step.min_days,
            conditions=step.conditions,
            params={**step.params, **({"formal": True} if step.channel and position_of[track, n] >= formal else {})},
        )
        for track, n, step in ordered
    )
    PaymentRule.objects.bulk_create(
        PaymentRule(
            version=version,
            payment_type=rule.payment_type,
            start_after=rule.start_after,
            shift_days=rule.shift_days,
            is_dunnable=rule.is_dunnable,
        )
        for rule in policy.payment_rules
    )
    Periodic.objects.bulk_create(
        Periodic(version=version, **(asdict(rule) | {"fallback": list(rule.fallback)})) for rule in policy.periodics
    )


@transaction.atomic
def publish_strategy(*, code: str, number: int | None = None, user: User | None = None) -> Version:
    """Put a version in force (the newest draft, or `number`): accounts follow it from the next run or reaction on.

    One publishes at a time, whichever strategy. Raises StrategyRefused when there is no such draft.
    """
    strategy = next((each for each in Strategy.objects.select_for_update().order_by("pk") if each.code == code), None)
    if strategy is None:
        raise StrategyRefused(_("no strategy is called %(code)s") % {"code": code})
    drafts = strategy.versions.filter(status=Version.Status.DRAFT)
    version = drafts.filter(number=number).first() if number else newest_draft(strategy)
    if version is None:
        raise StrategyRefused(_no_draft(code, number))
    policy = check_policy(source=version.source)
    Version.objects.filter(pk=strategy.live_version_id).update(status=Version.Status.RETIRED)  # type: ignore[misc]
    Version.objects.filter(pk=version.pk).update(status=Version.Status.PUBLISHED, published_at=Now(), published_by=user)
    is_default = strategy.is_default if version.marks_default is None else version.marks_default
    Strategy.objects.filter(pk=strategy.pk).update(
        live_version=version, is_default=is_default, name_it=policy.name_it, name_en=policy.name_en
    )
    version.refresh_from_db()
    return version


def newest_draft(strategy: Strategy) -> Version | None:
    """The newest draft, unless a later text is in force: of two who publish at once the second finds nothing."""
    live = strategy.live_version
    drafts = strategy.versions.filter(status=Version.Status.DRAFT, number__gt=live.number if live else 0)
    return drafts.order_by("-number").first()


def _refuse_second_default(code: str) -> None:
    other = Strategy.objects.filter(is_default=True).exclude(code=code).first()
    if other is not None:
        raise StrategyRefused(
            _(
                "default: strategy %(code)s is the one for everybody else: put a version of it in force without the mark first"
            )
            % {"code": other.code}
        )


def _no_draft(code: str, number: int | None) -> str:
    if number:
        return _("strategy %(code)s has no draft %(number)s to publish") % {"code": code, "number": number}
    return _("strategy %(code)s has no draft to publish") % {"code": code}


def seed_tenant(*, tenant: Any) -> None:
    """The strategies of domain 11, published, unless the tenant has strategies already."""
    if Strategy.objects.exists():
        return
    for path in sorted(SEEDS.glob("*.yaml")):
        version = load_strategy(source=path.read_text(encoding="utf-8"), comment="Spartito")
        publish_strategy(code=version.strategy.code)
