"""`spartito explain CUSTOMER`: why, and what comes next."""

from spartito.cli.frame import DATE, Door, argument, option, tenant_command


@tenant_command("explain")
@argument("customer")
@option("--date", "day", type=DATE, help="The business date.")
def explain(door: Door, customer, day):
    """What the engine knows of a customer, and what it will do after that day."""
    from spartito.portfolio.queries import codes_on_the_command_line, customer_by_code
    from spartito.strategies.explain import explain as explained

    as_of = day or door.business_date
    found = customer_by_code(user=None, as_of=as_of, code=customer)
    told = explained(customer=found, as_of=as_of, asking=True)
    for part in (told, *told["items"]):
        part["asks"] = [each.plain() for each in part["asks"]]
    return told | {"customer": codes_on_the_command_line([found])[found.pk]}
