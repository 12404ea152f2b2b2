"""`spartito tenant create|list|set`."""

from typing import Any

import click

from spartito.cli.frame import Door, argument, command, group, option

tenant = group("tenant", "Companies that use this installation.")


@command("create", parent=tenant)
@argument("slug")
@option("--name", required=True)
@option("--country", default="IT", show_default=True)
@option("--currency", default="EUR", show_default=True)
@option("--language", default="it", show_default=True)
@option("--timezone", default="Europe/Rome", show_default=True)
@option("--clock", default="today", show_default=True, help="today or last_run")
@option("--domain", help="Host name that leads straight to this company.")
@option("--start-up", is_flag=True, help="Plan and show everything, send nothing yet.")
def create(door: Door, /, **given: Any) -> dict:
    """Makes a company with one creditor and the usual settings."""
    from spartito.tenants import operations

    made = operations.create_tenant(**given)
    return {"tenant": made.slug, "name": made.name, "clock": made.clock, "start_up": given["start_up"]}


@command("set", parent=tenant)
@argument("slug")
@option(
    "--second-person",
    type=click.Choice(["yes", "no"]),
    required=True,
    help="Whether a strategy is put in force by another person than who submitted it.",
)
def set_(door: Door, /, *, slug: str, second_person: str) -> dict:
    """Changes how a company works."""
    from spartito.tenants import operations

    changed = operations.set_second_person(slug=slug, wanted=second_person == "yes")
    return {"tenant": changed.slug, "second_person": changed.second_person_publishes}


@command("list", parent=tenant)
def list_(door: Door, /) -> dict:
    """The companies there are."""
    from spartito.tenants import queries

    return {
        "tenants": [
            {"slug": t.slug, "name": t.name, "clock": t.clock, "business_date": queries.business_date(t)}
            for t in queries.all_tenants()
        ]
    }
