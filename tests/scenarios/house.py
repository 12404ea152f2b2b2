"""Further lines of a story, for more customers than one and for what the commands answer word by word:

customer NERI payer_code=ROSSI                    master data, as the ERP tells them; taken in at once
invoice FT1 1000.00 due 2026-01-20 by BON of NERI withheld=200.00      another customer's, with more of its columns
alters FT1 due_date=2026-02-10                    the ledger says something else of it; `removes FT1`: it has it no more
money 300.00 [of NERI]                            money received, not yet allocated
publishes CODE                                    a further text is loaded and put in force
contact in|out CODE [2026-03-01]                  somebody calls, or is called, without a task
drops STEP skip|until 2026-03-01                  a person takes a planned step off the list
sets hold KIND [FT1] [300.00] [to 2026-03-20]     a hold of any kind, of a customer or a document
does WORDS                                        a command in the credit manager's name; `back NAME` ends an absence
away · loads NAME NAME · reached                  on the right who is away, how many tasks each has, the team's targets
refused WORDS                                     on its right why a command was refused
follows [CODE]                                    on its right the strategy and version it follows
stands FT1                                        on its right what `explain` says of it: days late, level, why not, what comes
tasks                                             on its right the list of the day: kind, step or subject, planned day
work                                              on its right what the list says of why
ways                                              on its right how each message goes, or what it waits for
letter STEP                                       on its right the last message of a step: status and documents
blocked [CODE]                                    on its right the level of the order block in force
knows owner name=Neri email=neri@x.example        a contact of the customer, as the ERP tells it
written STEP                                      on its right to whom the last message of a step goes, or why it waits
reads NAME                                        NAME reads the notices on the list
"""

import csv
from datetime import date
from typing import Any

from tests.scenarios.calls import Calls
from tests.scenarios.story import BYSTANDER, CUSTOMER

MASTER = {"customer_code": CUSTOMER, "customer_name": "Rossi S.r.l.", "email": "conti@rossi.example",
          "address": "Via Roma 1", "postal_code": "40100", "city": "Bologna"}  # fmt: skip


