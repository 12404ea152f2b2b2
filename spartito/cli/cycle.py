"""`spartito cycle` and `spartito replay`: a day, or the days of a past range."""

from dataclasses import asdict

from spartito.cli.frame import DATE, Door, option, tenant_command


@tenant_command("cycle")
@option("--date", "day", type=DATE, help="The business date; today, or the last run's, when left out.")
def cycle(door: Door, day):
    """Run the day: balances, decisions, tasks, messages."""
    from spartito.cycle.runs import run_cycle
    from spartito.platform.progress import on_terminal

    with on_terminal() as show:
        return asdict(run_cycle(tenant=door.tenant, as_of=day or door.business_date, on_progress=show))


@tenant_command("replay")
@option("--from", "start", type=DATE, required=True, help="First day.")
@option("--to", "end", type=DATE, required=True, help="Last day.")
def replay(door: Door, start, end):
    """Live every day of a past range again, with the money as it fell."""
    from spartito.cycle.replay import replay as live_again
    from spartito.platform.progress import on_terminal

    with on_terminal() as show:
        return live_again(tenant=door.tenant, start=start, end=end, on_progress=show)
