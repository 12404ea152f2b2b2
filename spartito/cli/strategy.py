"""`spartito strategy load|show|list|publish`: policy is text."""

from spartito.cli.frame import Door, argument, group, option, tenant_command

strategy = group("strategy", "Reminder policies: load, read, publish.")


@tenant_command("load", parent=strategy)
@argument("file")
@option("--comment", default="", help="Why this version.")
@option("--user", help="Its author.")
def load(door: Door, file, comment, user):
    """Check a policy's YAML and keep it as the newest draft."""
    from pathlib import Path

    from spartito.platform.errors import Refused
    from spartito.strategies.operations import load_strategy

    try:
        source = Path(file).read_bytes()[: 1 << 20].decode("utf-8-sig")
    except OSError as problem:
        raise Refused("%(file)s cannot be read: %(strerror)s", file=file, strerror=problem.strerror) from problem
    except UnicodeDecodeError as problem:
        raise Refused("%(file)s is not UTF-8 text", file=file) from problem
    version = load_strategy(source=source, comment=comment, user=door.user(user) if user else None)
    warnings = _templates_missing(version)
    return {
        "strategy": version.strategy.code,
        "version": version.number,
        "status": version.status,
        "warnings": warnings,
    }


def _templates_missing(version) -> list[str]:
    from spartito.communications.models import Template

    known = set(Template.objects.values_list("code", flat=True))
    steps = version.steps.exclude(template="").exclude(channel="phone")
    return [f"step {s.code}: template {s.template} does not exist yet" for s in steps if s.template not in known]


@tenant_command("publish", parent=strategy)
@argument("code")
@option("--version", "number", type=int, help="A draft's number; the newest when left out.")
@option("--user", help="Who publishes it.")
def publish(door: Door, code, number, user):
    """Put the newest draft in force; it never changes again."""
    from spartito.strategies.operations import publish_strategy

    version = publish_strategy(code=code, number=number, user=door.user(user) if user else None)
    return {
        "strategy": version.strategy.code,
        "version": version.number,
        "status": version.status,
        "warnings": _templates_missing(version),
    }


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
