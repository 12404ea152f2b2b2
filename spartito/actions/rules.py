"""What an outcome does to its task, as pure functions (domain 11.4; the outcomes of a strategy come later)."""

from dataclasses import dataclass
from datetime import date

# code -> (Italian, English, whether it ends the task)
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
    "EC": ("Chiede estratto conto", "Asks for a statement", True),
    "FAT": ("Chiede copia fattura", "Asks for an invoice copy", True),
    "DIF": ("Difficoltà economica", "In difficulty", True),
    "RIF": ("Rifiuta di pagare", "Refuses to pay", True),
    "LEG": ("Rinvia al legale", "Refers to their lawyer", True),
    "CES": ("Attività cessata", "Business closed", True),
    "NDC": ("Chiede di non essere chiamato", "Asks not to be called", True),
}
NEEDS_DATE = {"POST"}
RETRIED = {"NR", "OCC", "SEG", "ERR", "RIC", "REF"}


@dataclass(frozen=True)
class Consequence:
    """What becomes of the task: closed, or open again from a day on; ERR also starts the search for a number."""

    closes: bool
    not_before: date | None
    find_contact: bool


def consequence(*, code: str, closes: bool, next_working_day: date, on: date | None) -> Consequence:
    """Of one outcome. `on` is the day the person named; without one a retry is the next working day."""
    if closes:
        return Consequence(closes=True, not_before=None, find_contact=False)
    return Consequence(closes=False, not_before=on or next_working_day, find_contact=code == "ERR")


def together(several: list[Consequence]) -> Consequence:
    """Of a contact with several results: it ends when one of them does; else the earliest retry holds."""
    days = [each.not_before for each in several if each.not_before is not None]
    closes = any(each.closes for each in several)
    return Consequence(
        closes=closes,
        not_before=None if closes or not days else min(days),
        find_contact=any(each.find_contact for each in several),
    )
