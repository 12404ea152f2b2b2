"""`spartito worklist` and `spartito outcome`."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from spartito.cli.frame import AMOUNT, DATE, TIME, Door, argument, option, table, tenant_command


def _as_lines(result: dict[str, Any]) -> str:
    rows = [
        {
            "id": task["id"],
            "priority": task["priority"],
            "customer": task["customer"],
            "kind": task["kind"],
            "due": task["due"],
            "overdue": task["overdue"],
            "why": task["why"],
        }
        for task in result["tasks"]
    ]
    return "\n".join([f"{result['user']} · {result['date']} · {len(rows)}", *table(rows)])


@tenant_command("worklist", show=_as_lines)
@option("--user", required=True)
@option("--date", "date", type=DATE)
def worklist(door: Door, /, user: str, date: date | None) -> dict[str, Any]:
    """A person's day: what to do, most urgent first, and why."""
    from spartito.worklist.queries import worklist_json

    return worklist_json(door.user(user), date or door.business_date)


@tenant_command("outcome")
@argument("task", type=int)
@argument("code")
@option("--user", required=True)
@option("--date", "date", type=DATE)
@option("--amount", type=AMOUNT)
@option("--on", type=DATE, help="The day postponed to, to call back, or promised.")
@option("--at", type=TIME, help="The hour to call back.")
@option("--document", "documents", multiple=True, help="A document it is about; all of the task when left out.")
@option("--note", default="")
@option(
    "--results",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="More results of one contact, YAML or JSON.",
)
def outcome(
    door: Door,
    /,
    task: int,
    code: str,
    user: str,
    date: date | None,
    amount: Decimal | None,
    on: date | None,
    at: time | None,
    documents: tuple[str, ...],
    note: str,
    results: Path | None,
) -> dict[str, Any]:
    """Records how a task went; says what followed and what the engine did next."""
    from spartito.actions.outcomes import record_outcome
    from spartito.cycle.act import act

    person, day = door.user(user), door.day_of_acting(date)
    found = _task_of(person, day, task)
    decided = act(
        record_outcome,
        user=person,
        customers=[found.customer_id],
        as_of=day,
        task=task,
        code=code,
        amount=amount,
        on=on,
        at=at,
        documents=documents,
        note=note,
        results=_results_in(results),
    )
    return _what_followed(decided, code.upper())


@tenant_command("undo")
@argument("task", type=int)
@option("--user", required=True)
@option("--date", "date", type=DATE)
def undo(door: Door, /, task: int, user: str, date: date | None) -> dict[str, Any]:
    """Takes back today's last outcome of a task, with everything it led to, while nothing has left."""
    from spartito.actions.outcomes import undo_outcome
    from spartito.cycle.act import act

    person, day = door.user(user), door.day_of_acting(date)
    found = _task_of(person, day, task)
    decided = act(undo_outcome, user=person, customers=[found.customer_id], as_of=day, task=task)
    return _what_followed(decided, "")


def _task_of(person: Any, day: date, task: int) -> Any:
    """The task, if this person may work it; refused otherwise."""
    from spartito.access.permissions import may
    from spartito.platform.errors import Refused
    from spartito.worklist.queries import task_to_work

    if not may(person, "tasks.work", day):
        raise Refused("%(user)s may not work tasks", user=person.username)
    return task_to_work(person, day, task)


def _what_followed(decided: Any, code: str) -> dict[str, Any]:
    """What came of an outcome: what was done at once, what the engine planned, and what it will do next."""
    from spartito.actions.queries import led_to_by

    task = decided.result
    return {
        "task": task.pk,
        "outcome": code,
        "status": task.status,
        "not_before": task.not_before,
        "at": task.at_time,
        **led_to_by(task),
        "planned": [of_action(action) for action in decided.planned],
        "withdrawn": decided.withdrawn,
        "tasks_closed": decided.closed,
        "next_action": decided.next_action,
    }


def of_action(action: Any) -> dict[str, Any]:
    return {
        "action": action.pk,
        "step": action.step_code,
        "channel": action.channel or action.action,
        "due": action.due_on,
    }


def _results_in(path: Path | None) -> list[dict[str, Any]]:
    """The further results of a file: a list of {code, documents, amount, on, at, note}. Raises Refused."""
    if path is None:
        return []
    from spartito.platform.errors import Refused

    told = _read(path)
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise Refused("%(name)s must hold a list of results", name=path.name)
    return [_result(each, path) for each in told]


def _read(path: Path) -> Any:
    """What a JSON or YAML file says, every value as it is written: `on` is a key, 00123 a number of a document."""
    import json

    import yaml

    from spartito.platform.errors import Refused

    try:
        text = path.read_text(encoding="utf-8-sig")
        try:
            return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
        except json.JSONDecodeError:
            return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes text, lists and mappings only
    except (UnicodeDecodeError, yaml.YAMLError) as failure:
        raise Refused("%(name)s is neither YAML nor JSON: %(failure)s", name=path.name, failure=failure) from failure


def _result(told: dict[str, Any], path: Path) -> dict[str, Any]:
    from spartito.platform.errors import Refused

    unknown = set(told) - {"code", "documents", "amount", "on", "at", "note"}
    if unknown:
        raise Refused("%(name)s: %(key)s is not a key of a result", name=path.name, key=min(unknown))
    given = {key: value for key, value in told.items() if value not in (None, "", "null", "~")}
    documents = given.pop("documents", [])
    documents = documents if isinstance(documents, list) else [documents]
    for key, value in [*given.items(), *(("documents", number) for number in documents)]:
        if not isinstance(value, str):
            raise Refused("%(name)s: %(key)s cannot be %(value)s", name=path.name, key=key, value=value)
    try:
        amount = AMOUNT.convert(given["amount"], None, None) if "amount" in given else None
        on = DATE.convert(given["on"], None, None) if "on" in given else None
        at = TIME.convert(given["at"], None, None) if "at" in given else None
    except click.BadParameter as wrong:
        raise Refused("%(name)s: %(wrong)s", name=path.name, wrong=wrong.message) from wrong
    return given | {"documents": documents, "amount": amount, "on": on, "at": at}
