"""Drafts: a text opened beside the one in force, changed as often as one likes, submitted, put in force.

Publishing itself is `operations.publish_strategy`; here stands who may do it where two persons are wanted.
"""

import hashlib
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.strategies.models import Strategy, Version
from spartito.strategies.operations import check_policy, load_strategy, newest_draft, publish_strategy, write_parts
from spartito.strategies.policy_text import StrategyRefused


def fingerprint(source: str) -> str:
    """What an editor shows of a text it was given, so that nobody writes over what another changed meanwhile."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


@transaction.atomic
def open_draft(*, code: str, user: User | None) -> Version:
    """The newest draft of a strategy; without one a copy of the text in force. Raises StrategyRefused."""
    strategy = _strategy(code)
    draft = newest_draft(strategy)
    if draft is not None:
        return draft
    if strategy.live_version is None:
        raise StrategyRefused(_("strategy %(code)s has no text to begin from") % {"code": code})
    return load_strategy(source=strategy.live_version.source, user=user, afresh=True)


@transaction.atomic
def change_draft(
    *, code: str, user: User | None, seen: str, change: Callable[[str], str], comment: str | None = None
) -> Version:
    """The draft with its text changed; `seen` is the fingerprint of the text the person had before them.

    Raises StrategyRefused: the text changed meanwhile, or the new one is no policy (nothing is kept then).
    """
    draft = _the_draft(code)
    if fingerprint(draft.source) != seen:
        raise StrategyRefused(_("somebody changed this draft meanwhile: look at it again, then repeat your change"))
    source = change(draft.source)
    policy = check_policy(source=source)
    if policy.code != code:
        raise StrategyRefused(_("strategy: the text of %(code)s cannot become another strategy") % {"code": code})
    return write_parts(version=draft, policy=policy, source=source, user=user, comment=comment)


@transaction.atomic
def drop_draft(*, code: str, user: User | None) -> None:
    """The draft is gone; what is in force stays. Raises StrategyRefused."""
    _the_draft(code).delete()


@transaction.atomic
def submit_draft(*, code: str, user: User | None, seen: str, comment: str = "") -> Version:
    """The draft is finished and waits for whoever puts it in force. Raises StrategyRefused."""
    draft = _the_draft(code)
    if fingerprint(draft.source) != seen:
        raise StrategyRefused(_("somebody changed this draft meanwhile: look at it again, then repeat your change"))
    check_policy(source=draft.source)
    said = {"comment": comment[:500]} if comment else {}
    Version.objects.filter(pk=draft.pk).update(submitted_at=Now(), submitted_by=user, **said)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def publish_draft(*, code: str, user: User | None, seen: str) -> Version:
    """The draft in force. Where the company wants two persons, it was submitted, and by somebody else.

    Raises StrategyRefused; of two persons who publish at once the second is told.
    """
    draft = _the_draft(code)
    if fingerprint(draft.source) != seen:
        raise StrategyRefused(_("somebody changed this draft meanwhile: look at it again, then repeat your change"))
    if connection.tenant.second_person_publishes:  # type: ignore[attr-defined]
        if draft.submitted_at is None:
            raise StrategyRefused(_("submit the draft first: another person puts it in force"))
        _check_second_person(draft.submitted_by_id, user)
    return publish_strategy(code=code, number=draft.number, user=user)


@transaction.atomic
def publish_loaded(*, code: str, number: int | None, user: User | None) -> Version:
    """A text that was loaded in force: the draft of that number, the newest when left out.

    Loading submits it: where the company wants two persons, its author is the first and `user` the second. Raises
    StrategyRefused.
    """
    strategy = _strategy(code)
    draft = strategy.versions.filter(status=Version.Status.DRAFT, number=number).first() if number else None
    draft = newest_draft(strategy) if number is None else draft
    if draft is not None and connection.tenant.second_person_publishes:  # type: ignore[attr-defined]
        _check_second_person(draft.submitted_by_id or draft.author_id, user)
    return publish_strategy(code=code, number=number, user=user)


def _check_second_person(first: int | None, user: User | None) -> None:
    if user is None or first is None:
        raise StrategyRefused(_("two persons put a text in force: say who wrote it, and who publishes it"))
    if first == user.pk:
        raise StrategyRefused(_("another person than who submitted the draft puts it in force"))


def _strategy(code: str) -> Strategy:
    found = Strategy.objects.select_for_update(of=("self",)).select_related("live_version").filter(code=code).first()
    if found is None:
        raise StrategyRefused(_("no strategy is called %(code)s") % {"code": code})
    return found


def _the_draft(code: str) -> Version:
    draft = newest_draft(_strategy(code))
    if draft is None:
        raise StrategyRefused(
            _("strategy %(code)s has no draft: it was put in force or dropped meanwhile") % {"code": code}
        )
    return draft
