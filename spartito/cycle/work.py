"""Long work that a person starts from a page and may leave: how far it is, and what came of it.

How far it is must be seen while the work's own transaction is still open, so it is written over a
second connection.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation

from spartito.access.models import User
from spartito.cycle.models import Work
from spartito.platform import clock
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.platform.logs import logger
from spartito.platform.progress import Progress

log = logger(__name__)
SECONDS_BETWEEN = 0.3
Doing = Callable[[Progress], dict[str, Any]]


class Cancelled(Refused):
    """The person who asked for the work does not want it any more."""


def start(*, kind: str, user: User, params: dict[str, Any]) -> Work:
    """A new work that waits; the caller defers its job in the same transaction."""
    return Work.objects.create(kind=kind, user=user, params=params)


def carry_out(work: Work, doing: Doing) -> None:
    """Runs `doing(on_progress)` and keeps what it returns, or why it was refused; other failures are kept and raised.

    A cancelled work is not begun, or is undone where it stands.
    """
    waits = Work.objects.filter(pk=work.pk).exclude(status=Work.Status.CANCELLED)
    if not waits.update(status=Work.Status.RUNNING, started_at=clock.now(), error=""):
        return
    try:
        with _progress(work) as show, translation.override(_language_of(work)):
            result = doing(show)
    except Cancelled:
        log.info("work_cancelled", work=work.pk, kind=work.kind)
    except Refused as refusal:
        _close(work, Work.Status.REFUSED, error=str(refusal)[:500])
    except BaseException as failure:
        log.error("work_failed", work=work.pk, kind=work.kind, failure=repr(failure))
        _close(work, Work.Status.FAILED, error=f"{type(failure).__name__}: {failure}"[:500])
        raise
    else:
        _close(work, Work.Status.DONE, result=result)


def cancel(work: Work) -> None:
    """Gives up a work that waits or runs; one that runs stops when it next tells how far it is."""
    under_way = Work.objects.filter(pk=work.pk, status__in=[Work.Status.WAITING, Work.Status.RUNNING])
    under_way.update(status=Work.Status.CANCELLED, finished_at=clock.now())


def _language_of(work: Work) -> str:
    """What is said to a person is said in their language."""
    return (work.user.language if work.user else "") or connection.tenant.language


def _close(work: Work, status: str, **values: Any) -> None:
    Work.objects.filter(pk=work.pk).update(status=status, finished_at=clock.now(), **values)


@contextmanager
def _progress(work: Work) -> Iterator[Progress]:
    aside = connection.copy()
    last = 0.0

    def show(what: str, done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < SECONDS_BETWEEN and done != total:
            return
        last = now
        with aside.cursor() as cursor:
            cursor.execute(
                "update cycle_work set label = %s, done = %s, total = %s where id = %s returning status",
                [what[:200], done, total or 0, work.pk],
            )
            if (Work.Status.CANCELLED,) in cursor.fetchall():
                raise Cancelled

    aside.set_tenant(connection.tenant)
    try:
        yield show
    finally:
        aside.close()
