"""`spartito user create`: people who may log in, with their profile and scopes."""

import sys

from spartito.cli.frame import DATE, Door, argument, group, option, tenant_command
from spartito.platform.errors import Refused

user = group("user", "People who may log in.")


@tenant_command("create", parent=user)
@argument("name")
@option("--profile", required=True, help="One of the profiles, e.g. credit_manager, collector_sector, salesperson.")
@option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="KEY=CODE",
    help="area, division, sector, salesperson, collector, creditor or class.",
)
@option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@option("--full-name", default="", help="As it is shown to others.")
@option("--email", default="")
@option("--language", default="", help="it or en; the company's when left out.")
@option("--until", type=DATE, help="Last day of the profile.")
def create(door: Door, name, profile, scopes, password_stdin, full_name, email, language, until):
    """Makes a user with a profile. A scope may be given many times: one key's codes add up, keys narrow each other."""
    from spartito.access.operations import create_user

    made = create_user(
        user=None,
        as_of=door.business_date,
        username=name,
        profile=profile,
        scopes=[pair(scope) for scope in scopes],
        password=sys.stdin.readline().rstrip("\r\n") if password_stdin else None,
        full_name=full_name,
        email=email,
        language=language,
        valid_until=until,
    )
    held = made.assignments.prefetch_related("scopes").get()
    return {
        "user": made.username,
        "profile": held.profile,
        "scopes": [f"{scope.key}={scope.code}" for scope in held.scopes.all()],
        "valid_until": held.valid_until,
        "can_log_in": made.has_usable_password(),
    }


@tenant_command("list", parent=user)
def list_(door: Door):
    """Everybody, with what they hold."""
    from spartito.access.queries import users_with_assignments

    return {
        "users": [
            {
                "user": person.username,
                "name": person.full_name,
                "active": person.is_active,
                "profiles": [held.profile for held in person.assignments.all()],
                "scopes": [f"{s.key}={s.code}" for held in person.assignments.all() for s in held.scopes.all()],
            }
            for person in users_with_assignments()
        ]
    }


def pair(text: str) -> tuple[str, str]:
    key, found, code = text.partition("=")
    if not found:
        raise Refused("scope %(text)r is not KEY=CODE", text=text)
    return key.strip(), code.strip()
