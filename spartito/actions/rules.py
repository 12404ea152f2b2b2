"""What follows from how a contact ended (domain 11.4), as pure functions.

`DEFAULTS` is what the house does of its own accord, in the words of a strategy's `outcomes`; what a step says of a
code replaces it whole. Days are calendar days, moved to a working day by who carries them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# code -> (Italian, English, whether it ends the task by itself)
OUTCOMES = {
    "DONE": ("Fatto", "Done", True),
    "POST": ("Rimandato", "Postponed", False),
    "NR": ("Non risponde", "No answer", False),
    "OCC": ("Occupato", "Busy", False),
    "SEG": ("Segreteria", "Voicemail", False),
    "ERR": ("Numero errato", "Wrong number", False),
    "RIC": ("Richiamare", "Call back", False),
    "REF": ("Parlato con referente sbagliato", "Wrong person", False),
    "PDP": ("Promessa di pagamento", "Promise to pay", True),
    "PAG": ("Dichiara già pagato", "Says paid already", True),
    "CON": ("Contesta", "Disputes", True),
    "PIA": ("Chiede piano di rientro", "Asks for a plan", True),
    "EC": ("Chiede estratto conto", "Asks for a statement", False),
    "FAT": ("Chiede copia fattura", "Asks for an invoice copy", False),
    "DIF": ("Difficoltà economica", "In difficulty", True),
    "RIF": ("Rifiuta di pagare", "Refuses to pay", True),
    "LEG": ("Rinvia al legale", "Refers to their lawyer", True),
    "CES": ("Attività cessata", "Business closed", True),
    "NDC": ("Chiede di non essere chiamato", "Asks not to be called", True),
}
NOT_REACHED = ("NR", "OCC", "SEG")  # tries in which nobody was spoken to count together
NEXT_STEP, RETRY = "next_step", "retry"
MOST_TRIES = 3
HOLDS = ("promise", "plan", "dispute", "payment_check", "manual", "do_not_contact", "legal", "insolvency")
OF_THE_WHOLE_ACCOUNT = ("do_not_contact", "legal", "insolvency")
# What a follow-up is called in a strategy -> the kind of task; its own name stays as the subject.
TASKS = {
    "internal": "internal",
    "phone": "phone",
    "find_contact": "find_contact",
    "review": "review",
    "payment_check": "payment_check",
    "plan_proposal": "review",
    "send_copy": "internal",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "DONE": {},
    "POST": {"then": RETRY},
    "NR": {"retry_in": 1, "max": 3, "then": NEXT_STEP},
    "OCC": {"retry_in": 1, "max": 3, "then": NEXT_STEP},
    "SEG": {"retry_in": 2, "max": 3, "then": NEXT_STEP},
    "ERR": {"task": {"kind": "find_contact", "assign_to": "collector", "in": 0}, "then": RETRY},
    "RIC": {"retry_in": 1, "max": 5, "then": NEXT_STEP},
    "REF": {"task": {"kind": "find_contact", "assign_to": "collector", "in": 0}, "then": RETRY},
    "PDP": {"hold": "promise"},
    "PAG": {"hold": "payment_check", "task": {"kind": "payment_check", "assign_to": "cash_clerk", "in": 0}},
    "CON": {"hold": "dispute", "notify": ["customer_care"]},
    "PIA": {
        "hold": "manual",
        "review_in": 7,
        "task": {"kind": "plan_proposal", "assign_to": "collector", "in": 1},
    },
    "EC": {"send": "account_statement", "retry_in": 3, "max": 3, "then": NEXT_STEP},
    "FAT": {
        "task": {"kind": "send_copy", "assign_to": "collector", "in": 0},
        "retry_in": 3,
        "max": 3,
        "then": NEXT_STEP,
    },
    "DIF": {"task": {"kind": "review", "assign_to": "credit_manager", "in": 1}, "notify": ["salesperson"]},
    "RIF": {"go_to": NEXT_STEP, "notify": ["credit_manager"]},
    "LEG": {"hold": "manual", "review_in": 7, "task": {"kind": "review", "assign_to": "credit_manager", "in": 0}},
    "CES": {"hold": "manual", "review_in": 7, "task": {"kind": "review", "assign_to": "credit_manager", "in": 0}},
    "NDC": {
        "hold": "do_not_contact",
        "review_in": 7,
        "task": {"kind": "review", "assign_to": "credit_manager", "in": 0},
    },
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A task that an outcome asks for: its kind in the words of a strategy, whose it is, in how many days."""

    kind: str
    assign_to: str = "collector"
    days: int = 0


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an outcome leads to. Days are calendar days; `grace` working days (None: the strategy's `bank_lag`)."""

    retry_in: int | None = None
    max: int | None = None
    then: str = ""
    go_to: str = ""
    hold: str = ""
    grace: int | None = None
    review_in: int | None = None
    notify: tuple[str, ...] = ()
    task: FollowUp | None = None
    send: str = ""

    @property
    def retries(self) -> bool:
        return self.retry_in is not None or self.then == RETRY

    def comes_back(self, tries: int) -> bool:
        """Whether the same contact is tried again after so many tries, this one counted."""
        most = self.max or (MOST_TRIES if self.retry_in is not None else None)
        return self.retries and (most is None or tries < most)

    def order(self, tries: int) -> str:
        """The step it asks for now: its code, `next_step`, or empty."""
        if self.comes_back(tries):
            return ""
        asked = self.go_to or ("" if self.then == RETRY else self.then)
        return asked or (NEXT_STEP if self.retry_in is not None else "")


def consequence_of(code: str, said: Mapping[str, Any]) -> Consequence:
    """Of a code: what the step says of it (`said`: the step's `outcomes`), else what the house does."""
    plain = said.get(code, DEFAULTS.get(code, {})) or {}
    asked = plain.get("task")
    return Consequence(
        retry_in=plain.get("retry_in"),
        max=plain.get("max"),
        then=plain.get("then", RETRY if code == "POST" else ""),
        go_to=plain.get("go_to", ""),
        hold=plain.get("hold", ""),
        grace=plain.get("grace"),
        review_in=plain.get("review_in"),
        notify=tuple(plain.get("notify", ())),
        task=FollowUp(asked["kind"], asked.get("assign_to", "collector"), asked.get("in", 0)) if asked else None,
        send=plain.get("send", ""),
    )


def shared_out(promised: Decimal | None, owed: list[Decimal]) -> list[Decimal | None]:
    """A promised sum laid on debts in their order: None = the whole debt, 0 = nothing of it.

    Without a sum, or with one that covers all, every debt is promised whole.
    """
    if promised is None or promised >= sum(owed):
        return [None for _debt in owed]
    parts: list[Decimal | None] = []
    for debt in owed:
        parts.append(None if promised >= debt else max(promised, Decimal(0)))
        promised -= debt
    return parts
