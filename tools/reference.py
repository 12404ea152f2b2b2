"""Writes the reference pages that the code itself knows: files, profiles, commands. `make docs`.

A house test compares what it would write with what is in `docs/reference`.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def pages() -> dict[str, str]:
    """Page name → its text. Needs Django set up."""
    return {"files.md": files_page(), "profiles.md": profiles_page(), "commands.md": commands_page()}


def files_page() -> str:
    from spartito.ingest import mapping
    from spartito.ingest.canonical import KINDS

    lines = [
        "# Files",
        "",
        (
            "What Spartito reads: CSV (any usual encoding and delimiter), XLSX, XLS, XLSB and ODS. The first row names the "
            "columns, in any order; unknown columns are left aside. Foreign names and formats go through a mapping (below)."
        ),
        "",
    ]
    for kind, columns in KINDS.items():
        lines += [f"## {kind}", "", "| column | what | required | values |", "|---|---|---|---|"]
        for column in columns:
            values = sorted({value for value in column.choices.values() if value}) or [column.kind]
            lines.append(
                f"| `{column.name}` | {column.about_en} | {'yes' if column.required else ''} | {', '.join(values)} |"
            )
        lines.append("")
    lines += ["## Mappings", "", "```", (mapping.__doc__ or "").strip(), "```", ""]
    return "\n".join(lines)


def profiles_page() -> str:
    from spartito.access.profiles import PERMISSIONS, PROFILES

    lines = ["# Profiles", "", "What each profile sees and may do. Scopes narrow it further: `--scope area=NORD`.", ""]
    for profile in PROFILES.values():
        lines += [f"## `{profile.code}`: {profile.name_en}", ""]
        lines += [f"{profile.name_it} · {profile.department_en} · sees: {SEES[profile.sees.value]}.", ""]
        may = [text for code, text in PERMISSIONS.items() if code in profile.permissions]
        lines += [f"May: {'; '.join(may)}.", ""]
    return "\n".join(lines)


SEES = {
    "all": "every customer",
    "scoped": "only what its scopes name, and the customers that carry the person's name",
    "legal": "customers at law or proposed for it",
    "entrusted": "only customers lent by name",
    "nothing": "no customer data",
}


def commands_page() -> str:
    import click

    from spartito.cli.main import root

    lines = [
        "# Commands",
        "",
        (
            "Every command takes `--tenant SLUG` (not needed when there is one) and `--json`. "
            "Exit status: 0 done, 1 refused with one line that says why, 2 wrong usage."
        ),
        "",
    ]

    def walk(command: click.Command, name: str) -> None:
        context = click.Context(command, info_name=name, terminal_width=100)
        if isinstance(command, click.Group):
            for child in command.list_commands(context):
                found = command.get_command(context, child)
                if found is not None:
                    walk(found, f"{name} {child}")
            return
        lines.extend([f"## `{name}`", "", "```", command.get_help(context).strip(), "```", ""])

    walk(root, "spartito")
    return "\n".join(lines)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spartito.config.settings")
    import django

    django.setup()
    target = ROOT / "docs" / "reference"
    for name, text in pages().items():
        (target / name).write_text(text, encoding="utf-8")
        print(target / name)


if __name__ == "__main__":
    main()
