"""`spartito import`: files of the ERP in, and back out again."""

from pathlib import Path

import click

from spartito.cli.frame import DATE, Door, argument, group, option, tenant_command

imports = group("import", help="Take in files of the ERP, or take an import back.")
FILE = argument("file", type=str)
COMMON = [
    option("--mapping", default="", help="A saved mapping's name, or a YAML or JSON file; guessed when left out."),
    option("--creditor", default="", help="The creditor of rows that name none."),
    option("--date", "day", type=DATE, help="The date the file speaks of; the business date when left out."),
    option("--dry-run", is_flag=True, help="Say what would happen and change nothing."),
    option("--user", default="", help="In whose name."),
]


def common(function):  # type: ignore[no-untyped-def]
    for each in reversed(COMMON):
        function = each(function)
    return FILE(function)


def show(result: dict) -> str:
    """The result in a few lines for people."""
    counts = ("created", "updated", "unchanged", "closed", "reopened", "not_closed", "rejected")
    lines = [f"{result['rows']} rows: " + ", ".join(f"{result[name]} {name}" for name in counts if result[name])]
    lines += [
        f"  row {line['row']}, {line['field']} {line['value']!r}: {line['error']}" for line in result["rejects"][:20]
    ]
    lines += [f"! {warning}" for warning in result["warnings"]]
    lines.append(
        f"import {result['batch']}, {result['seconds']} s" if result["batch"] else f"dry run, {result['seconds']} s"
    )
    return "\n".join(lines)


@tenant_command("items", parent=imports, show=show)
@common
@option(
    "--mode",
    type=click.Choice(["snapshot", "delta"]),
    default=None,
    help="The whole open ledger (default), or only what changed.",
)
@option("--force", is_flag=True, help="Even if it closes more than 30 % of the items, or is older than the last.")
def items(door: Door, file, mapping, creditor, day, dry_run, user, mode, force):
    """The open ledger (docs/reference/files.md)."""
    return take(door, "items", file, mapping, creditor, day, dry_run, user, mode=mode or "", force=force)


@tenant_command("customers", parent=imports, show=show)
@common
def customers(door: Door, file, mapping, creditor, day, dry_run, user):
    """Customers' master data."""
    return take(door, "customers", file, mapping, creditor, day, dry_run, user)


@tenant_command("contacts", parent=imports, show=show)
@common
def contacts(door: Door, file, mapping, creditor, day, dry_run, user):
    """Persons and sites of customers."""
    return take(door, "contacts", file, mapping, creditor, day, dry_run, user)


@tenant_command("salespeople", parent=imports, show=show)
@common
def salespeople(door: Door, file, mapping, creditor, day, dry_run, user):
    """Agents and salespeople."""
    return take(door, "salespeople", file, mapping, creditor, day, dry_run, user)


@tenant_command("payments", parent=imports, show=show)
@common
def payments(door: Door, file, mapping, creditor, day, dry_run, user):
    """Money received, with the documents it pays."""
    return take(door, "payments", file, mapping, creditor, day, dry_run, user)


@tenant_command("undo", parent=imports)
@argument("batch", type=int)
@option("--user", default="", help="In whose name.")
def undo(door: Door, batch, user):
    """Take an import back, as long as no later one changed the same rows."""
    from spartito.ingest.operations import undo_import

    return undo_import(batch=batch, as_of=door.business_date, user=door.user(user) if user else None)


def take(door: Door, kind: str, file: str, mapping: str, creditor: str, day, dry_run: bool, user: str, **more) -> dict:  # type: ignore[no-untyped-def]
    from spartito.ingest.operations import import_file
    from spartito.platform.progress import on_terminal

    today = door.business_date if door.tenant.clock == "today" else None
    with on_terminal() as bar:
        return import_file(
            path=Path(file), kind=kind, as_of=day or door.business_date, mapping=mapping or None, creditor=creditor,
            dry_run=dry_run, user=door.user(user) if user else None, today=today, on_progress=bar, **more,
        ).as_dict()  # fmt: skip
