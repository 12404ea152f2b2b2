"""What a `.sql` file says it reads and writes, and what sqlglot finds that it does."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "spartito"
WRITERS = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


@cache
def ranks() -> dict[str, int]:
    """Each room's floor, read from the import contract: the lowest is 0; rooms on one floor do not see each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    return {room.strip(): floor for floor, names in enumerate(reversed(layers)) for room in names.split("|")}


def may_see(room: str, other: str) -> bool:
    return room == other or ranks()[other] < ranks()[room]


def room_of_table(table: str) -> str | None:
    """`portfolio_item` → portfolio; None for tables that are no room's (jobs, the framework's)."""
    return next((room for room in ranks() if table.startswith(f"{room}_")), None)


@dataclass(frozen=True)
class SqlFile:
    path: Path

    @property
    def room(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0]

    @property
    def name(self) -> str:
        return f"{self.room}/{self.path.name}"

    @property
    def is_step(self) -> bool:
        return self.path.parent.name == "steps"

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def comment(self) -> list[str]:
        """The lines of the leading comment, without their dashes."""
        lines = []
        for line in self.text.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line[2:].strip())
        return lines

    def declared(self, word: str) -> set[str] | None:
        """The tables of `-- reads:` or `-- writes:` (they may go on over lines); None when there is no such line."""
        found, on = None, False
        for line in self.comment:
            if re.match(r"[a-z]+:", line):
                on = line.startswith(f"{word}:")
            if on:
                found = found or set()
                names = line.removeprefix(f"{word}:").split("(")[0]
                found |= {name.strip() for name in names.split(",") if name.strip() not in {"", "-", "none", "nothing"}}
        return found

    @property
    def statements(self) -> list[exp.Expression]:
        bare = re.sub(r"(?i)\bon commit drop\b", "", self.text)  # unknown to the parser
        sql = re.sub(r"%\((\w+)\)s", r":\1", bare).replace("%%", "%")
        return [s for s in sqlglot.parse(sql, dialect="postgres") if s is not None]

    def read_by_functions(self) -> set[str]:
        """What the functions it calls say they read: `strategies_judged_items(…)` is strategies/functions/judged_items.sql."""
        found = [SqlFile(path) for path in PACKAGE.glob("*/functions/*.sql")]
        called = [each for each in found if f"{each.room}_{each.path.stem}(" in self.text]
        return set().union(*(each.declared("reads") or set() for each in called))

    @property
    def parameters(self) -> set[str]:
        return set(re.findall(r"%\((\w+)\)s", self.text))

    def tables(self) -> tuple[set[str], set[str]]:
        """(read, written); the target of an update counts as written only, working tables of a run not at all."""
        read, written, own = set(), set(), set()
        for statement in self.statements:
            own |= {cte.alias for cte in statement.find_all(exp.CTE)}
            for created in statement.find_all(exp.Create, exp.Drop):
                own |= {
                    table.name
                    for table in created.find_all(exp.Table)
                    if created.kind == "TABLE" and table is target(created)
                }
            targets = [target(node) for node in statement.find_all(*WRITERS)]
            written |= {table.name for table in targets if table is not None}
            for table in statement.find_all(exp.Table):
                if not any(table is each for each in targets):
                    read.add(table.name)
        system = {name for name in read if not name or name.startswith(("pg_", "information_schema"))}
        return read - own - system, {table for table in written - own if room_of_table(table)}


def target(node: exp.Expression) -> exp.Table | None:
    """The table a statement creates or writes, without its list of columns."""
    this = node.this
    if isinstance(this, exp.Schema):
        this = this.this
    return this if isinstance(this, exp.Table) else None


def sql_files() -> list[SqlFile]:
    found = [SqlFile(path) for path in sorted(PACKAGE.rglob("*.sql"))]
    return [file for file in found if not {"migrations", "tests", "functions"} & set(file.path.parts)]


def step_files() -> list[SqlFile]:
    return [file for file in sql_files() if file.is_step]
