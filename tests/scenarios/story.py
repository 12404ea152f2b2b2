"""Reads a story as a table of `day | what happens | what the house does` and lives it through the commands.

What happens (the ledger's file is imported before the next cycle whenever it changed):

    invoice FT101 1000.00 due 2026-01-20 by BON      credit NC9 200.00       pays FT101 [400.00]
    bank FT103 presented|credited|returned           hold FT102 300.00 dispute to 2026-03-20
    leaves          the mail server takes what waits          done            the collector has made the call
    cycle           the morning run; on its right what it plans: `channel step: documents`, or `nothing`
    level FT101     on its right its level
    waits FT101     on its right what its due step waits for
    exhausted       on its right what is past its last step
    grants NAME     NAME says yes to what waits for approval       refuses NAME skip | until 2026-03-01
    answers DONE|POST|PDP|CON 2026-03-01   to the question whether a contact may go
    message STEP    on its right its status                   says            on its right what `explain` foretells
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

CUSTOMER = "ROSSI"
FIELDS = ["customer_code", "customer_name", "email", "address", "postal_code", "city", "document_number", "document_type",
          "due_date", "open_amount", "amount", "payment_type", "bank_status", "presented_on", "returned_on"]  # fmt: skip


# Another customer, so that the ledger is never empty.
BYSTANDER = {"customer_code": "BIANCHI", "customer_name": "Bianchi S.p.A.", "document_number": "FT900",
             "document_type": "invoice", "due_date": "2026-12-31", "open_amount": "5000.00", "amount": "5000.00"}  # fmt: skip


@dataclass
class Story:
    cli: Callable[..., Any]
    folder: Path
    user: str
    ledger: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: bool = False

    def live(self, text: str) -> list[str]:
        """The lines of the story with what really happened on their right."""
        told = []
        for line in text.strip().splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            day, what, *_expected = [part.strip() for part in line.split("|")]
            told.append(f"{day} | {what} | {self._live(date.fromisoformat(day[:10]), *what.split())}".rstrip(" |"))
        return told

    def run(self, *arguments: Any) -> Any:
        """A command's JSON; it must succeed."""
        return self.cli(*arguments).json

    def _live(self, day: date, verb: str, *words: str) -> str:
        answer = getattr(self, verb)(day, *words)
        return answer or ""

    # --- the ledger -----------------------------------------------------------------------------------

    def invoice(self, day: date, number: str, amount: str, _due: str, due: str, _by: str, how: str) -> None:
        self._put(number, document_type="invoice", amount=amount, open_amount=amount, due_date=due, payment_type=how)

    def credit(self, day: date, number: str, amount: str) -> None:
        self._put(
            number, document_type="credit_note", amount=f"-{amount}", open_amount=f"-{amount}", due_date=day.isoformat()
        )

    def pays(self, day: date, number: str, amount: str = "") -> None:
        left = Decimal(self.ledger[number]["open_amount"]) - Decimal(amount) if amount else Decimal(0)
        if left:
            self._put(number, open_amount=f"{left:f}")
        else:
            del self.ledger[number]
            self.changed = True

    def bank(self, day: date, number: str, status: str) -> None:
        dates = {"presented": {"presented_on": day.isoformat()}, "returned": {"returned_on": day.isoformat()}}
        self._put(number, bank_status=status, **dates.get(status, {}))

    def _put(self, number: str, **facts: str) -> None:
        self.ledger.setdefault(number, {"document_number": number}).update(facts)
        self.changed = True

    def _import(self, day: date) -> None:
        path = self.folder / f"{day}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, FIELDS)
            writer.writeheader()
            master = {"customer_code": CUSTOMER, "customer_name": "Rossi S.r.l.", "email": "conti@rossi.example",
                      "address": "Via Roma 1", "postal_code": "40100", "city": "Bologna"}  # fmt: skip
            writer.writerows(master | row for row in self.ledger.values())
            writer.writerow(BYSTANDER)
        result = self.run("import", "items", path, "--date", day, "--force")
        assert result["rejected"] == 0, result["rejects"]
        self.changed = False

    # --- people ---------------------------------------------------------------------------------------

    def hold(self, day: date, number: str, amount: str, kind: str, _to: str, end: str) -> None:
        self.run("hold", CUSTOMER, "--kind", kind, "--because", "merce resa", "--item", number, "--amount", amount, "--to", end, "--date", day,
                 "--user", self.user)  # fmt: skip

    def leaves(self, day: date) -> None:
        """What the mail server of a real installation does between two runs."""
        from spartito.actions.models import Message

        Message.objects.filter(status__in=["queued", "held"]).update(status="sent", sent_on=day, held_because="")

    def done(self, day: date) -> None:
        tasks = self.run("worklist", "--user", self.user, "--date", day)["tasks"]
        for task in tasks:
            if task["kind"] == "phone":
                self.run("outcome", task["id"], "DONE", "--user", self.user, "--date", day, "--note", "parlato")

    # --- the house ------------------------------------------------------------------------------------

    def cycle(self, day: date) -> str:
        if self.changed:
            self._import(day)
        self.run("cycle", "--date", day)
        return self._planned(day)

    def _planned(self, day: date) -> str:
        messages = self.run("messages", "--customer", CUSTOMER, "--date", day)["messages"]
        tasks = self.run("worklist", "--user", self.user, "--date", day)["tasks"]
        parts = [
            f"{m['channel']} {m['step']}: {', '.join(m['documents'])}" for m in messages if m["status"] != "withdrawn"
        ]
        parts += [f"{t['kind']} {t['step']}" for t in tasks if t["due"] == day.isoformat() and t["step"]]
        return "; ".join(parts) or "nothing"

    def message(self, day: date, step: str) -> str:
        messages = self.run("messages", "--customer", CUSTOMER)["messages"]
        return [m["status"] for m in messages if m["step"] == step][-1]

    def waits(self, day: date, number: str) -> str:
        told = self.run("explain", CUSTOMER, "--date", day)["items"]
        return next(str(item["waits_for"]) for item in told if item["document"] == number)

    def exhausted(self, day: date) -> str:
        rows = self.run("strategy", "exhausted", "--user", self.user, "--date", day)["items"]
        return "; ".join(f"{row['document']} {row['amount']} {row['step']}" for row in rows) or "nothing"

    def person(self, day: date, name: str, profile: str) -> None:
        self.run("user", "create", name, "--profile", profile)

    def answers(self, day: date, code: str, on: str = "") -> None:
        tasks = self.run("worklist", "--user", self.user, "--date", day)["tasks"]
        (task,) = [each for each in tasks if each["kind"] == "consult"]
        self.run(
            "outcome",
            task["id"],
            code,
            "--user",
            self.user,
            "--date",
            day,
            "--note",
            "detto",
            *(["--on", on] if on else []),
        )

    def grants(self, day: date, name: str) -> str:
        return self._word(day, name)

    def refuses(self, day: date, name: str, how: str, until: str = "") -> str:
        return self._word(day, name, "--refuse", *(["--skip"] if how == "skip" else ["--not-before", until]))

    def _word(self, day: date, name: str, *more: str) -> str:
        waiting = self.run("approve", "--user", name, "--date", day)["waiting"]
        for each in waiting:
            self.run("approve", each["action"], "--user", name, "--date", day, *more)
        return ", ".join(each["step"] for each in waiting) or "nothing"

    def level(self, day: date, number: str) -> str:
        told = self.run("explain", CUSTOMER, "--date", day)["items"]
        return next(str(item["level"]) for item in told if item["document"] == number)

    def says(self, day: date) -> str:
        told = self.run("explain", CUSTOMER, "--date", day)["next_action"]
        return f"{told['date']} {told.get('channel') or told['action']} {told['step']}" if told else "nothing"
