"""`spartito strategy load|show|list|publish|rehearse|compare`: policy is text."""

from spartito.cli.frame import DATE, Door, argument, group, option, tenant_command, text_in

strategy = group("strategy", "Reminder policies: load, read, rehearse, compare, publish.")


@tenant_command("load", parent=strategy)
@argument("file")
@option("--comment", default="", help="Why this version.")
@option("--user", help="Its author.")
def load(door: Door, file, comment, user):
    """Check a policy's YAML and keep it as the newest draft."""
    from spartito.strategies.operations import load_strategy

    source = text_in(file)
    version = load_strategy(source=source, comment=comment, user=_who_may(door, user, "strategies.edit"))
    return _kept(door, version)


def _who_may(door: Door, username, permission: str):
    """The person named, if one is; refused without the permission."""
    from spartito.access.permissions import may
    from spartito.platform.errors import Refused

    person = door.user(username) if username else None
    if person is not None and not may(person, permission, door.business_date):
        raise Refused("%(user)s may not do this", user=username)
    return person


def _kept(door: Door, version) -> dict:
    from spartito.strategies.followers import warnings_about

    return {
        "strategy": version.strategy.code,
        "version": version.number,
        "status": version.status,
        "warnings": warnings_about(version, as_of=door.business_date),
    }


@tenant_command("publish", parent=strategy)
@argument("code")
@option("--version", "number", type=int, help="A draft's number; the newest when left out.")
@option("--user", help="Who publishes it.")
def publish(door: Door, code, number, user):
    """Put the newest draft in force; it never changes again."""
    from spartito.strategies.drafts import publish_loaded

    person = _who_may(door, user, "strategies.publish")
    return _kept(door, publish_loaded(code=code, number=number, user=person))


@tenant_command("show", parent=strategy, show=lambda told: told["source"])
@argument("code")
@option("--version", "number", type=int, help="The live one when left out, else the newest draft.")
def show(door: Door, code, number):
    """The text of a strategy."""
    from spartito.strategies.queries import text_of_strategy

    return text_of_strategy(code=code, number=number)


@tenant_command("list", parent=strategy)
def list_(door: Door):
    """The strategies there are, in the order they are tried."""
    from spartito.strategies.queries import strategies_in_order

    return {"strategies": strategies_in_order()}


def rehearsal_as_text(told: dict) -> str:
    """The totals side by side, then the customers who would get more or less."""
    from spartito.cli.frame import table

    sides = ("live", "draft")
    totals = [{"": name, **{side: told["totals"][side][name] for side in sides}} for name in told["totals"]["live"]]
    rows = [
        {"customer": each["customer"], "name": each["name"], "overdue": each["overdue"], "": word}
        for word in ("more", "less", "moved")
        for each in told[word][:20]
    ]
    changed = ", ".join(f"{name} {count}" for name, count in told["changes"].items())
    return "\n".join(
        [
            f"{told['strategy']}: {told['from']} - {told['to']}",
            *table(totals),
            f"changes: {changed}",
            *(table(rows) if rows else []),
        ]
    )


@tenant_command("rehearse", parent=strategy, show=rehearsal_as_text)
@argument("file")
@option("--days", type=int, default=90, show_default=True, help="How far to look ahead.")
@option("--user", help="Only the customers this person sees.")
@option("--customer", "customers", multiple=True, help="Only this customer's account, with every action and why.")
def rehearse(door: Door, file, days, user, customers):
    """What a text would do in the days to come, beside what is in force: nothing is kept, nobody is stopped."""
    from spartito.cycle.rehearsal import rehearse as live_ahead
    from spartito.platform.progress import on_terminal
    from spartito.portfolio.queries import customer_by_code

    day = door.business_date
    only = [customer_by_code(user=None, as_of=day, code=code).pk for code in customers] or None
    with on_terminal() as show:
        return live_ahead(
            tenant=door.tenant,
            source=text_in(file),
            as_of=day,
            days=days,
            user=door.user(user) if user else None,
            only=only,
            on_progress=show,
        )


def comparison_as_text(told: dict) -> str:
    """Both side by side, then each one's steps: how many documents reached them, what share was paid before."""
    from spartito.cli.frame import table

    names = [name for name, value in told["first"].items() if not isinstance(value, (list, dict, bool))]
    rows = [{"": name, "first": told["first"][name], "second": told["second"][name]} for name in names]
    head = f"{told['from']} - {told['to']}: {told['items']} fell due, {told['paid_items']} paid, days late {told['days_late']}"
    return "\n".join([head, *table(rows), *table(told["first"]["steps"]), *table(told["second"]["steps"])])


@tenant_command("compare", parent=strategy, show=comparison_as_text)
@argument("first")
@argument("second")
@option("--from", "start", type=DATE, required=True, help="First day of the past range.")
@option("--to", "end", type=DATE, required=True, help="Last day.")
def compare(door: Door, first, second, start, end):
    """What two texts would have done in the same past, with the payments as they fell: nothing is kept."""
    from spartito.cycle.comparison import compare as live_again
    from spartito.platform.errors import Refused
    from spartito.platform.progress import on_terminal

    if end > door.business_date:
        raise Refused("date %(day)s is in the future", day=end.isoformat())
    with on_terminal() as show:
        return live_again(first=text_in(first), second=text_in(second), start=start, end=end, on_progress=show)


@tenant_command("exhausted", parent=strategy)
@option("--user", "username", required=True)
@option("--date", "day", type=DATE, help="The business date.")
def exhausted(door: Door, username, day):
    """Items past their last step, which wait for a person."""
    from spartito.portfolio.queries import codes_on_the_command_line
    from spartito.strategies.queries import exhausted as past_their_last_step

    rows = past_their_last_step(user=door.user(username), as_of=day or door.business_date)
    codes = codes_on_the_command_line({row["customer"].pk: row["customer"] for row in rows}.values())
    return {
        "items": [
            {
                "customer": codes[row["customer"].pk],
                "document": row["item"].document_number,
                "step": row["step"],
                "since": row["since"],
                "days_overdue": row["days_overdue"],
                "amount": row["amount"],
                "currency": row["item"].currency,
            }
            for row in rows
        ]
    }
