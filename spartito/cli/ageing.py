"""`spartito ageing`: open items by age, on any day."""

import click

from spartito.cli.frame import DATE, Door, option, tenant_command

BY = ["customer", "collector", "salesperson", "area", "division", "sector", "credit_class", "creditor"]


@tenant_command("ageing")
@option("--date", "day", type=DATE, help="Any day, past ones from the movements; the business date when left out.")
@option("--by", type=click.Choice(BY), default="customer", show_default=True)
@option("--due", type=click.Choice(["agreed", "original"]), default="agreed", show_default=True)
@option("--user", "username", help="Whose eyes; everything when left out.")
def ageing(door: Door, day, by, due, username):
    """Open items by age."""
    from spartito.portfolio import queries

    user = door.user(username) if username else None
    found = queries.ageing(user=user, as_of=day or door.business_date, by=by, due=due)
    for row in found["rows"]:
        row.pop("id")
    return {key: found[key] for key in ("date", "buckets", "rows", "total")}
