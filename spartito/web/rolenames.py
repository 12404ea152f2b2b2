"""Who does something, as said inside a sentence: `il gestore`, `il responsabile crediti`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from spartito.access.profiles import PROFILES, WORKING
from spartito.web import words

ROLES: dict[str, str | Promise] = {
    "collector": gettext_lazy("the collector"),
    "salesperson": gettext_lazy("the salesperson"),
    "credit_manager": gettext_lazy("the credit manager"),
    "sales_manager": gettext_lazy("the sales manager"),
    "area_manager": gettext_lazy("the area manager"),
    "cfo": gettext_lazy("the chief financial officer"),
    "customer_care": gettext_lazy("customer care"),
    "cash_clerk": gettext_lazy("cash and treasury"),
}


def role_name(code: str) -> str:
    """A role inside a sentence; a profile without words of its own is called as everywhere."""
    if code in ROLES:
        return str(ROLES[code])
    profile = PROFILES.get(code)
    if profile is None:
        return code
    return profile.name_it if words.language() == "it" else profile.name_en


def role_choices() -> list[tuple[str, str]]:
    """Every role that work may be given to: those with words first, then the other profiles."""
    return [(code, role_name(code)) for code in (*ROLES, *(code for code in WORKING if code not in ROLES))]