class House(Calls):
    """A company with several customers, seen by its credit manager."""

    texts: dict[str, str]
    files: int = 0

    # --- the ERP --------------------------------------------------------------------------------------

    def customer(self, day: date, code: str, *facts: str) -> None:
        known = MASTER if code == CUSTOMER else {"customer_code": code, "customer_name": code.title()}
        self._take_in("customers", [known | _facts(facts)], day)

    def invoice(self, day: date, number: str, amount: str, _due: str, due: str, _by: str, how: str, *more: str) -> None:
        whose, facts = _whose(more)
        self._put(number, document_type="invoice", amount=amount, open_amount=amount, due_date=due, payment_type=how,
                  customer_code=whose, **facts)  # fmt: skip

    def knows(self, day: date, role: str, *facts: str) -> None:
        self._take_in("contacts", [{"customer_code": CUSTOMER, "role": role} | _facts(facts)], day)

    def alters(self, day: date, number: str, *facts: str) -> None:
        self._put(number, **_facts(facts))

    def removes(self, day: date, number: str) -> None:
        del self.ledger[number]
        self.changed = True

    def money(self, day: date, amount: str, *more: str) -> None:
        self._take_in(
            "payments", [{"customer_code": _whose(more)[0], "payment_date": day.isoformat(), "amount": amount}], day
        )

    def ledger_of(self) -> list[dict[str, Any]]:
        """The rows of the next file, and one of somebody else so that it is never empty."""
        rows = [
            (MASTER if row.get("customer_code", CUSTOMER) == CUSTOMER else {}) | row for row in self.ledger.values()
        ]
        return [*rows, BYSTANDER]

    def _import(self, day: date) -> None:
        result = self._take_in("items", self.ledger_of(), day, "--force")
        assert result["rejected"] == 0, result["rejects"]
        self.changed = False

    def imports(self, day: date) -> None:
        """The ledger comes without a run after it."""
        self._import(day)

    def _take_in(self, kind: str, rows: list[dict[str, Any]], day: date, *more: str) -> Any:
        self.files += 1
        path = self.folder / f"{kind}{self.files}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
            writer.writeheader()
            writer.writerows(rows)
        return self.run("import", kind, path, "--date", day, *more)

    # --- people ---------------------------------------------------------------------------------------

    def publishes(self, day: date, code: str) -> None:
        path = self.folder / f"{code}{day}.yaml"
        path.write_text(self.texts[code])
        told = self.run("strategy", "load", path)
        self.run("strategy", "publish", told["strategy"])

    def contact(self, day: date, direction: str, code: str, on: str = "") -> str:
        more = ["--on", on] if on else []
        told = self.run("contact", CUSTOMER, code, "--direction", direction, "--user", self.user, "--date", day, *more)
        return "; ".join(f"planned {made['channel']} {made['step']}" for made in told["planned"])

    def drops(self, day: date, step: str, how: str, until: str = "") -> str:
        more = ["--skip"] if how == "skip" else ["--not-before", until]
        told = self.run("drop", CUSTOMER, step, "--because", "d'accordo", "--user", self.user, "--date", day, *more)
        return "; ".join(f"planned {made['channel']} {made['step']}" for made in told["planned"])

    def sets(self, day: date, _hold: str, kind: str, *more: str) -> str:
        words, given = list(more), []
        whose = words.pop(words.index("of") + 1) if "of" in words else CUSTOMER
        words = [word for word in words if word != "of"]
        for name in ("from", "to", "review"):
            if name in words:
                place = words.index(name)
                given += [f"--{name}", words[place + 1]]
                del words[place : place + 2]
        given += ["--item", words[0]] if words else []
        given += ["--amount", words[1]] if len(words) > 1 else []
        told = self.run(
            "hold", whose, "--kind", kind, "--because", "accordi", "--date", day, "--user", self.user, *given
        )
        return "; ".join(_held(hold) for hold in told["holds"])

    def lifts(self, day: date, kind: str) -> str:
        """One hold of this kind, released; on its right what was planned at once."""
        found = self.run("explain", CUSTOMER, "--date", day)["holds"]
        assert kind in [hold["kind"] for hold in found], found
        told = self.run("release", CUSTOMER, "--because", "chiarito", "--user", self.user, "--date", day)
        return f"planned {told['planned']}"

    def reads(self, day: date, name: str) -> None:
        for task in self.run("worklist", "--user", name, "--date", day)["tasks"]:
            if task["kind"] == "internal":
                self.run("outcome", task["id"], "DONE", "--user", name, "--date", day)

    def does(self, day: date, *words: str) -> None:
        """Any other command, in the name of the credit manager."""
        self.run(*words, "--user", self.user, "--date", day)

    def back(self, day: date, name: str) -> None:
        rows = self.run("absence", "list", "--date", day)["absences"]
        (found,) = [each for each in rows if each["person"] == name]
        self.does(day, "absence", "end", found["absence"])

    def refused(self, day: date, *words: str) -> str:
        told = self.cli(*words)
        assert told.status == 1, (told.status, told.stdout)
        return str(told.stderr.strip())

    # --- what the house says --------------------------------------------------------------------------

    def follows(self, day: date, code: str = CUSTOMER) -> str:
        told = self.run("explain", code, "--date", day)
        return f"{told['strategy']} {told['version']}" if told["strategy"] else "nobody"

    def stands(self, day: date, number: str, _of: str = "", code: str = CUSTOMER) -> str:
        items = self.run("explain", code, "--date", day)["items"]
        return _standing(next(item for item in items if item["document"] == number))

    def _planned(self, day: date) -> str:
        """Of every customer; of others than Rossi with their code before it."""
        told = self.run("messages", "--date", day)["messages"]
        tasks = self.run("worklist", "--user", self.user, "--date", day)["tasks"]
        parts = [
            (_named(m), f"{m['channel']} {m['step']}: {', '.join(m['documents'])}")
            for m in told
            if m["status"] != "withdrawn"
        ]
        parts += [(_named(t), f"{t['kind']} {t['step']}") for t in tasks if t["due"] == day.isoformat() and t["step"]]
        return "; ".join(f"{name}{what}" for name, what in sorted(parts, key=lambda part: part[0])) or "nothing"

    def letter(self, day: date, step: str) -> str:
        found = [m for m in self.run("messages", "--customer", CUSTOMER)["messages"] if m["step"] == step][-1]
        return f"{found['status']}: {', '.join(found['documents'])}"

    def written(self, day: date, step: str) -> str:
        found = [m for m in self.run("messages", "--customer", CUSTOMER)["messages"] if m["step"] == step][-1]
        return ", ".join(found["to"].splitlines()) or str(found["held_because"])

    def ways(self, day: date) -> str:
        from spartito.actions.models import Message

        rows = Message.objects.exclude(status="withdrawn").select_related("account").order_by("account__code", "id")
        return "; ".join(f"{m.account.code} {m.status} {m.held_because or m.goes_by}" for m in rows)

    def tasks(self, day: date, user: str = "") -> str:
        rows = self.run("worklist", "--user", user or self.user, "--date", day)["tasks"]
        return "; ".join(sorted(_task(row) for row in rows)) or "nothing"

    def work(self, day: date) -> str:
        rows = self.run("worklist", "--user", self.user, "--date", day)["tasks"]
        return "; ".join(row["why"] for row in rows) or "nothing"

    def away(self, day: date) -> str:
        rows = self.run("absence", "list", "--date", day)["absences"]
        return "; ".join(f"{row['person']} {row['from']} {row['to']} {row['substitute']}" for row in rows) or "nobody"

    def loads(self, day: date, *users: str) -> str:
        return " ".join(str(len(self.run("worklist", "--user", user, "--date", day)["tasks"])) for user in users)

    def reached(self, day: date) -> str:
        from django.core.cache import cache

        cache.clear()  # each command of a story is a process of its own
        rows = self.run("target", "list", "--user", self.user, "--date", day)["team"]
        return "; ".join(f"{r['measure']} {r['period']} {r['reached']} of {r['amount']}" for r in rows) or "no target"

    def blocked(self, day: date, code: str = CUSTOMER) -> str:
        from spartito.portfolio.models import Block

        found = Block.objects.filter(customer__code=code, released_on=None).first()
        return str(found.level) if found else "no"


