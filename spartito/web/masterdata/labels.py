"""The names of master-data fields, in forms and in histories alike."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, str | Promise] = {
    "code": _("Code"),
    "name": _("Name"),
    "name_it": _("Name in Italian"),
    "name_en": _("Name in English"),
    "vat_number": _("VAT number"),
    "tax_code": _("Tax code"),
    "address": _("Street and number"),
    "postal_code": _("Postal code"),
    "city": _("City"),
    "province": _("Province"),
    "country": _("Country (ISO code)"),
    "email": _("E-mail"),
    "pec": _("PEC"),
    "phone": _("Phone"),
    "mobile": _("Mobile"),
    "fax": _("Fax"),
    "language": _("Language"),
    "role": _("Role"),
    "is_preferred": _("Preferred of its role"),
    "note": _("Note"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "creditor": _("Creditor"),
    "credit_class": _("Credit class"),
    "rating": _("Rating"),
    "is_consumer": _("Is a consumer"),
    "payer": _("Paid by"),
    "parent": _("Parent"),
    "dun_group": _("Reminders of the group go to this parent"),
    "salesperson": _("Salesperson"),
    "area": _("Area"),
    "division": _("Division"),
    "sector": _("Sector"),
    "collector": _("Collector"),
    "payment_type": _("Payment type"),
    "payment_terms": _("Payment terms"),
    "currency": _("Currency"),
    "credit_limit": _("Credit limit"),
    "insured_limit": _("Insured limit"),
    "payable_balance": _("What we owe them"),
    "is_excluded": _("Never remind"),
    "excluded_because": _("Why never"),
    "iban": _("IBAN"),
    "bank_name": _("Bank"),
    "letterhead": _("Letterhead"),
    "in_start_up": _("Starting up: nothing leaves"),
    "user": _("Login"),
    "kind": _("Kind"),
    "is_dunnable": _("Is reminded"),
    "retired_on": _("Retired on"),
    "tagline": _("Line under the name"),
    "footer": _("Foot of the page"),
    "signature": _("Signed by"),
    "website": _("Website"),
}

KINDS: dict[str, str | Promise] = {"area": _("area"), "division": _("division"), "sector": _("sector")}


def field_label(name: str) -> str | Promise:
    return FIELDS.get(name, name)
