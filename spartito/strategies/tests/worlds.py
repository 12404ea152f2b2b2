"""Random ledgers, policies and histories, lived by the engine and by the clerk with the card index (`by_hand`) alike."""

import json
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Q

from spartito.actions import steps as actions
from spartito.actions.models import Attempt, Message, PlannedAction, Task
from spartito.portfolio import steps as portfolio
from spartito.portfolio.models import Creditor, Customer, Hold, Item, Movement, Payment, PaymentType
from spartito.strategies import steps as strategies
from spartito.strategies.models import Progress
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.strategies.tests import by_hand

FIRST_DAY = date(2026, 3, 2)
CHANNELS = ["email", "letter", "phone", "phone"]
DUNNABLE = ("invoice", "debit_note")
# Of the customer, of the document, of both.
CONDITIONS: list[dict[str, Any]] = [
    {"overdue": {">=": 300}},
    {"overdue": {">=": 300}},
    {"item_amount": {">=": 100}},
    {"item_days_overdue": {">=": -4, "<": 25}},
    {"item_payment_type": ["BON", "ASS"], "overdue": {"<": 900}},
    {"any": [{"item_amount": {">": 350}}, {"item_document_type": ["debit_note"]}, {"not": {"overdue": {"<=": 500}}}]},
]


def random_policy(random: Random, code: str) -> dict[str, Any]:
    days = sorted(random.choice([-5, -3, 0, 2, 5, 5, 10, 15, 20, 30, 40]) for _ in range(random.randint(2, 6)))
    policy: dict[str, Any] = {
        "strategy": code,
        "priority": 50,
        "steps": [_step(random, n, d) for n, d in enumerate(days)],
    }
    last = policy["steps"][-1]
    if days[-1] >= 0 and last.get("action") not in ("order_block", "propose_legal") and random.random() < 0.5:
        last["repeat_every"] = random.choice([3, 8])
    for key, values in {
        "minimum_overdue": [0, 0, 200],
        "minimum_item": [0, 25],
        "days_between_steps": [0, 3, 7],
        "catch_up": ["one_by_one", "jump_to_latest"],
        "task_patience": [0, 4, 10],
        "bank_lag": [0, 0, 2],
        "absorb_lower": [0, 0, 15],
    }.items():
        policy[key] = random.choice(values)
    if random.random() < 0.4:
        policy["on_broken_promise"] = random.choice(policy["steps"])["code"]
    if random.random() < 0.5:
        policy["contact_limit"] = {"max": random.randint(1, 2), "days": random.choice([3, 7])}
    if random.random() < 0.3:
        policy["quiet"] = [
            random.choice([{"from": "03-10", "to": "03-24", "max_step": "s0"}, {"from": "12-20", "to": "03-09"}])
        ]
    if random.random() < 0.4:
        policy["after_hold"] = {"manual": random.choice([1, 3, 6])}
    if random.random() < 0.3:
        policy["release"] = "next_working_day"
    if random.random() < 0.7:
        policy["payment_types"] = {
            "RIB": {"start_after": "returned"},
            "CAR": {"dunnable": False},
            "ASS": {"shift_days": 4},
        }
        if random.random() < 0.5:
            policy["payment_types"]["RIB"]["on_return"] = _steps(random, "r")
        if random.random() < 0.3:
            policy["on_return"] = _steps(random, "z")
        if random.random() < 0.4:
            policy["payment_types"]["ASS"]["steps"] = _steps(random, "a")
    return policy


def _steps(random: Random, letter: str) -> list[dict[str, Any]]:
    """A way beside the others."""
    days = sorted(random.choice([-3, 0, 2, 5, 10, 20]) for _ in range(random.randint(1, 3)))
    return [_step(random, n, d) | {"code": f"{letter}{n}"} for n, d in enumerate(days)]


