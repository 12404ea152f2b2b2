"""The runner of steps: one `.sql` file each, executed in the caller's transaction on the caller's schema.

A step file takes only named parameters: `%(as_of)s` (date), `%(run_id)s` (bigint or null) and
`%(customers)s::bigint[]` (null = all); a per cent sign of its own is written `%%`. Its last statement's
row count is the step's result. The runner never commits.

A statement stays prepared on its connection: planning one of these costs more than running it for one
customer. Two texts are kept of each: for everybody, and for some customers, whose plan serves any of them.
"""

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from psycopg import Cursor

from spartito.platform.connection import connection
from spartito.platform.logs import logger
from spartito.platform.progress import Progress

log = logger(__name__)
WORTH_ANALYSING = 500  # rows of one step
ROOM = "128MB"
KEPT_PREPARED = 400  # statements of one connection, of all tenants it serves
EVERYBODY = "%(customers)s::bigint[] is null"
BY_HASH = " by hash"
_place = ContextVar("place", default="")


@dataclass(frozen=True)
class Step:
    name: str
    path: Path


@dataclass(frozen=True)
class StepResult:
    name: str
    rows: int
    seconds: float


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def run_steps(
    steps: Sequence[Step],
    *,
    as_of: date,
    run_id: int | None = None,
    customers: Sequence[int] | None = None,
    params: dict[str, object] | None = None,
    on_progress: Progress | None = None,
) -> list[StepResult]:
    """Runs the steps in order for these customers (None = all); `params` adds further named parameters."""
    given = {"as_of": as_of, "run_id": run_id, "customers": None if customers is None else list(customers)}
    if customers is None:
        _make_room()
    results = []
    for number, step in enumerate(steps, start=1):
        result = _run(step, given | (params or {}))
        results.append(result)
        log.info("step", step=result.name, rows=result.rows, seconds=result.seconds, as_of=as_of, run=run_id)
        if on_progress:
            on_progress(step.name, number, len(steps))
    return results


def _make_room() -> None:
    """A step for everybody adds up the whole ledger: in memory, where a click's share of it would spill to disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"set local work_mem = '{ROOM}'")


def _run(step: Step, params: dict[str, object]) -> StepResult:
    started = time.perf_counter()
    rows = execute(text_of(step.path), params)
    if rows >= WORTH_ANALYSING:
        _analyse_what_grew(step, rows)
    return StepResult(step.name, rows, round(time.perf_counter() - started, 4))


def execute(text: str, params: Mapping[str, Any]) -> int:
    """Rows of one statement over `%(customers)s`, kept prepared on the server."""
    customers = params["customers"]
    only_some = customers is not None
    text = _text_for(text, only_some=only_some) + f"\n-- {connection.schema_name}{_place.get()}"
    given = {**params, "customers": f"{{{','.join(map(str, customers))}}}" if only_some else None}
    connection.cursor().close()  # goes to the tenant's schema
    raw = connection.connection
    raw.prepare_threshold, raw.prepared_max = 1, KEPT_PREPARED
    with connection.wrap_database_errors, Cursor(raw) as cursor:
        cursor.execute(text, given, prepare=True)
        return max(cursor.rowcount, 0)


@lru_cache(maxsize=1_000)
def _text_for(text: str, *, only_some: bool) -> str:
    """The statement with its question "all customers?" answered, so that a plan made for any values rests on it."""
    return text.replace(EVERYBODY, "false" if only_some else "true")


def plan_once() -> None:
    """For the rest of the transaction: a plan made for some customers serves any others, whoever they are."""
    with connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_generic_plan")


@contextmanager
def in_ranges() -> Iterator[None]:
    """Around a step for some thousands of customers: planned once for all ranges, joined by hash. Planning one anew
    for every range would cost more than a range; its plan is kept apart from that of a click.
    """
    token = _place.set(f"{_place.get()} in ranges")
    plan_once()
    try:
        with joined_by_hash():
            yield
    finally:
        _place.reset(token)


@contextmanager
def on_copies(tables: Iterable[str]) -> Iterator[None]:
    """Around steps that meet temporary copies of these tables. Their plans are kept apart, set by set: the server does
    not notice that a new temporary table hides the one a plan was made for, and would write into that.
    """
    token = _place.set(f" on copies {zlib.crc32(' '.join(sorted(tables)).encode())}")
    try:
        yield
    finally:
        _place.reset(token)


def _analyse_what_grew(step: Step, rows: int) -> None:
    """Fresh statistics for tables the step wrote that were empty or small before: the next steps' plans rest on them."""
    with connection.cursor() as cursor:
        for table in written_by(step.path):
            cursor.execute("select reltuples from pg_class where oid = to_regclass(%s)", [table])
            known = cursor.fetchone()
            if known is not None and known[0] < rows * 20:
                cursor.execute(f"analyze {table}")


@cache
def written_by(path: Path) -> tuple[str, ...]:
    """The tables in the header line `-- writes:` of a step."""
    for line in text_of(path).splitlines():
        if line.startswith("-- writes:"):
            names = (name.strip() for name in line.removeprefix("-- writes:").split(","))
            return tuple(name for name in names if name.isidentifier())
    return ()


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """Steps that join thousands of rows just decided with each other: nothing is known of CTEs, so no nested loops.

    The plans are kept apart: one made for a few customers would be taken for thousands, whatever is set by then.
    """
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('enable_nestloop')")
        before = cursor.fetchone()[0]
        cursor.execute("set local enable_nestloop = off")
    token = _place.set(f"{_place.get().removesuffix(BY_HASH)}{BY_HASH}")
    try:
        yield
    finally:
        _place.reset(token)
    with connection.cursor() as cursor:
        cursor.execute(f"set local enable_nestloop = {before}")


def steps_in(folder: Path, names: Sequence[str]) -> list[Step]:
    """Steps of a folder in the order given: `steps_in(Path(__file__).parent, ["refresh_positions"])`."""
    return [Step(name, folder / f"{name}.sql") for name in names]
