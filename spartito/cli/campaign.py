"""`spartito campaign preview|start|list|show|stop`: one step for the customers of a filter, once."""

from spartito.cli.frame import DATE, Door, argument, group, option, tenant_command, text_in

campaign = group("campaign", "One step for the customers of a filter, each once, through limits and holds.")


def _rule(file, day):
    from spartito.cycle.campaigns import check
    from spartito.strategies.policy_text import read_policy_text

    return check(plain=read_policy_text(text_in(file), first="campaign"), as_of=day)


@tenant_command("preview", parent=campaign)
@argument("file")
@option("--user", "username", required=True)
@option("--date", "day", type=DATE, help="The business date.")
def preview(door: Door, file, username, day):
    """How many customers a campaign's text would reach now, and the first of them."""
    from spartito.cycle import campaigns
    from spartito.portfolio.queries import codes_on_the_command_line

    day = door.day_of_acting(day)
    rule = _rule(file, day)
    found = campaigns.preview(rule=rule, user=door.user(username), as_of=day)
    codes = codes_on_the_command_line(found["rows"])
    rows = [{"code": codes[each.pk], "name": each.name} for each in found["rows"]]
    return {"campaign": rule.code, "customers": found["customers"], "first": rows}


@tenant_command("start", parent=campaign)
@argument("file")
@option("--user", "username", required=True)
@option("--date", "day", type=DATE, help="The business date.")
def start(door: Door, file, username, day):
    """Begin a campaign for the customers that match now."""
    from spartito.cycle import campaigns

    day = door.day_of_acting(day)
    decided = campaigns.start(rule=_rule(file, day), user=door.user(username), as_of=day)
    begun = decided.result
    return {"campaign": begun.code, "customers": begun.matched, "planned": len(decided.planned), "until": begun.until}


@tenant_command("stop", parent=campaign)
@argument("code")
@option("--user", "username", required=True)
@option("--date", "day", type=DATE, help="The business date.")
def stop(door: Door, code, username, day):
    """Plan nothing more for a campaign, and withdraw what has not left."""
    from spartito.cycle import campaigns

    day = door.day_of_acting(day)
    stopped = campaigns.stop(code=code, user=door.user(username), as_of=day).result
    return {"campaign": code, "stopped_on": day, "withdrawn": stopped.withdrawn}


@tenant_command("list", parent=campaign)
@option("--date", "day", type=DATE, help="The business date.")
def list_(door: Door, day):
    """The campaigns there are, newest first."""
    from spartito.cycle.campaigns import stands
    from spartito.strategies.models import Campaign

    day = day or door.business_date
    rows = Campaign.objects.order_by("-starts_on", "-pk")
    return {
        "campaigns": [
            {
                "campaign": each.code,
                "name": each.name,
                "state": stands(each, day),
                "from": each.starts_on,
                "until": each.until,
                "customers": each.matched,
            }
            for each in rows
        ]
    }


@tenant_command("show", parent=campaign)
@argument("code")
@option("--user", "username", required=True)
@option("--date", "day", type=DATE, help="The business date.")
def show(door: Door, code, username, day):
    """How far a campaign came: planned, sent, done, and who waits for what."""
    from spartito.cycle.campaigns import progress, stands
    from spartito.platform.errors import Refused
    from spartito.portfolio.queries import codes_on_the_command_line
    from spartito.strategies.models import Campaign

    day = day or door.business_date
    found = Campaign.objects.filter(code=code).first()
    if found is None:
        raise Refused("no campaign is called %(code)s", code=code)
    told = progress(campaign=found, user=door.user(username), as_of=day)
    codes = codes_on_the_command_line(row["customer"] for row in told["rows"])
    rows = [{**row, "customer": codes[row["customer"].pk]} for row in told["rows"]]
    return {"campaign": code, "state": stands(found, day), **told, "rows": rows}
