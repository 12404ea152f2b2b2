"""What a user may do, from the profiles held on a day."""

from datetime import date

from spartito.access.models import User
from spartito.access.profiles import PERMISSIONS, PROFILES, Profile
from spartito.access.visibility import Visible, assignments_on, scope_of


def profiles_of(user: User, as_of: date) -> list[Profile]:
    """The profiles in force, in the order they were given. Remembered on the user object for the day."""
    remembered: dict[date, list[Profile]] = user.__dict__.setdefault("_profiles_on", {})
    if as_of not in remembered:
        held = assignments_on(user, as_of) if user.is_active and user.pk else []
        remembered[as_of] = list({assignment.profile: PROFILES[assignment.profile] for assignment in held}.values())
    return remembered[as_of]


def may(user: User, permission: str, as_of: date) -> bool:
    """Whether one of the user's profiles in force has the permission; an unknown permission is a mistake."""
    if permission not in PERMISSIONS:
        raise KeyError(f"{permission} is not a permission")
    return any(permission in profile.permissions for profile in profiles_of(user, as_of))


def permissions_of(user: User, as_of: date) -> frozenset[str]:
    return frozenset().union(*(profile.permissions for profile in profiles_of(user, as_of)))


def lens_of(user: User, as_of: date) -> str:
    """The point of view of the user's pages: the one chosen, if a profile has it, else the first profile's."""
    lenses = [profile.lens for profile in profiles_of(user, as_of)]
    return user.landing_lens if user.landing_lens in lenses else (lenses or [""])[0]


def remembered_scope(user: User, as_of: date) -> Visible:
    """What the user may see, read once per user object and day: a page asks many times."""
    remembered: dict[date, Visible] = user.__dict__.setdefault("_visible_on", {})
    if as_of not in remembered:
        remembered[as_of] = scope_of(user, as_of)
    return remembered[as_of]


def forget(user: User) -> None:
    """Drops what was remembered on the user object, after its profiles changed."""
    user.__dict__.pop("_assignments_on", None)
    user.__dict__.pop("_profiles_on", None)
    user.__dict__.pop("_visible_on", None)
