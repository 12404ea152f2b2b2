"""The people of the invented company at work while its history is lived again.

Each of them takes the most urgent tasks of the day, calls, and writes down how it went, through
`cycle.act` like everybody. What they do not get to is carried over, as in life.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from spartito.access.models import User
from spartito.actions.outcomes import record_outcome
from spartito.cycle.act import act
from spartito.demo.trade import working_day
from spartito.worklist.models import Assignment

# Who works, and how many tasks a day they get to.
PACE = {"laura.conti": 4, "giulia.ferri": 4, "marco.riva": 4, "anna.neri": 2, "chiara.fabbri": 5, "andrea.morini": 2}
TALKS = (
    ("NR", 22, ("",)),
    ("SEG", 8, ("Lasciato messaggio in segreteria",)),
    ("RIC", 10, ("Il titolare rientra la prossima settimana", "Richiamare: la contabile è fuori sede")),
    ("PDP", 30, ("Paga con il prossimo giro di bonifici", "Bonifico disposto in settimana", "Salda tutto a fine mese")),
    ("EC", 6, ("Chiede l'estratto conto per e-mail",)),
    ("FAT", 5, ("Non trova la fattura: inviata copia",)),
    ("DIF", 5, ("Difficoltà di cassa, attende un incasso importante",)),
    ("PAG", 4, ("Dice di avere già pagato: attendiamo la contabile",)),
    ("DONE", 10, ("Parlato con l'amministrazione, hanno preso nota", "Sollecitato, nessuna contestazione")),
)

DECISIONS = (
    "Si attende fine mese, poi legale",
    "Proposto piano di rientro al titolare",
    "Sentito il commerciale: cliente da tenere, si insiste",
    "Importo modesto, non conviene procedere",
)


def work_the_day(*, day: date, rng: Random) -> int:
    """Everybody works their most urgent tasks of `day`; returns how many were handled."""
    done = 0
    for username, pace in PACE.items():
        user = User.objects.get(username=username)
        tasks = _most_urgent(user, day, pace)
        if tasks:
            talks = [_talk(rng, task, kind, day) for task, _, kind in tasks]
            customers = sorted({customer for _, customer, _ in tasks})
            act(write_down, user=user, customers=customers, as_of=day, talks=talks)
            done += len(tasks)
    return done


def write_down(*, user: User, customers: Sequence[int], as_of: date, talks: Sequence[dict[str, Any]]) -> int:
    """One person's notes of a day: each talk as an outcome of its task."""
    for talk in talks:
        record_outcome(user=user, customers=customers, as_of=as_of, **talk)
    return len(talks)


def _most_urgent(user: User, day: date, pace: int) -> list[tuple[int, int, str]]:
    """(task, customer, kind) of the person's open tasks, highest priority first; today's come tomorrow."""
    mine = Assignment.objects.filter(user=user, task__status="open", task__due_on__lt=day)
    mine = mine.exclude(task__not_before__gt=day).order_by("-priority", "task_id")
    return list(mine.values_list("task_id", "task__customer_id", "task__kind")[:pace])


def _talk(rng: Random, task: int, kind: str, day: date) -> dict[str, Any]:
    if kind != "phone":
        return {"task": task, "code": "DONE", "note": rng.choice(DECISIONS)}
    code, _, notes = rng.choices(TALKS, [share for _, share, _ in TALKS])[0]
    talk: dict[str, Any] = {"task": task, "code": code, "note": rng.choice(notes)}
    if code in {"RIC", "PDP"}:
        talk["on"] = working_day(day + timedelta(days=rng.randrange(2, 8)))
    return talk
