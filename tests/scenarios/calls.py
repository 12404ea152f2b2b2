"""Further lines of a story, about calls and what comes of them:

call NR                                          how the collector's call went; on its right what followed:
call PDP 500.00 on 2026-02-20                    `again DAY` or `closed`, holds, tasks, the step asked for, what was
call RIC on 2026-02-20 at 15:30                  planned at once
call PDP 500.00 on 2026-02-20 of FT1 + CON of FT2    one call, several results, each of its own documents
undo                                             the last outcome is taken back
calls                                            on its right the calls on the collector's list of the day
release                                          the holds in force are released
why FT1                                          on its right why nothing happens to a document now, or what comes
"""

import json
from datetime import date
from itertools import pairwise
from typing import Any

from tests.scenarios.story import CUSTOMER, Story


class Calls(Story):
    last: int = 0

    def call(self, day: date, *words: str) -> str:
        first, *others = [_result(part.split()) for part in " ".join(words).split(" + ")]
        self.last = next(task["id"] for task in self._tasks(day) if task["kind"] == "phone")
        more: list[Any] = []
        for key, value in first.items():
            if key == "documents":
                more += [word for number in value for word in ("--document", number)]
            elif key != "code":
                more += [f"--{key}", value]
        if others:
            path = self.folder / f"{day}.json"
            path.write_text(json.dumps(others))
            more += ["--results", path]
        told = self.run("outcome", self.last, first["code"], "--user", self.user, "--date", day, *more)
        return _followed(told)

    def undo(self, day: date) -> str:
        return _followed(self.run("undo", self.last, "--user", self.user, "--date", day))

    def release(self, day: date) -> None:
        self.run("release", CUSTOMER, "--because", "superata", "--user", self.user, "--date", day)

    def calls(self, day: date) -> str:
        tasks = [task for task in self._tasks(day) if task["kind"] == "phone"]
        return "; ".join(f"{task['step']}{' carried over' * task['carried_over']}" for task in tasks) or "nothing"

    def why(self, day: date, number: str) -> str:
        items = self.run("explain", CUSTOMER, "--date", day)["items"]
        item = next(item for item in items if item["document"] == number)
        return str(item["because"])

    def _tasks(self, day: date) -> list[dict[str, Any]]:
        return list(self.run("worklist", "--user", self.user, "--date", day)["tasks"])


def _result(words: list[str]) -> dict[str, Any]:
    """`PDP 500.00 on 2026-02-20 of FT1,FT2` as a result."""
    found: dict[str, Any] = {"code": words[0]}
    if len(words) > 1 and words[1][0].isdigit():
        found["amount"] = words[1]
    for word, value in pairwise(words):
        if word in ("on", "at"):
            found[word] = value
        elif word == "of":
            found["documents"] = value.split(",")
    return found


def _followed(told: dict[str, Any]) -> str:
    again = f"again {told['not_before']}" + (f" at {told['at'][:5]}" if told["at"] else "")
    parts = [again if told["not_before"] else told["status"]] if told["status"] == "open" else ["closed"]
    for hold in told["holds"]:
        of = " ".join(str(each) for each in (hold["document"], hold["amount"]) if each)
        until = f"to {hold['to']}" if hold["to"] else f"review {hold['review']}"
        parts.append(" ".join(each for each in (hold["kind"], of, until) if each))
    parts += [f"task {task['subject']} for {task['assign_to']} {task['due']}" for task in told["tasks"]]
    parts += [f"asks for {step}" for step in told["orders"]]
    parts += ["sends" for _message in told["messages"]]
    parts += [f"planned {made['channel']} {made['step']}" for made in told["planned"]]
    return "; ".join(parts)
