"""House rules that a reader of the code would check, checked by reading the code."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from spartito.config.rooms import TENANT_ROOMS

PACKAGE = Path(__file__).resolve().parents[2] / "spartito"
SOURCES = [p for p in sorted(PACKAGE.rglob("*.py")) if not {"migrations", "tests"} & set(p.relative_to(PACKAGE).parts)]
DOORS = {"web", "cli", "config", "demo"}
READS_THE_CLOCK = {
    "platform/clock.py": "the one place",
    "tenants/queries.py": "the business date comes from here",
}
CLOCK = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"),
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("clock", "now"),
}  # fmt: skip
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "services.py", "managers.py", "signals.py"}


def values_of_instants(node: ast.AST) -> list[ast.expr]:
    """What is given to a name ending in `_at`: there an instant is meant, not a business date."""
    if isinstance(node, ast.keyword) and (node.arg or "").endswith("_at"):
        return [node.value]
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        pairs = zip(node.targets[0].elts, node.value.elts, strict=False)
        return [value for name, value in pairs if getattr(name, "attr", getattr(name, "id", "")).endswith("_at")]
    if isinstance(node, ast.Assign) and all(
        getattr(t, "attr", getattr(t, "id", "")).endswith("_at") for t in node.targets
    ):
        return [node.value]
    return []


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_is_a_drawer(path):
    assert path.name not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", [p for p in SOURCES if p.relative_to(PACKAGE).parts[0] not in DOORS], ids=name_of)
def test_rooms_do_not_read_the_clock(path):
    """Doors (pages, commands, jobs) may; rooms are handed a date or an instant."""
    if path.name == "jobs.py" or name_of(path) in READS_THE_CLOCK:
        return
    tree = ast.parse(path.read_text())
    stamps = {id(node) for node in ast.walk(tree) for node in values_of_instants(node)}
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in stamps]
    asked = {(f.value.id, f.attr) for f in calls if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name)}
    assert asked & CLOCK == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.sql")), ids=name_of)
def test_sql_does_not_know_what_day_it_is(path):
    """`now()` may stamp an instant; a date is always handed in."""
    text = re.sub(r"--.*", "", path.read_text().lower())
    assert re.findall(r"\b(current_date|localtimestamp|now\(\)::date|current_timestamp::date)\b", text) == []


@pytest.mark.parametrize("room", ["platform", "tenants", *TENANT_ROOMS])
def test_a_room_says_what_lives_in_it_and_re_exports_nothing(room):
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text())
    assert ast.get_docstring(tree)
    assert [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))] == []


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "rules.py"], ids=name_of)
def test_rules_are_pure(path):
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert {name for name in imported if name.split(".")[0] in {"django", "psycopg", "time", "os"}} == set()


def test_all_that_runs_by_itself_stands_on_one_page():
    users = [name_of(p) for p in SOURCES if re.search(r"\.periodic\(|periodic_id|\bcron\b\s*=", p.read_text())]
    assert users == ["config/recurring.py"]


def test_the_recurring_jobs_exist():
    from importlib import import_module

    from spartito.config.recurring import RECURRING

    for _cron, module, name in RECURRING:
        assert hasattr(import_module(module), name)


def test_operations_are_called_by_keyword():
    """A call of a public operation reads like a sentence: what it is about may stand first, the rest is named."""
    files = [
        p for p in SOURCES if p.name == "operations.py" or (p.parent.name == "operations" and p.name != "foundation.py")
    ]
    functions = [(p, f) for p in files for f in ast.parse(p.read_text()).body if isinstance(f, ast.FunctionDef)]
    positional = [(p, f.name) for p, f in functions if len(f.args.args) + len(f.args.posonlyargs) > 1]
    assert [f"{name_of(p)}: {name}" for p, name in positional if not name.startswith("_")] == []


LONGEST_FILE, LONGEST_FUNCTION = 500, 65  # lines; past 400 and 40 it is probably two things


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_grows_past_reading(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION}
    assert long == {}


@pytest.mark.parametrize("name", sorted(path.stem for path in (PACKAGE.parent / "bench").glob("[a-z]*.py")))
def test_what_is_measured_finds_what_it_measures(name: str):
    """A measure runs seldom: what moved away under it would be found on the day it is needed."""
    assert import_module(f"bench.{name}").__doc__
