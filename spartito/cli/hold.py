"""`spartito hold`, `release`, `assign`, `block`, `unblock`: what a person decides about a customer."""

from collections.abc import Callable
from typing import Any

import click

from spartito.cli.frame import AMOUNT, DATE, Door, argument, option, tenant_command
from spartito.platform.errors import Refused

KINDS = ["promise", "plan", "dispute", "payment_check", "manual", "do_not_contact", "legal", "insolvency"]
BY_USER = option("--user", "username", required=True, help="Who decides.")
BECAUSE = option("--because", default="", help="Why.")
ON = option("--date", "day", type=DATE, help="The business date; today, or the last run's, when left out.")


@tenant_command("hold")
@argument("customer")
@option("--kind", type=click.Choice(KINDS), default="manual", show_default=True)
@option("--item", "document", help="Number of one document; the whole customer when left out.")
@option("--amount", type=AMOUNT, help="An amount of that document.")
@option("--from", "starts_on", type=DATE, help="First day; the business date when left out.")
@option("--to", "ends_on", type=DATE, help="Last day; as long as its cause when left out.")
@option("--review", "review_on", type=DATE, help="Day on which the owner looks at it again.")
@BECAUSE
@BY_USER
@ON
def hold(door: Door, customer, document, username, day, **given):
    """Stops dunning of a customer, of one document, or of an amount of it."""
    from spartito.portfolio.operations import put_hold

    def item_of(found: Any) -> dict[str, Any]:
        return {"item": open_item(found, document).pk if document else None}

    decided = decide(door, put_hold, customer=customer, username=username, day=day, more=item_of, **given)
    return {"holds": [of_hold(held) for held in decided.result], **what_follows(decided)}


@tenant_command("release")
@argument("customer")
@option("--hold", "hold_id", type=int, help="One hold; all in force when left out.")
@BECAUSE
@BY_USER
@ON
def release(door: Door, customer, hold_id, because, username, day):
    """Ends holds before their time."""
    from spartito.portfolio.operations import release_hold

    decided = decide(door, release_hold, customer=customer, username=username, day=day, hold=hold_id, because=because)
    return {"released": [of_hold(held) for held in decided.result], **what_follows(decided)}


@tenant_command("assign")
@argument("customer")
@argument("collector", required=False)
@BECAUSE
@BY_USER
@ON
def assign(door: Door, customer, collector, because, username, day):
    """Gives a customer to a collector; without one the rules choose again."""
    from spartito.portfolio.operations import assign_collector

    to = door.user(collector) if collector else None
    decided = decide(
        door, assign_collector, customer=customer, username=username, day=day, collector=to, because=because
    )
    return {"assigned": decided.result, "collector": collector, **what_follows(decided)}


@tenant_command("block")
@argument("customer")
@option("--level", type=click.IntRange(1, 5), default=3, show_default=True, help="1 warning to 5 total.")
@option("--reason", "--because", "reason", required=True)
@BY_USER
@ON
def block(door: Door, customer, level, reason, username, day):
    """Blocks a customer's orders."""
    from spartito.portfolio.operations import put_block

    decided = decide(door, put_block, customer=customer, username=username, day=day, level=level, reason=reason)
    return {
        "blocked": [{"level": made.level, "since": made.starts_on} for made in decided.result],
        **what_follows(decided),
    }


@tenant_command("unblock")
@argument("customer")
@option("--because", required=True)
@BY_USER
@ON
def unblock(door: Door, customer, because, username, day):
    """Lets a customer's orders pass again."""
    from spartito.portfolio.operations import release_block

    decided = decide(door, release_block, customer=customer, username=username, day=day, because=because)
    return {"released": len(decided.result), **what_follows(decided)}


def decide(
    door: Door,
    operation: Callable[..., Any],
    *,
    customer: str,
    username: str,
    day: Any,
    more: Callable[[Any], dict[str, Any]] | None = None,
    **given: Any,
) -> Any:
    """Finds a customer that the user may see, and acts."""
    from spartito.cycle.act import act
    from spartito.portfolio.queries import customer_by_code

    user, as_of = door.user(username), door.day_of_acting(day)
    found = customer_by_code(user=user, as_of=as_of, code=customer)
    return act(operation, user=user, customers=[found.pk], as_of=as_of, **given, **(more(found) if more else {}))


def open_item(customer: Any, number: str) -> Any:
    """The customer's open debt with this document number, the oldest instalment first."""
    rows = customer.items.filter(document_number=number, closed_on__isnull=True, open_amount__gt=0)
    found = rows.order_by("due_date", "pk").first()
    if found is None:
        raise Refused("%(code)s has no open document %(number)s", code=customer.code, number=number)
    return found


def of_hold(held: Any) -> dict[str, Any]:
    return {
        "hold": held.pk,
        "kind": held.kind,
        "document": held.item.document_number if held.item else None,
        "amount": held.amount,
        "from": held.starts_on,
        "to": held.ends_on,
        "review": held.review_on,
    }


def what_follows(decided: Any) -> dict[str, Any]:
    """What the engine made of it."""
    return {
        "date": decided.as_of,
        "planned": len(decided.planned),
        "withdrawn": decided.withdrawn,
        "closed": decided.closed,
        "next_action": decided.next_action,
    }
