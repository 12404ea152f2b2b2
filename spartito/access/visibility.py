"""What a user may see, as a value: no customer is read here.

`portfolio.visible_to` turns it into rows; nothing else decides who sees what.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from spartito.access.models import Assignment, Grant, OrgUnit, User
from spartito.access.profiles import PROFILES, Own, Profile, Sees

UNIT_KEYS = {"area", "division", "sector"}
# Salespeople and managers of sales need a scope of their own kind: a creditor alone only narrows.
NARROWING_ONLY = "creditor"


@dataclass(frozen=True, slots=True)
class View:
    """One assignment: codes of a key are OR-ed, keys AND-ed. Codes of units include those below them.

    `own` stands for scopes where none was given; `at_law` asks for a customer at law besides.
    """

    keys: tuple[tuple[str, frozenset[str]], ...] = ()
    own: Own = Own.NONE
    at_law: bool = False

    @property
    def is_everything(self) -> bool:
        return not (self.keys or self.own or self.at_law)


@dataclass(frozen=True, slots=True)
class Visible:
    """The union of a user's views and of the customers lent to them."""

    user_id: int
    views: tuple[View, ...] = ()
    granted: frozenset[int] = frozenset()

    @property
    def everything(self) -> bool:
        return any(view.is_everything for view in self.views)

    @property
    def nothing(self) -> bool:
        return not self.views and not self.granted


def scope_of(user: User, as_of: date) -> Visible:
    """What the user may see on a day. Inactive users, and those whose assignments ended, see nothing."""
    if not user.is_active:
        return Visible(user.pk)
    shown = [held for held in assignments_on(user, as_of) if PROFILES[held.profile].sees is not Sees.NOTHING]
    if not shown:
        return Visible(user.pk)
    views = tuple(view for held in shown if (view := _view(held)) is not None)
    granted = Grant.objects.filter(in_force(as_of), user=user).values_list("customer_id", flat=True)
    return Visible(user.pk, _with_subtrees(views), frozenset(granted))


def in_force(day: date) -> Q:
    """Rows with `valid_from` and `valid_until` that hold on the day; an empty bound is open."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    )


def assignments_on(user: User, as_of: date) -> list[Assignment]:
    """The user's assignments in force, with their scopes; profiles that no longer exist are left out.

    Read once per user object and day: rights and rows both stand on them.
    """
    remembered: dict[date, list[Assignment]] = user.__dict__.setdefault("_assignments_on", {})
    if as_of not in remembered:
        held = Assignment.objects.filter(in_force(as_of), user=user, profile__in=PROFILES)
        remembered[as_of] = list(held.prefetch_related("scopes").order_by("pk"))
    return remembered[as_of]


def _view(assignment: Assignment) -> View | None:
    """None: the profile needs a scope and has none, or sees only what is lent to it."""
    profile = PROFILES[assignment.profile]
    codes: dict[str, set[str]] = {}
    for scope in assignment.scopes.all():
        codes.setdefault(scope.key, set()).add(scope.code)
    keys = tuple(sorted((key, frozenset(values)) for key, values in codes.items()))
    if profile.sees is Sees.ENTRUSTED:
        return None
    if profile.sees is Sees.SCOPED and not _has_own_scope(profile, codes):
        return View(keys, profile.own) if profile.own else None
    return View(keys, at_law=profile.sees is Sees.LEGAL)


def _has_own_scope(profile: Profile, codes: Iterable[str]) -> bool:
    if profile.lens == "sales":
        return any(key != NARROWING_ONLY for key in codes)
    return any(codes)


def _with_subtrees(views: tuple[View, ...]) -> tuple[View, ...]:
    """Each code of an area, division or sector joined by the codes of the units below it."""
    named = {key for view in views for key, _ in view.keys} & UNIT_KEYS
    if not named:
        return views
    below = _children(named)
    return tuple(
        View(
            tuple((key, _subtree(below, key, codes) if key in UNIT_KEYS else codes) for key, codes in view.keys),
            view.own,
            view.at_law,
        )
        for view in views
    )


def _children(kinds: set[str]) -> dict[tuple[str, str], list[str]]:
    """Codes of the units directly below each (kind, code)."""
    below: dict[tuple[str, str], list[str]] = {}
    rows = OrgUnit.objects.filter(kind__in=kinds, parent__isnull=False).values_list("kind", "parent__code", "code")
    for kind, parent, code in rows:
        below.setdefault((kind, parent), []).append(code)
    return below


def _subtree(below: dict[tuple[str, str], list[str]], kind: str, codes: frozenset[str]) -> frozenset[str]:
    found, waiting = set(codes), list(codes)
    while waiting:
        for code in below.get((kind, waiting.pop()), []):
            if code not in found:
                found.add(code)
                waiting.append(code)
    return frozenset(found)
