"""`spartito rate`: what foreign currencies are worth, for thresholds, totals and priorities."""

from decimal import Decimal, InvalidOperation

import click

from spartito.cli.frame import DATE, Door, argument, group, option, tenant_command

rate = group("rate", "Exchange rates: units of a currency for one of the company's.")


class Rate(click.ParamType):
    """A number above 0 with a point and at most eight decimals."""

    name = "rate"

    def convert(self, value, param, ctx):
        try:
            found = value if isinstance(value, Decimal) else Decimal(value)
        except InvalidOperation:
            self.fail(f"{value!r} is not a rate: write it as 1.1650", param, ctx)
        if not found.is_finite() or not 0 < found < 10**10 or found != round(found, 8):
            self.fail(f"{value!r} is not a rate above 0 with at most eight decimals", param, ctx)
        return found


@tenant_command("set", parent=rate)
@argument("currency")
@argument("value", type=Rate(), metavar="RATE")
@option("--date", "day", type=DATE, help="From which day it holds; the business date when left out.")
@option("--source", default="", help="Who says so, e.g. BCE.")
@option("--user", "username", help="Who decides.")
def set_(door: Door, currency, value, day, source, username):
    """Keep a rate from a day on, until the next one."""
    from spartito.platform.errors import Refused
    from spartito.reference.operations import set_exchange_rate

    person = _who_may(door, username)
    if currency.upper() == door.tenant.currency:
        raise Refused("%(currency)s is the company's own currency", currency=door.tenant.currency)
    kept = set_exchange_rate(
        user=person, currency=currency.upper(), day=day or door.business_date, rate=value, source=source
    )
    return {"currency": kept.currency_id, "rate": value, "from": kept.day, "source": kept.source}


@tenant_command("list", parent=rate)
@option("--date", "day", type=DATE, help="On which day; the business date when left out.")
def list_(door: Door, day):
    """The rates that hold on a day."""
    from spartito.reference.queries import exchange_rates

    as_of = day or door.business_date
    rows = exchange_rates(day=as_of)
    return {
        "date": as_of,
        "currency": door.tenant.currency,
        "rates": [
            {"currency": row.currency_id, "rate": row.rate, "from": row.day, "source": row.source} for row in rows
        ],
    }


def _who_may(door: Door, username):
    """The person named, if one is; refused without the right to change rates."""
    from spartito.access.permissions import may
    from spartito.platform.errors import Refused

    person = door.user(username) if username else None
    if person is not None and not may(person, "reference.edit", door.business_date):
        raise Refused("%(user)s may not do this", user=username)
    return person
