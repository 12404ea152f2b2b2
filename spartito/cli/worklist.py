"""`spartito worklist` and `spartito outcome`."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from spartito.cli.frame import AMOUNT, DATE, Door, argument, option, table, tenant_command


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
@option("--on", type=DATE, help="The day postponed to, or to call back.")
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
    note: str,
    results: Path | None,
) -> dict[str, Any]:
    """Records how a task went; says what the engine did next."""
    from spartito.access.permissions import may
    from spartito.actions.operations import record_outcome
    from spartito.actions.queries import task_for
    from spartito.cycle.act import act
    from spartito.platform.errors import Refused

    person, day = door.user(user), date or door.business_date
    found = task_for(person, day, task)
    if found is None:
        raise Refused("there is no task %(task)s", task=task)
    if not may(person, "tasks.work", day):
        raise Refused("%(user)s may not work tasks", user=user)
    decided = act(
        record_outcome,
        user=person,
        customers=[found.customer_id],
        as_of=day,
        task=task,
        code=code,
        amount=amount,
        on=on,
        note=note,
        results=_results_in(results),
    )
    return {
        "task": task,
        "outcome": code.upper(),
        "status": decided.result.status,
        "not_before": decided.result.not_before,
        "planned": [_planned(action) for action in decided.planned],
        "withdrawn": decided.withdrawn,
        "tasks_closed": decided.closed,
        "next_action": decided.next_action,
    }


def _planned(action: Any) -> dict[str, Any]:
    return {
        "action": action.pk,
        "step": action.step_code,
        "channel": action.channel or action.action,
        "due": action.due_on,
    }


def _results_in(path: Path | None) -> list[dict[str, Any]]:
    """The further results of a file: a list of {code, documents, amount, on, note}. Raises Refused."""
    if path is None:
        return []
    import yaml

    from spartito.platform.errors import Refused

    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as failure:
        raise Refused("%(name)s is neither YAML nor JSON: %(failure)s", name=path.name, failure=failure) from failure
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise Refused("%(name)s must hold a list of results", name=path.name)
    return [_result(each, path) for each in told]


def _result(told: dict[str, Any], path: Path) -> dict[str, Any]:
    from datetime import date as day
    from decimal import InvalidOperation

    from spartito.platform.errors import Refused

    unknown = set(told) - {"code", "documents", "amount", "on", "note"}
    if unknown:
        raise Refused("%(name)s: %(key)s is not a key of a result", name=path.name, key=min(unknown))
    try:
        amount = Decimal(str(told["amount"])) if told.get("amount") is not None else None
        on = told.get("on")
        return told | {"amount": amount, "on": day.fromisoformat(on) if isinstance(on, str) else on}
    except (InvalidOperation, ValueError) as wrong:
        raise Refused(f"{path.name}: {wrong}") from wrong
