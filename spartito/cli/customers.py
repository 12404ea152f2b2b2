"""`spartito customers`: which customers a user may see."""

from spartito.cli.frame import DATE, Door, option, tenant_command


@tenant_command("customers")
@option("--user", "username", required=True, help="Whose eyes.")
@option("--date", "day", type=DATE, help="On which day; the business date when left out.")
def customers(door: Door, username, day):
    """The customers that a user may see, the most overdue first."""
    from spartito.portfolio import queries

    as_of = day or door.business_date
    rows = list(queries.worst_first(user=door.user(username), as_of=as_of))
    codes = queries.codes_on_the_command_line(rows)
    return {"customers": [{"code": codes[row.pk], "name": row.name, "overdue": row.overdue} for row in rows]}  # type: ignore[attr-defined]
