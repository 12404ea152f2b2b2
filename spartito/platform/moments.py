"""Everything as it stands at one moment, for work that changes nothing: in one session, or in several at once.

People go on working meanwhile: no lock but a reader's is held, all is undone at the end, and on a server of ours the
sessions step back behind those of people.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from django.db import transaction

from spartito.platform.connection import connection

AT_ONCE = 2  # sessions
LOCAL_MEMORY, WORK_MEMORY = "256MB", "128MB"
NICENESS = 10  # of a session's process
SECONDS_BETWEEN = 0.5
Tell = Callable[[float], None]  # the share that is done, from 0 to 1
Part = TypeVar("Part")
Result = TypeVar("Result")


class Stopped(Exception):
    """Another session failed or the work was cancelled: what this one does is no longer wanted."""


@contextmanager
def one_moment() -> Iterator[str | None]:
    """A transaction, undone at its end, that reads what stands now; its name lets further sessions read the same.

    Inside somebody's transaction it is part of that and has no name: all is done in the one session.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield None
            transaction.set_rollback(True)
        return
    with _session(), connection.cursor() as cursor:
        cursor.execute("select pg_export_snapshot()")
        yield cursor.fetchone()[0]


@contextmanager
def _session(moment: str | None = None) -> Iterator[None]:
    """A fresh session (room for copies can only be made in one), its transaction undone at the end."""
    connection.close()
    try:
        with transaction.atomic():
            _make_room(moment)
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()


def _make_room(moment: str | None) -> None:
    with _nothing_before_statements(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        if moment is not None:
            cursor.execute(f"set transaction snapshot '{moment}'")
    with connection.cursor() as cursor:
        cursor.execute(f"set local temp_buffers = '{LOCAL_MEMORY}'")
        cursor.execute(f"set local work_mem = '{WORK_MEMORY}'")
        cursor.execute("set local max_parallel_workers_per_gather = 0")
        with suppress(Exception), transaction.atomic():  # not every system can: then a killed client is noticed later
            cursor.execute("set local client_connection_check_interval = '2s'")
    _step_back()


@contextmanager
def _nothing_before_statements() -> Iterator[None]:
    """Within a request its history puts a query before each statement; before a moment is chosen there may be none."""
    kept, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        yield
    finally:
        connection.execute_wrappers = kept


def _step_back() -> None:
    """Where the server is on this machine and may be asked: its process for this session lets others go first."""
    if str(connection.settings_dict.get("HOST", "")).startswith("/"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, connection.connection.info.backend_pid, NICENESS)


def together(
    work: Callable[[Part, Tell], Result], parts: Sequence[Part], *, moment: str | None, tell: Tell
) -> list[Result]:
    """`work(part, tell)` of every part, at that moment: `AT_ONCE` in sessions of their own, else one after the other here.

    `tell` is called in this thread; what it raises stops all of them, and so does the failure of one.
    """
    if moment is None or len(parts) == 1:
        return _in_turn(work, parts, tell)
    shares, stop, tenant = [0.0] * len(parts), threading.Event(), connection.tenant

    def run(number: int) -> Result:
        def told(share: float) -> None:
            if stop.is_set():
                raise Stopped
            shares[number] = share

        told(0.0)
        connection.set_tenant(tenant)
        with _session(moment):
            return work(parts[number], told)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="moment") as pool:
        running = [pool.submit(run, number) for number in range(len(parts))]
        try:
            _wait_for(running, lambda: tell(sum(shares) / len(parts)))
        except BaseException:
            stop.set()
            raise
    return [each.result() for each in running]


def _in_turn(work: Callable[[Part, Tell], Result], parts: Sequence[Part], tell: Tell) -> list[Result]:
    def told(number: int) -> Tell:
        return lambda share: tell((number + share) / len(parts))

    return [work(part, told(number)) for number, part in enumerate(parts)]


def _wait_for(running: Sequence[Any], say: Callable[[], None]) -> None:
    """Until all have ended; raises the first failure."""
    waiting = set(running)
    while waiting:
        ended, waiting = wait(waiting, timeout=SECONDS_BETWEEN, return_when=FIRST_EXCEPTION)
        for each in ended:
            each.result()
        say()
