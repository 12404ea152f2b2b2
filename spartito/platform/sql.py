"""The runner of steps: one `.sql` file each, executed in the caller's transaction on the caller's schema.

A step file takes only named parameters: `%(as_of)s` (date), `%(run_id)s` (bigint or null) and
`%(customers)s::bigint[]` (null = all); a per cent sign of its own is written `%%`. Its last statement's
row count is the step's result. The runner never commits.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from spartito.platform.connection import connection
from spartito.platform.logs import logger
from spartito.platform.progress import Progress

log = logger(__name__)
WORTH_ANALYSING = 500  # rows of one step


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
    results = []
    for number, step in enumerate(steps, start=1):
        result = _run(step, given | (params or {}))
        results.append(result)
        log.info("step", step=result.name, rows=result.rows, seconds=result.seconds, as_of=as_of, run=run_id)
        if on_progress:
            on_progress(step.name, number, len(steps))
    return results


def _run(step: Step, params: dict[str, object]) -> StepResult:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(text_of(step.path), params)  # type: ignore[arg-type]  # any psycopg can adapt
        while cursor.nextset():
            pass
        rows = max(cursor.rowcount, 0)
    if rows >= WORTH_ANALYSING:
        _analyse_what_grew(step, rows)
    return StepResult(step.name, rows, round(time.perf_counter() - started, 4))


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
    """Steps that join thousands of rows just decided with each other: nothing is known of CTEs, so no nested loops."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = on")


def steps_in(folder: Path, names: Sequence[str]) -> list[Step]:
    """Steps of a folder in the order given: `steps_in(Path(__file__).parent, ["refresh_positions"])`."""
    return [Step(name, folder / f"{name}.sql") for name in names]
