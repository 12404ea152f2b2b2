"""What all commands share: `--tenant`, `--json`, exit statuses, Django's set-up, and how results are printed."""

import gc
import importlib
import json
import keyword
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import wraps
from pathlib import Path
from typing import Any

import click

from spartito.platform.errors import Refused

option, argument = click.option, click.argument
NOT_COMMANDS = {"main", "frame"}


class IsoDate(click.ParamType):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date: write it as 2026-11-30", param, ctx)


class Amount(click.ParamType):
    """An amount with a point and at most two decimals."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            self.fail(f"{value!r} is not an amount: write it as 1234.50", param, ctx)
        if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
            self.fail(f"{value!r} is not an amount with at most two decimals", param, ctx)
        return amount


class HourAndMinute(click.ParamType):
    """An hour as HH:MM."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        try:
            return value if isinstance(value, time) else time.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an hour: write it as 15:30", param, ctx)


DATE, AMOUNT, TIME = IsoDate(), Amount(), HourAndMinute()


@dataclass
class Door:
    """What a command knows about its call. `tenant` and `business_date` are there in tenant commands only."""

    tenant_slug: str | None = None
    as_json: bool = False
    tenant: Any = None
    business_date: date = field(default=date.min)

    def user(self, username: str) -> Any:
        """The active user of this name in the tenant; refused when there is none."""
        from django.contrib.auth import get_user_model

        found = get_user_model().objects.filter(username=username, is_active=True).first()
        if found is None:
            raise Refused("no user is called %(username)s", username=username)
        return found

    def day_of_acting(self, told: date | None) -> date:
        """The day of a reaction: the business date when none is told; refused after today (design 6, rule 13)."""
        if told and self.tenant.clock == "today" and told > self.business_date:
            raise Refused("date %(day)s is in the future", day=told.isoformat())
        return told or self.business_date


def shared_options() -> list[click.Parameter]:
    """`--tenant` and `--json`, understood before and after the command's name alike."""

    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        door = ctx.ensure_object(Door)
        if value:
            setattr(door, "as_json" if param.name == "as_json" else "tenant_slug", value)

    return [
        click.Option(["--tenant"], metavar="SLUG", expose_value=False, callback=keep, help="The company (SPARTITO_TENANT)."),
        click.Option(["--json", "as_json"], is_flag=True, expose_value=False, callback=keep, help="One JSON object."),
    ]  # fmt: skip


class Command(click.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options())


class CommandGroup(click.Group):
    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options())


class Frame(CommandGroup):
    """The root: looks for commands in the modules of `spartito.cli`, first in the one of the same name."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = cmd_name.replace("-", "_") + ("_" if keyword.iskeyword(cmd_name) else "")
        names = module_names()
        for name in ([module] if module in names else []) + names:
            found = commands_of(name).get(cmd_name)
            if found is not None:
                return found
        return None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({command for name in module_names() for command in commands_of(name)})


def module_names() -> list[str]:
    import spartito.cli

    return [m.name for m in pkgutil.iter_modules(spartito.cli.__path__) if m.name not in NOT_COMMANDS]


def commands_of(module: str) -> dict[str, click.Command]:
    """The top-level commands a module defines, by name; those inside a group come with their group."""
    found = vars(importlib.import_module(f"spartito.cli.{module}")).values()
    return {c.name: c for c in found if isinstance(c, click.Command) and c.name and not getattr(c, "inside", False)}


def group(name: str, help: str = "") -> CommandGroup:
    """A command that only has sub-commands, such as `import`."""
    return CommandGroup(name=name, help=help)


def command(
    name: str, *, parent: CommandGroup | None = None, show: Callable[[dict], str] | None = None, database: bool = True
) -> Callable[[Callable[..., Any]], click.Command]:
    """Makes a command outside tenants; the function gets `door` first and returns a dict, or None to print nothing.

    `show` turns the dict into text for people. `database=False` leaves Django and the server alone.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        @click.pass_obj
        @wraps(function)
        def call(door: Door, /, *args: Any, **kwargs: Any) -> None:
            if database:
                open_house()
            print_result(function(door, *args, **kwargs), door=door, show=show)

        made = click.command(name=name, cls=Command)(call)
        made.help = made.help or function.__doc__
        if parent is not None:
            made.inside = True  # type: ignore[attr-defined]
            parent.add_command(made)
        return made

    return decorate


