"""Every `.sql` file says truly what it reads and writes, and stays within the walls of its room."""

import re

import pytest
import sqlglot
from sqlglot import exp

from tests.house.offers import NOT_BY_CUSTOMER, OFFERS, may_write
from tests.house.steps import PACKAGE, may_see, room_of_table, sql_files, step_files, target

FILES = sql_files()
STEPS = step_files()
OURS = {f"{path.parent.parent.name}_{path.stem}" for path in PACKAGE.glob("*/functions/*.sql")}
ids = [str(file.path.relative_to(file.path.parents[2])) for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_the_first_line_says_what_a_row_is(file):
    assert file.comment, "the file starts with `-- One row: …`"
    assert not file.comment[0].startswith(("reads:", "writes:"))


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_the_header_is_true(file):
    read, written = file.tables()
    reads, writes = file.declared("reads"), file.declared("writes")
    assert reads is not None, "no `-- reads:` line"
    assert writes is not None or not file.is_step, "no `-- writes:` line"
    writes = writes or set()
    assert writes == written
    assert read <= reads | writes, f"read but not said: {sorted(read - reads)}"
    read |= written | file.read_by_functions()
    assert reads <= read, f"said but not read: {sorted(reads - read)}"


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_it_writes_its_own_tables_or_offered_ones(file):
    _read, written = file.tables()
    foreign = {table for table in written if room_of_table(table) != file.room}
    assert {table for table in foreign if not may_write(file.room, table)} == set()
    assert {table for table in foreign if not may_see(file.room, room_of_table(table) or "")} == set()


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_it_reads_rooms_at_or_below_its_own(file):
    read, _written = file.tables()
    above = {table for table in read if (room := room_of_table(table)) and not may_see(file.room, room)}
    assert above == set()


@pytest.mark.parametrize("file", [file for file in STEPS if file.room not in NOT_BY_CUSTOMER], ids=lambda f: f.name)
def test_a_step_honours_its_customers(file):
    assert "customers" in file.parameters or any(line.startswith("all customers:") for line in file.comment), (
        "filter by %(customers)s, or say `-- all customers: <why>` in the header"
    )


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_parameters_are_named(file):
    text = re.sub(r"%\(\w+\)s|%%", "", file.text)
    assert "%" not in text, "only %(named)s parameters; a per cent sign is written %%"
    assert "{{" not in text, "no templating"


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_no_schema_is_named_and_nothing_is_committed(file):
    for statement in file.statements:
        assert not isinstance(statement, (exp.Commit, exp.Rollback, exp.Transaction))
        named = {
            table.sql()
            for table in statement.find_all(exp.Table)
            if table.db and table.db not in {"pg_temp", "pg_catalog"}
        }
        assert named == set()


@pytest.mark.parametrize("file", FILES, ids=ids)
def test_our_functions_are_planned_with_the_statement(file):
    """One asked with a query keeps a plan of its own, and so would miss temporary copies (decision: steps stay prepared)."""
    for statement in file.statements:
        for call in statement.find_all(exp.Anonymous):
            assert call.name not in OURS or call.find(exp.Select, exp.Subquery) is None, (
                f"{call.name}: a query as an argument"
            )


def test_offered_tables_exist():
    from django.apps import apps

    tables = {model._meta.db_table for model in apps.get_models()}
    assert OFFERS.keys() <= tables


def test_the_parser_sees_through_a_writing_cte():
    sql = "with gone as (delete from a_b using c_d where true returning id) insert into e_f (x) select id from gone"
    statement = sqlglot.parse_one(sql, dialect="postgres")
    assert {target(node).name for node in statement.find_all(exp.Delete, exp.Insert)} == {"a_b", "e_f"}