def _step(random: Random, number: int, days: int) -> dict[str, Any]:
    step: dict[str, Any] = {"code": f"s{number}", "days": days}
    if random.random() < 0.25 and days >= 0:
        step["action"] = random.choice(["task", "order_block", "notify", "propose_legal"])
        if step["action"] == "order_block":
            step["level"] = random.randint(1, 3)
        if step["action"] == "notify" and random.random() < 0.7:
            step["notify"] = ["collector", "credit_manager"]
    else:
        step["channel"] = random.choice(CHANNELS)
        if step["channel"] != "phone":
            step["template"] = random.choice(["first_reminder", "second_reminder", "formal_notice"])
    if ("channel" in step or step["action"] == "propose_legal") and random.random() < 0.2:
        step["approval"] = "required"
    if "channel" in step and random.random() < 0.15:
        step["consult"] = {
            "working_days": random.randint(1, 3),
            "silence": random.choice(["proceed", "wait"]),
            "max_delay": 4,
        }
    if step.get("channel") == "phone" and random.random() < 0.4:
        step["absorbs"] = False
    more = {"must": True, "min_days": random.randint(0, 9), "conditions": random.choice(CONDITIONS)}
    step |= {key: value for key, value in more.items() if random.random() < 0.2}
    if "channel" in step and random.random() < 0.15:
        step["pay_by"] = 5
    return step


