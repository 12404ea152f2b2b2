"""Writes: users, their profiles, scopes and grants, and the trees of areas, divisions and sectors."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from spartito.access.models import Assignment, Grant, OrgUnit, Scope, User
from spartito.access.permissions import forget
from spartito.access.profiles import PROFILES
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.history import by_hand

TEMPORARY_DAYS = 90


class AccessRefused(Refused):
    """A user, profile, scope, grant or unit that cannot be: unknown, taken, without an end, or a loop."""


def seed_tenant(*, tenant) -> None:  # type: ignore[no-untyped-def]
    """Nothing stands here before somebody is named: users are made one by one, units come with the ledger."""


def create_user(
    *,
    user: User | None,
    as_of: date,
    username: str,
    profile: str,
    scopes: Iterable[tuple[str, str]] = (),
    password: str | None = None,
    full_name: str = "",
    email: str = "",
    phone: str = "",
    language: str = "",
    valid_until: date | None = None,
    because: str = "",
) -> User:
    """A user with a first profile; without a password only another way of login opens. Raises AccessRefused.

    `user` is who does it (None: the installation). A profile that must end gets 90 days where no end is given.
    """
    username = username.strip()
    if not username or User.objects.filter(username__iexact=username).exists():
        taken = _("user %(username)s exists already") % {"username": username}
        raise AccessRefused(taken if username else _("a user needs a name"))
    _check_profile(profile, scopes := list(scopes))
    _check_password(password)
    with by_hand(user=user):
        language = language or connection.tenant.language
        new = User.objects.create_user(username, email, password, full_name=full_name, phone=phone, language=language)
        give_profile(user=user, as_of=as_of, to=new, profile=profile, scopes=scopes, valid_until=valid_until,
                     because=because)  # fmt: skip
    return new


def give_profile(
    *,
    user: User | None,
    as_of: date,
    to: User,
    profile: str,
    scopes: Iterable[tuple[str, str]] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
    because: str = "",
) -> Assignment:
    """One more profile for a user, narrowed by KEY=CODE scopes. Raises AccessRefused."""
    _check_profile(profile, scopes := list(scopes))
    if valid_until is None and PROFILES[profile].needs_end:
        valid_until = (valid_from or as_of) + timedelta(days=TEMPORARY_DAYS)
    if valid_from and valid_until and valid_until < valid_from:
        raise AccessRefused(
            _("the profile ends on %(valid_until)s, before it starts") % {"valid_until": valid_until.isoformat()}
        )
    with by_hand(user=user):
        given = Assignment.objects.create(
            user=to, profile=profile, valid_from=valid_from, valid_until=valid_until, because=because, given_by=user
        )
        _write_scopes(given, scopes)
    forget(to)
    return given


def set_scopes(*, user: User | None, assignment: int, scopes: Iterable[tuple[str, str]]) -> Assignment:
    """Replaces the scopes of an assignment. Raises AccessRefused."""
    held = _assignment(assignment)
    _check_profile(held.profile, scopes := list(scopes))
    with by_hand(user=user):
        held.scopes.all().delete()
        _write_scopes(held, scopes)
    forget(held.user)
    return held


def end_profile(*, user: User | None, assignment: int, last_day: date) -> Assignment:
    """The assignment holds for the last time on `last_day`. Raises AccessRefused."""
    held = _assignment(assignment)
    if held.valid_from and last_day < held.valid_from:
        raise AccessRefused(
            _("the profile starts on %(valid_from)s, after %(last_day)s")
            % {"valid_from": held.valid_from.isoformat(), "last_day": last_day.isoformat()}
        )
    with by_hand(user=user):
        held.valid_until = last_day
        held.save()
    forget(held.user)
    return held


def edit_user(*, user: User | None, target: User, **values: str) -> User:
    """Changes name, address, phone, language or landing lens. Raises AccessRefused."""
    unknown = set(values) - {"full_name", "email", "phone", "language", "landing_lens"}
    if unknown:
        raise AccessRefused(_("a user has no %(unknown)s") % {"unknown": ", ".join(sorted(unknown))})
    with by_hand(user=user):
        for name, value in values.items():
            setattr(target, name, value)
        target.save(update_fields=list(values))
    return target


def set_password(*, user: User | None, target: User, password: str) -> None:
    """Raises AccessRefused when the password is too weak."""
    _check_password(password, target)
    target.set_password(password)
    target.save(update_fields=["password"])


def retire_user(*, user: User | None, target: User) -> None:
    """The user no longer enters and sees nothing; what they did keeps their name."""
    if user is not None and user.pk == target.pk:
        raise AccessRefused(_("nobody retires themselves"))
    with by_hand(user=user):
        target.is_active = False
        target.save(update_fields=["is_active"])
    forget(target)


def restore_user(*, user: User | None, target: User) -> None:
    with by_hand(user=user):
        target.is_active = True
        target.save(update_fields=["is_active"])
    forget(target)


def grant(
    *,
    user: User | None,
    customers: Iterable[int],
    as_of: date,
    to: User,
    because: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> int:
    """Lends customers to a user from a day to a day; those lent already are passed over. Raises AccessRefused."""
    if not because.strip():
        raise AccessRefused(_("a customer is lent for a reason: say because what"))
    start = valid_from or as_of
    if valid_until and valid_until < start:
        raise AccessRefused(
            _("the grant ends on %(valid_until)s, before it starts") % {"valid_until": valid_until.isoformat()}
        )
    with by_hand(user=user):
        lent = Grant.objects.filter(user=to, valid_until__isnull=True).values_list("customer_id", flat=True)
        new = sorted(set(customers) - set(lent))
        Grant.objects.bulk_create(
            Grant(user=to, customer_id=customer, valid_from=start, valid_until=valid_until, because=because,
                  given_by=user)
            for customer in new
        )  # fmt: skip
    forget(to)
    return len(new)


def end_grant(*, user: User | None, grant: int, last_day: date) -> None:
    """The customer is lent for the last time on `last_day`."""
    with by_hand(user=user):
        Grant.objects.filter(pk=grant).update(valid_until=last_day)


def put_unit(*, user: User | None, kind: str, code: str, name: str | None = None, parent: str | None = None) -> OrgUnit:
    """Makes an area, division or sector, or renames and moves it (`parent` '' = to the top). Raises AccessRefused."""
    if kind not in OrgUnit.Kind.values or not code.strip():
        raise AccessRefused(
            _("%(kind)s %(code)s is not an area, division or sector with a code") % {"kind": kind, "code": repr(code)}
        )
    with by_hand(user=user):
        unit, _is_new = OrgUnit.objects.get_or_create(kind=kind, code=code.strip())
        if name is not None:
            unit.name = name
        if parent is not None:
            unit.parent = _parent(unit, parent)
        unit.save()
    return unit


def retire_unit(*, user: User | None, unit: int, as_of: date) -> None:
    """Hides the unit from choices; what carries it keeps it."""
    with by_hand(user=user):
        OrgUnit.objects.filter(pk=unit).update(retired_on=as_of)


def _parent(unit: OrgUnit, code: str) -> OrgUnit | None:
    """The unit of this code and of the same kind, unless it stands below `unit`."""
    if not code:
        return None
    parent = OrgUnit.objects.filter(kind=unit.kind, code=code).first()
    if parent is None:
        raise AccessRefused(_("no %(kind)s is called %(code)s") % {"kind": unit.kind, "code": code})
    above: OrgUnit | None = parent
    while above is not None:
        if above.pk == unit.pk:
            raise AccessRefused(
                _("%(kind)s %(code)s stands below %(unit_code)s: that would be a loop")
                % {"kind": unit.kind, "code": code, "unit_code": unit.code}
            )
        above = above.parent
    return parent


def _assignment(pk: int) -> Assignment:
    held = Assignment.objects.select_related("user").filter(pk=pk).first()
    if held is None:
        raise AccessRefused(_("assignment %(pk)s does not exist") % {"pk": pk})
    return held


def _write_scopes(assignment: Assignment, scopes: list[tuple[str, str]]) -> None:
    Scope.objects.bulk_create(Scope(assignment=assignment, key=key, code=code) for key, code in dict.fromkeys(scopes))


def _check_profile(profile: str, scopes: list[tuple[str, str]]) -> None:
    if profile not in PROFILES:
        raise AccessRefused(
            _("profile %(profile)s is not one of %(profiles)s")
            % {"profile": repr(profile), "profiles": ", ".join(PROFILES)}
        )
    for key, code in scopes:
        if key not in Scope.Key.values:
            raise AccessRefused(
                _("scope %(key)s is not one of %(scope)s") % {"key": repr(key), "scope": ", ".join(Scope.Key.values)}
            )
        if not code.strip():
            raise AccessRefused(_("scope %(key)s has no code") % {"key": key})


def _check_password(password: str | None, target: User | None = None) -> None:
    try:
        if password is not None:
            validate_password(password, target)
    except ValidationError as error:
        raise AccessRefused(" ".join(error.messages)) from None


@transaction.atomic
def ensure_units(*, kind: str, codes: Iterable[str]) -> dict[str, int]:
    """Ids of units by code, made where missing. For imports."""
    OrgUnit.objects.bulk_create((OrgUnit(kind=kind, code=code) for code in sorted(set(codes))), ignore_conflicts=True)
    return dict(OrgUnit.objects.filter(kind=kind, code__in=set(codes)).values_list("code", "pk"))
