"""`spartito messages`: what was or will be sent; print batches and the sender."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from spartito.cli.frame import DATE, CommandGroup, Door, argument, option, tenant_command


@click.pass_context
def _list_unless_told(ctx: click.Context, date: date | None, customer: str | None, status: str | None) -> None:
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, date=date, customer=customer, status=status)


FILTERS = [
    click.Option(["--date"], type=DATE, help="The planned day."),
    click.Option(["--customer"], help="CODE or CREDITOR/CODE."),
    click.Option(["--status"], help="queued, held, sent, delivered, failed, uncertain, withdrawn."),
]
messages = CommandGroup(
    name="messages",
    help="What was or will be sent to customers.",
    callback=_list_unless_told,
    invoke_without_command=True,
    params=list(FILTERS),
)


@tenant_command("list", parent=messages)
@option("--date", "date", type=DATE)
@option("--customer")
@option("--status")
def list_(door: Door, /, date: date | None, customer: str | None, status: str | None) -> dict[str, Any]:
    """Messages by planned day and customer."""
    from spartito.actions.models import Message
    from spartito.communications.queries import messages_json
    from spartito.platform.errors import Refused
    from spartito.portfolio.queries.customers import customer_by_code

    rows = Message.objects.all()
    if date:
        rows = rows.filter(due_on=date)
    if customer:
        found = customer_by_code(user=None, as_of=door.business_date, code=customer)
        rows = rows.filter(account__in={found.pk, found.account_id or found.pk})
    if status:
        if status not in Message.Status.values:
            raise Refused(
                "status %(status)r is not one of %(known)s", status=status, known=", ".join(Message.Status.values)
            )
        rows = rows.filter(status=status)
    return messages_json(rows)


@tenant_command("send", parent=messages)
def send(door: Door, /) -> dict[str, Any]:
    """Send what is queued now, checking each message again first."""
    from spartito.communications.dispatch import AT_ONCE, Sent, send_queued
    from spartito.platform.errors import Refused
    from spartito.tenants.models import Tenant

    if door.tenant.clock == Tenant.Clock.LAST_RUN:
        raise Refused("%(slug)s lives a past history again: nothing is sent from it", slug=door.tenant.slug)
    whole = Sent()
    while True:
        part = send_queued(as_of=door.business_date)
        for name in ("sent", "failed", "uncertain", "waiting"):
            getattr(whole, name).extend(getattr(part, name))
        whole.unreachable = part.unreachable
        if len(part.sent) + len(part.failed) < AT_ONCE or part.unreachable:
            break
    return {
        "sent": len(whole.sent),
        "failed": len(whole.failed),
        "uncertain": len(whole.uncertain),
        "waiting": len(set(whole.waiting)),
        "unreachable": whole.unreachable,
    }


@tenant_command("print", parent=messages)
@option("--user", required=True)
@option("--creditor", help="Its code; needed where letters of more than one wait.")
@option("--batch", type=int, help="Write an earlier batch out again.")
@option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=True)
def print_(door: Door, /, user: str, creditor: str | None, batch: int | None, out: Path) -> dict[str, Any]:
    """Put the letters that wait into one PDF and a CSV of addresses; they are sent when confirmed."""
    from spartito.communications.queries import batches
    from spartito.platform.errors import Refused

    person = _person(door, user)
    if batch is None:
        made = _make_batch(door, person, creditor)
    else:
        made = batches(person, door.business_date).filter(pk=batch).first()
        if made is None:
            raise Refused("there is no print batch %(batch)s", batch=batch)
    return _write_out(made, out)


def _person(door: Door, name: str) -> Any:
    """The user, who must be allowed to handle messages."""
    from spartito.access.permissions import may
    from spartito.platform.errors import Refused

    person = door.user(name)
    if not may(person, "messages.manage", door.business_date):
        raise Refused("%(name)s may not print or confirm letters", name=name)
    return person


def _make_batch(door: Door, person: Any, creditor: str | None) -> Any:
    from spartito.communications.operations import make_print_batch
    from spartito.communications.queries import letters_to_print
    from spartito.cycle.act import act
    from spartito.platform.errors import Refused

    ready = letters_to_print(person, door.business_date)
    chosen = [each for each in ready if creditor in (None, each["creditor"].code)]
    if not chosen:
        if creditor:
            raise Refused("no letter of %(name)s waits for printing", name=creditor)
        raise Refused("no letter waits for printing")
    if len(chosen) > 1:
        raise Refused("letters of more than one creditor wait: name one with --creditor")
    decided = act(
        make_print_batch,
        user=person,
        customers=chosen[0]["accounts"],
        as_of=door.business_date,
        creditor=chosen[0]["creditor"].pk,
    )
    return decided.result


def _write_out(batch: Any, out: Path) -> dict[str, Any]:
    from spartito.archive.operations import content_of

    out.mkdir(parents=True, exist_ok=True)
    pdf, addresses = out / f"letters-{batch.pk}.pdf", out / f"letters-{batch.pk}.csv"
    pdf.write_bytes(content_of(batch.pdf))
    addresses.write_bytes(content_of(batch.addresses))
    return {
        "batch": batch.pk,
        "creditor": batch.creditor.code,
        "letters": batch.letters.count(),
        "confirmed_on": batch.confirmed_on,
        "pdf": str(pdf),
        "addresses": str(addresses),
    }


@tenant_command("confirm", parent=messages)
@argument("batch", type=int)
@option("--user", required=True)
@option("--leave-out", type=int, multiple=True, help="A message that was not posted.")
def confirm(door: Door, /, batch: int, user: str, leave_out: tuple[int, ...]) -> dict[str, Any]:
    """The letters of a batch were posted: they are sent."""
    from spartito.communications.operations import confirm_print_batch
    from spartito.communications.queries import accounts_of_batch, batches
    from spartito.cycle.act import act
    from spartito.platform.errors import Refused

    person = _person(door, user)
    found = batches(person, door.business_date).filter(pk=batch).first()
    if found is None:
        raise Refused("there is no print batch %(batch)s", batch=batch)
    act(
        confirm_print_batch,
        user=person,
        customers=accounts_of_batch(found),
        as_of=door.business_date,
        batch=batch,
        leave_out=list(leave_out),
    )
    return {"batch": batch, "sent": found.letters.count(), "on": door.business_date}
