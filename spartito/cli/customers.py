"""`spartito customers`: which customers a user may see."""

from spartito.cli.frame import DATE, Door, option, tenant_command


@tenant_command("customers")
@option("--user", "username", required=True, help="Whose eyes.")
@option("--date", "day", type=DATE, help="On which day; the business date when left out.")
def customers(door: Door, username, day):
    """The customers that a user may see, the most overdue first, with what was overdue on that day."""
    from spartito.portfolio import queries

    rows = queries.worst_first(user=door.user(username), as_of=day or door.business_date)
    codes = queries.codes_on_the_command_line(customer for customer, _overdue in rows)
    return {"customers": [{"code": codes[who.pk], "name": who.name, "overdue": overdue} for who, overdue in rows]}
