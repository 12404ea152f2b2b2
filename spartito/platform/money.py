"""Amounts. Always Decimal with two places in and out of tables; never float."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(value: Decimal | int | str) -> Decimal:
    """Rounded half up to cents, as invoices are. Raises decimal.InvalidOperation for what is no number."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """For JSON and files: `1234.50`, no grouping, never an exponent."""
    return f"{cents(value):f}"


def written(value: Decimal, *, language: str = "it") -> str:
    """For people, without currency: `1.234,50` in Italian, `1,234.50` in English. A minus is a true minus sign."""
    from babel.numbers import format_decimal

    text = format_decimal(cents(value), format="#,##0.00", locale=language, group_separator=True)
    return text.replace("-", "\N{MINUS SIGN}")


def written_with_currency(value: Decimal, *, currency: str, language: str = "it") -> str:
    """For letters and messages: `1.234,50 €` in Italian, `€1,234.50` in English."""
    from babel.numbers import format_currency

    return format_currency(cents(value), currency, locale=language).replace("-", "\N{MINUS SIGN}")
