"""Doubts about what a person typed: check digits and shapes. They warn, they never refuse."""

from typing import Any

import phonenumbers
from stdnum import iban
from stdnum.eu import vat
from stdnum.it import codicefiscale, iva


def doubtful_fields(row: Any) -> dict[str, str]:
    """Fields with a value that looks wrong, and the value; empty when all looks right."""
    checks = {
        "vat_number": lambda value: is_vat_number(value, row.country),
        "tax_code": lambda value: is_tax_code(value, row.country),
        "email": is_address,
        "pec": is_address,
        "phone": lambda value: is_phone(value, row.country),
        "mobile": lambda value: is_phone(value, row.country),
        "iban": iban.is_valid,
    }
    given = {name: getattr(row, name, "") for name in checks}
    return {name: value for name, value in given.items() if value and not checks[name](value)}  # type: ignore[operator]


def is_vat_number(value: str, country: str = "IT") -> bool:
    """Italian ones with or without IT; other EU countries by their own rule; elsewhere anything."""
    country = country or "IT"
    if country == "IT":
        return bool(iva.is_valid(value))
    if country.lower() not in vat.MEMBER_STATES:
        return True
    return bool(vat.is_valid(value) or vat.is_valid(country + value))


def is_tax_code(value: str, country: str = "IT") -> bool:
    return country not in ("", "IT") or bool(codicefiscale.is_valid(value))


def is_address(value: str) -> bool:
    local, _, host = value.rpartition("@")
    return bool(local) and "." in host.strip(".") and not any(c.isspace() for c in value)


def is_phone(value: str, country: str = "IT") -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(value, country or "IT"))
    except phonenumbers.NumberParseException:
        return False
