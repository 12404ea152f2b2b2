"""When statements go, worked out row by row from the rules and compared with what the engine did in random lives."""

from datetime import date, timedelta
from random import Random

import pytest

from spartito.actions.models import Message, PlannedAction, Task
from spartito.cycle.daily import DAY as STEPS
from spartito.portfolio.models import Hold
from spartito.reference.models import Day
from spartito.strategies.explain import explain
from spartito.strategies.operations import load_strategy, publish_strategy
from tests.builders import customer, invoice, move

START, DAYS = date(2026, 3, 2), 18
FORETOLD_ON = {date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 11)}  # the evenings before
LIMIT, WITHIN_DAYS, WITHIN = 1, 5, 9
STOPPING = {"do_not_contact", "legal", "insolvency", "manual"}
POLICY = f"""
strategy: everybody
priority: 1
contact_limit: {{max: {LIMIT}, days: {WITHIN_DAYS}}}
days_between_steps: 3
quiet: [{{from: 03-12, to: 03-13}}]
periodic:
  - {{code: statement, every: month, day: 5, within: {WITHIN}, channel: email, template: account_statement}}
steps:
  - {{code: first, days: 2, channel: email, template: first_reminder}}
  - {{code: second, days: 9, channel: email, template: second_reminder}}
"""


class Life:
    """Some customers with documents, holds and payments, drawn by chance and kept beside the database."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.documents: dict[str, list[tuple[date, date, date]]] = {}  # from, due, paid
        self.holds: dict[str, list[tuple[str, date, date]]] = {}
        self.who = {f"C{n}": customer(f"C{n}", email=f"c{n}@cliente.example") for n in range(5)}
        for code, who in self.who.items():
            self.documents[code] = [self._document(who, n) for n in range(self.draw.randint(0, 3))]
            self.holds[code] = [self._hold(who) for _n in range(self.draw.choice((0, 0, 1, 2)))]

    def _document(self, who, number):
        begins = START + timedelta(self.draw.randint(-20, 20))
        due, paid = begins + timedelta(self.draw.randint(2, 25)), begins + timedelta(self.draw.randint(5, 60))
        move(invoice(who, f"{who.code}-{number}", issued=begins, due=due, amount=100), on=paid, by=-100)
        return begins, due, paid

    def _hold(self, who):
        kind = self.draw.choice(["do_not_contact", "legal", "manual", "dispute", "promise"])
        begins = START + timedelta(self.draw.randint(0, DAYS))
        ends = begins + timedelta(self.draw.randint(0, 12))
        Hold.objects.create(customer=who, kind=kind, starts_on=begins, ends_on=ends)
        return kind, begins, ends

    def has_open_on(self, code, day):
        return any(begins <= day < paid for begins, _due, paid in self.documents[code])

    def is_stopped_on(self, code, day):
        return any(kind in STOPPING and begins <= day <= ends for kind, begins, ends in self.holds[code])


def live(day):
    """A day; everybody keeps up: its letters leave in the evening."""
    for _name, step in STEPS:
        step(as_of=day, run_id=None, customers=None)
    Message.objects.filter(status__in=["queued", "held"]).update(status="sent", sent_on=day, held_because="")
    Task.objects.filter(status="open").update(status="done", closed_on=day)


def contacts_of(who):
    rows = PlannedAction.objects.filter(account=who, kind="contact", withdrawn_on=None).order_by("due_on")
    return list(rows.values_list("due_on", "step_code"))


def statements_by_hand(life, code, others, working):
    """The days of the statements that the rules ask for, given the reminders that went."""
    for day in (date(2026, 3, 5) + timedelta(n) for n in range(WITHIN + 1)):
        earlier = [each for each in others if day - timedelta(WITHIN_DAYS) < each <= day]
        is_quiet = date(2026, 3, 12) <= day <= date(2026, 3, 13)
        may_go = day in working and not is_quiet and len(earlier) < LIMIT
        if may_go and life.has_open_on(code, day) and not life.is_stopped_on(code, day):
            return [day]
    return []


@pytest.mark.parametrize("seed", range(2))
def test_statements_go_when_the_rules_say_and_the_evening_before_foretells_it(tenant, seed):
    load_strategy(source=POLICY)
    publish_strategy(code="everybody")
    life = Life(seed)
    working = set(
        Day.objects.filter(is_working=True, day__range=(START, START + timedelta(DAYS))).values_list("day", flat=True)
    )
    foretold = {}
    for day in sorted(working):
        tomorrow = day + timedelta(1)
        live(day)
        if day in FORETOLD_ON:
            for code, who in life.draw.sample(sorted(life.who.items()), 1):
                told = explain(customer=who, as_of=day)["next_action"]
                foretold[code, tomorrow] = told["step"] if told and told["date"] == tomorrow else ""
    for code, who in life.who.items():
        contacts = contacts_of(who)
        others = [day for day, step in contacts if step != "statement"]
        assert [day for day, step in contacts if step == "statement"] == statements_by_hand(
            life, code, others, working
        ), code
        assert len({day for day, _step in contacts}) == len(contacts), "never two contacts a day"
        happened = dict(contacts)
        for (whose, day), step in foretold.items():
            if whose == code:
                assert happened.get(day, "") == step, (code, day)
