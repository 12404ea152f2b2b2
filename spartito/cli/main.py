"""The command `spartito` and the frame of its sub-commands.

A new command is a new module in this folder, or one more function in a module that is there; nothing is
registered anywhere. The module must import nothing heavy at its top (no Django, no rooms): that is done
inside the function, after the frame has set Django up.

    # spartito/cli/ageing.py
    from spartito.cli.frame import Door, DATE, option, tenant_command

    @tenant_command("ageing")
    @option("--date", type=DATE)
    def ageing(door: Door, date):
        \"\"\"Open items by age.\"\"\"
        from spartito.portfolio import queries
        return queries.ageing(as_of=date or door.business_date)      # a dict: printed as JSON or as text

`import items` and the like are a group: `group("import")` returns one, and `tenant_command("items", parent=…)`
puts a command in it. A module is found fastest when it is called like its command (`import_.py` for `import`).
"""

import os
import sys

import click

from spartito.cli.frame import Frame, run


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the script; exits 0, 1 (refused) or 2 (wrong usage)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spartito.config.settings")
    sys.exit(run(root, arguments))


@click.command(cls=Frame, name="spartito")
@click.version_option(package_name="spartito")
def root() -> None:
    """Credit management and collections: everyone's score of the day."""


if __name__ == "__main__":
    main()