def _facts(words: tuple[str, ...] | list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words)  # type: ignore[misc]


def _whose(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """`of NERI key=value …`"""
    if words[:1] == ("of",):
        return words[1], _facts(words[2:])
    return CUSTOMER, _facts(words)


def _standing(item: dict[str, Any]) -> str:
    parts = [f"{item['days_overdue']} days", item["level"] or "no level"]
    if not item["dunnable"]:
        parts.append(f"not dunnable: {item['why_not']}")
    elif item["why_not"]:
        parts.append(f"dunnable but {item['why_not']}")
    parts.append(f"{item['next_step']} on {item['next_date']}" if item["next_step"] else "nothing comes")
    return ", ".join(parts)


def _named(row: dict[str, Any]) -> str:
    return "" if row["customer"] == CUSTOMER else f"{row['customer']} "


def _task(row: dict[str, Any]) -> str:
    return (
        f"{_named(row)}{row['kind']} {row['step']}".strip()
        + f" of {row['due']}"
        + " carried over" * row["carried_over"]
    )


def _held(hold: dict[str, Any]) -> str:
    of = " ".join(str(each) for each in (hold["document"], hold["amount"]) if each)
    until = (
        f"to {hold['to']}" if hold["to"] else f"review {hold['review']}" if hold["review"] else "as long as its cause"
    )
    return " ".join(each for each in (hold["kind"], of, until) if each)
