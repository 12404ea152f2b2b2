"""History of rows that people edit: triggers that write only while a person is at work.

`@tracked()` gives a model its event table. The triggers fire inside `by_hand(user=…)` alone, so an import
or a night run of a million rows does not pay for them; those leave their traces in the journal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import connection, models, transaction

Model = TypeVar("Model", bound=models.Model)
SETTING = "spartito.by_hand"
EDITING = f"current_setting('{SETTING}', true) = 'on'"


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[type[Model]], type[Model]]:
    """Keeps every hand-made state of a row in `<model>event`, with the user and the address in its context."""
    return pghistory.track(
        pghistory.InsertEvent(condition=pgtrigger.Condition(EDITING)),
        pghistory.UpdateEvent(condition=pgtrigger.Condition(f"{EDITING} and OLD.* is distinct from NEW.*")),
        pghistory.DeleteEvent(condition=pgtrigger.Condition(EDITING)),
        exclude=list(exclude) or None,
    )


@contextmanager
def by_hand(*, user: Any) -> Iterator[None]:
    """A transaction in which changes of tracked rows are kept with who made them; `user` None = the system."""
    with transaction.atomic(), pghistory.context(user=getattr(user, "pk", None), name=str(user or "")):
        before = _set("on")
        yield
        _set(before)


def _set(value: str) -> str:
    """Sets the mark till the transaction's end and returns what it was."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s, true)", [SETTING])
        before = cursor.fetchone()[0] or ""
        cursor.execute("select set_config(%s, %s, true)", [SETTING, value])
    return before
