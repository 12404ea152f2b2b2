"""Reads about users and units. Users are no secret inside the house; customers are not read here."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from spartito.access.models import Assignment, OrgUnit, User
from spartito.access.profiles import PROFILES
from spartito.access.visibility import in_force
from spartito.platform.errors import Refused


class UnknownUser(Refused):
    """No user has this name."""


def user_by_name(username: str) -> User:
    """The user of this name. Raises UnknownUser."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise UnknownUser(_("no user is called %(username)s") % {"username": username})
    return found


def users_with_profile(profile: str, as_of: date) -> QuerySet[User]:
    """Active users who hold the profile on a day."""
    held = Assignment.objects.filter(in_force(as_of), profile=profile)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("full_name", "username")


def users_with_permission(permission: str, as_of: date) -> QuerySet[User]:
    """Active users one of whose profiles gives the permission on a day."""
    profiles = [code for code, profile in PROFILES.items() if permission in profile.permissions]
    held = Assignment.objects.filter(in_force(as_of), profile__in=profiles)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("full_name", "username")


def collectors(as_of: date) -> QuerySet[User]:
    """Who may work a portfolio."""
    return users_with_permission("holds.put", as_of)


def users_with_assignments(*, search: str = "", active: bool | None = None) -> QuerySet[User]:
    """The users page: everybody with what they hold."""
    users = User.objects.order_by("-is_active", "full_name", "username")
    if search:
        users = users.filter(
            Q(username__icontains=search) | Q(full_name__icontains=search) | Q(email__icontains=search)
        )
    if active is not None:
        users = users.filter(is_active=active)
    return users.prefetch_related(Prefetch("assignments", Assignment.objects.prefetch_related("scopes")), "grants")


def units(kind: str) -> QuerySet[OrgUnit]:
    """Areas, divisions or sectors in use."""
    return OrgUnit.objects.filter(kind=kind, retired_on__isnull=True).select_related("parent").order_by("name", "code")