class Lives:
    """One random history: `world` is worked out by hand, the tables by the engine."""

    def __init__(self, seed: int, *, accounts: int = 6, first_day: date = FIRST_DAY) -> None:
        self.random = Random(seed)
        self.day = first_day - timedelta(days=1)
        self.policies = {code: random_policy(self.random, code) for code in ("p1", "p2")}
        for policy in self.policies.values():
            load_strategy(source=json.dumps(policy))
            publish_strategy(code=policy["strategy"])
        self.types = {t.code: t for t in PaymentType.objects.filter(code__in=["BON", "RIB", "CAR", "ASS"])}
        self.creditor = Creditor.objects.order_by("id").first() or Creditor.objects.create(code="X", name="X")
        self.customers = {f"K{n}": self._customer(f"K{n}") for n in range(accounts)}
        self.world = by_hand.World({code: self.policies[c.strategy_code] for code, c in self.customers.items()})
        self.rows: dict[str, Item] = {}
        self.held: list[tuple[by_hand.Hold, Hold]] = []
        self.made: dict[int, by_hand.Action] = {}
        for code in self.customers:
            for _ in range(self.random.randint(1, 4)):
                self.new_item(code)

    def _customer(self, code: str) -> Customer:
        made = Customer.objects.create(
            creditor=self.creditor,
            code=code,
            name=code,
            created_on=self.day,
            strategy_code=self.random.choice(["p1", "p2"]),
        )
        Customer.objects.filter(pk=made.pk).update(account=made)
        return made

    def new_item(self, code: str) -> None:
        number, random = f"F{len(self.rows)}", self.random
        kind = random.choices(["invoice", "debit_note", "credit_note"], [8, 1, 1])[0]
        amount = Decimal(random.choice([10, 24, 25, 80, 150, 400, 900])) * (1 if kind in DUNNABLE else -1)
        due = self.day + timedelta(days=random.randint(-40, 15))
        how = random.choices(["BON", "RIB", "CAR", "ASS"], [6, 2, 1, 1])[0]
        self.rows[number] = Item.objects.create(
            creditor=self.creditor, customer=self.customers[code], item_key=number, document_type=kind, document_number=number,
            due_date=due, original_due_date=due, amount=amount, open_amount=amount, currency="EUR", payment_type=self.types[how],
        )  # fmt: skip
        self.world.items[number] = by_hand.Item(number, code, due, amount, kind, how)

    # --- what happens between two runs ----------------------------------------------------------------

    def something_happens(self) -> None:
        for _ in range(self.random.randint(0, 4)):
            event = self.random.choice([self.pay, self.pay, self.hold, self.promise, self.outcome, self.outcome,
                                        self.release, self.bank, self.finish, self.finish,
                                        self.money, self.invoice, self.other_policy, self.approve, self.approve])  # fmt: skip
            event()

    def invoice(self) -> None:
        self.new_item(self.random.choice(list(self.customers)))

    def pay(self) -> None:
        payable = [i for i in self.world.items.values() if i.open > 0]
        if payable:
            item = self.random.choice(payable)
            before = item.open
            item.open = Decimal(0) if self.random.random() < 0.6 else (item.open / 2).quantize(Decimal("0.01"))
            item.paid.append((self.day, before - item.open))
            Movement.objects.create(
                item=self.rows[item.number], day=self.day, amount=item.open - before, cause="paid", is_applied=True
            )
            closed = {"closed_on": self.day, "closing_cause": "paid"} if not item.open else {}
            Item.objects.filter(pk=self.rows[item.number].pk).update(open_amount=item.open, **closed)

    def hold(self) -> None:
        item = self.random.choice(list(self.world.items.values()))
        whole_account, part = self.random.random() < 0.3, self.random.random() < 0.4
        end = None if self.random.random() < 0.3 else self.day + timedelta(days=self.random.randint(0, 12))
        amount = (abs(item.open) / 3).quantize(Decimal("0.01")) if part and item.open > 1 else None
        card = by_hand.Hold(
            item.account, None if whole_account else item.number, None if whole_account else amount, self.day, end
        )
        row = Hold.objects.create(
            customer=self.customers[item.account], item=None if whole_account else self.rows[item.number], amount=card.amount,
            kind="manual", starts_on=self.day, ends_on=end,
        )  # fmt: skip
        self.world.holds.append(card)
        self.held.append((card, row))

    def promise(self) -> None:
        """Of a customer, a document or a part of it, for a few days."""
        payable = [i for i in self.world.items.values() if i.open > 1]
        if not payable:
            return
        item, of_all = self.random.choice(payable), self.random.random() < 0.2
        part = (item.open / 2).quantize(Decimal("0.01")) if not of_all and self.random.random() < 0.4 else None
        end = self.day + timedelta(days=self.random.randint(0, 8))
        card = by_hand.Hold(item.account, None if of_all else item.number, part, self.day, end, is_promise=True)
        Hold.objects.create(
            customer=self.customers[item.account], item=None if of_all else self.rows[item.number], amount=part,
            kind="promise", starts_on=self.day, ends_on=end,
        )  # fmt: skip
        self.world.holds.append(card)

    def outcome(self) -> None:
        """A call or task ends with what asks for a step: the next one, or one by name."""
        going = [
            (pk, a) for pk, a in self.made.items()
            if not a.withdrawn and not a.finished and not a.waits and (a.channel == "phone" or a.measure == "task")
        ]  # fmt: skip
        if not going:
            return
        pk, action = self.random.choice(going)
        steps = self.world.policies[action.account]["steps"]
        wanted = self.random.choice(["next_step", self.random.choice(steps)["code"]])
        action.finished = True
        Task.objects.filter(planned_action=pk).update(status="done", closed_on=self.day)
        Attempt.objects.create(
            planned_action_id=pk, customer=self.customers[action.account], made_on=self.day, outcome_id="RIF", then=wanted,
            item_ids=[self.rows[number].pk for number in action.moved],
        )  # fmt: skip
        self.world.ask(action, wanted, self.day)

    def release(self) -> None:
        if self.held:
            card, row = self.held.pop(self.random.randrange(len(self.held)))
            card.released = self.day
            Hold.objects.filter(pk=row.pk).update(released_on=self.day)

    def bank(self) -> None:
        bills = [i for i in self.world.items.values() if i.payment_type == "RIB" and i.open > 0]
        if bills:
            item = self.random.choice(bills)
            if item.bank_status == "presented":
                item.bank_status, item.returned_on = "returned", self.day
            else:
                item.bank_status, item.presented_on = "presented", self.day
            Item.objects.filter(pk=self.rows[item.number].pk).update(
                bank_status=item.bank_status, presented_on=item.presented_on, returned_on=item.returned_on
            )

    def finish(self) -> None:
        """A task is done, or a message leaves."""
        going = [
            (pk, a)
            for pk, a in self.made.items()
            if not a.withdrawn and not a.finished and not a.waits and a.measure != "order_block"
        ]
        if going:
            pk, action = self.random.choice(going)
            action.finished = True
            Task.objects.filter(Q(planned_action=pk) | Q(about=pk)).update(status="done", closed_on=self.day)
            Message.objects.filter(planned_action=pk).update(status="sent", sent_on=self.day)

    def approve(self) -> None:
        """Somebody grants, or skips, what waits."""
        waiting = [
            (pk, a) for pk, a in self.made.items() if a.asks[:1] == ["approval"] and not a.withdrawn and not a.clears
        ]
        if waiting:
            pk, action = self.random.choice(waiting)
            if self.random.random() < 0.7:
                action.clears = self.day
                PlannedAction.objects.filter(pk=pk).update(cleared_on=self.day)
            else:
                action.skipped = action.withdrawn = True
                PlannedAction.objects.filter(pk=pk).update(withdrawn_on=self.day, withdrawn_because="skipped")
                Message.objects.filter(planned_action=pk).update(status="withdrawn", held_because="")

    def money(self) -> None:
        code = self.random.choice(list(self.customers))
        amount = Decimal(self.random.choice([5, 60, 300]))
        self.world.money[code] = self.world.money.get(code, Decimal(0)) + amount
        self.world.money_on.append((code, self.day, amount))
        Payment.objects.create(
            creditor=self.creditor,
            customer=self.customers[code],
            day=self.day,
            amount=amount,
            unallocated=amount,
            currency="EUR",
        )

    def other_policy(self) -> None:
        code = self.random.choice(list(self.customers))
        chosen = self.random.choice(["p1", "p2"])
        self.world.policies[code] = self.policies[chosen]
        Customer.objects.filter(pk=self.customers[code].pk).update(strategy_code=chosen)

    # --- a day, and what both say of it ---------------------------------------------------------------

    def next_day(self) -> None:
        self.day += timedelta(days=self.random.choice([1, 1, 1, 2, 3, 5, 9]))
        self.something_happens()

    def run_engine(self, *, one_by_one: bool = False) -> None:
        for chosen in [[c.pk] for c in self.customers.values()] if one_by_one else [None]:
            portfolio.refresh(as_of=self.day, run_id=None, customers=chosen)
            actions.withdraw(as_of=self.day, run_id=None, customers=chosen)
            strategies.give_back_levels(as_of=self.day, run_id=None, customers=chosen)
            strategies.decide(as_of=self.day, run_id=None, customers=chosen)
            actions.carry_out(as_of=self.day, run_id=None, customers=chosen)

    def run_by_hand(self) -> None:
        made = self.world.live(self.day)
        rows = PlannedAction.objects.filter(due_on=self.day, withdrawn_on=None).select_related("account")
        by_key = {(r.account.code, r.step_code): r.pk for r in rows}
        for action in made:
            if (action.account, action.step) in by_key:
                self.made[by_key[action.account, action.step]] = action

    def said_by_engine(self) -> dict[str, Any]:
        rows = PlannedAction.objects.filter(due_on=self.day, withdrawn_on=None, account__in=self.customers.values())
        planned = sorted(
            (row.account.code, row.kind, row.step_code, _listing(row))
            for row in rows.prefetch_related("action_items__item")
        )
        levels = {
            p.item.document_number: (p.level, p.level_on)
            for p in Progress.objects.select_related("item").filter(item__customer__in=self.customers.values())
            if p.level
        }
        return {"planned": planned, "levels": levels}

    def said_by_hand(self) -> dict[str, Any]:
        planned = sorted(
            (a.account, a.kind, a.step, _by_hand_listing(a))
            for a in self.world.actions
            if a.on == self.day and not a.withdrawn
        )
        levels = {i.number: (last.step, last.on) for i in self.world.items.values() if (last := i.last())}
        return {"planned": planned, "levels": levels}


def _listing(row: PlannedAction) -> tuple[tuple[str, str], ...]:
    listed = sorted(row.action_items.all(), key=lambda each: each.listed_as)
    pairs = [(each.item.document_number, each.role) for each in listed]
    return tuple(pairs if row.kind == "contact" else sorted(pairs))


def _by_hand_listing(action: by_hand.Action) -> tuple[tuple[str, str], ...]:
    listed = sorted({*action.moved, *action.mentioned}) if action.kind == "measure" else action.listed
    return tuple((n, "moved" if n in action.moved else "mentioned") for n in listed)
