"""`spartito education`: whether payment education changed how the treated pay."""

from spartito.cli.frame import DATE, Door, option, tenant_command


@tenant_command("education")
@option("--user", "username", required=True)
@option("--date", "day", type=DATE, help="The business date.")
def education(door: Door, username, day):
    """Days late of the treated and of those left out by chance, before and since, and what that says."""
    from spartito.strategies.education import effect, policies_with_education

    found = effect(user=door.user(username), as_of=day or door.business_date)
    strategies = [{"strategy": each["strategy"], "hold_out": each["hold_out"]} for each in policies_with_education()]
    return {**found.rounded(), "strategies": strategies}