def tenant_command(
    name: str, *, parent: CommandGroup | None = None, show: Callable[[dict], str] | None = None
) -> Callable[[Callable[..., Any]], click.Command]:
    """Like `command`, inside the schema of the tenant named by --tenant, SPARTITO_TENANT, or the only one."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def inside(door: Door, *args: Any, **kwargs: Any) -> Any:
            from django.utils import timezone, translation

            from spartito.platform.connection import connection
            from spartito.tenants import queries

            door.tenant = queries.tenant_by_slug(door.tenant_slug or os.environ.get("SPARTITO_TENANT"))
            door.business_date = queries.business_date(door.tenant)
            before = connection.tenant
            connection.set_tenant(door.tenant)
            try:
                with timezone.override(door.tenant.timezone), translation.override(door.tenant.language):
                    return function(door, *args, **kwargs)
            finally:
                connection.set_tenant(before)

        return command(name, parent=parent, show=show)(inside)

    return decorate


def text_in(file: str) -> str:
    """The text of a file, at most a megabyte of it. Refused when it cannot be read or is not UTF-8."""
    try:
        return Path(file).read_bytes()[: 1 << 20].decode("utf-8-sig")
    except OSError as problem:
        raise Refused("%(file)s cannot be read: %(strerror)s", file=file, strerror=problem.strerror) from problem
    except UnicodeDecodeError as problem:
        raise Refused("%(file)s is not UTF-8 text", file=file) from problem


def open_house() -> None:
    """Sets Django up and brings the database to this version of the code; quick when both are done.

    What is loaded by then stays: Python's collector need not walk through it again at every page and letter.
    """
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from spartito.platform import schema

    schema.ensure_current()
    gc.freeze()


def run(root: click.Command, arguments: list[str] | None = None) -> int:
    """Runs the command line and returns the exit status."""
    os.environ.setdefault("SPARTITO_LOG_LEVEL", "warning")
    try:
        root.main(args=arguments, prog_name="spartito", standalone_mode=False, obj=Door())
        return 0
    except Refused as refused:
        print(" ".join(str(refused).split()) or "refused", file=sys.stderr)
        return 1
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code if wrong.exit_code != 1 else 2
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as failure:
        if type(failure).__name__ == "OperationalError":
            print("the database does not answer: " + " ".join(str(failure).split()), file=sys.stderr)
            return 1
        traceback.print_exc()
        return 70


def print_result(result: dict | None, *, door: Door, show: Callable[[dict], str] | None) -> None:
    """One JSON object, or text for people."""
    if door.as_json:
        print(json.dumps(result or {}, default=as_json_value, ensure_ascii=False))
    elif result is not None:
        print((show or as_text)(result))


def as_json_value(value: Any) -> Any:
    """Amounts as strings with at least two decimals, dates and instants as ISO, sets as sorted lists."""
    if isinstance(value, Decimal):
        return f"{value:.2f}" if value == round(value, 2) else f"{value:f}"
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def as_text(result: dict) -> str:
    """Plain lines: `key: value`, and a small table for every list of rows."""
    lines = []
    for key, value in result.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key}:", *table(value)]
        else:
            lines.append(f"{key}: {plain(value)}")
    return "\n".join(lines)


def table(rows: list[dict]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *[[plain(row.get(name)) for name in names] for row in rows]]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    ]


def plain(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, (list, tuple, set)):
        return ", ".join(plain(v) for v in value) or "-"
    if isinstance(value, dict):
        return ", ".join(f"{k} {plain(v)}" for k, v in value.items()) or "-"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
