"""Design section 6 worked out by hand, row by row, in plain Python: the judge of the engine. It shares no code with it.

Policies are the plain dicts that the YAML says. A `World` keeps what a clerk with a card index would keep.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from spartito.strategies.tests.by_hand_conditions import holds

ZERO = Decimal(0)


def easter(year: int) -> date:
    """Anonymous Gregorian algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_working(day: date) -> bool:
    fixed = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}
    if day.year >= 2026:
        fixed.add((10, 4))
    return day.weekday() < 5 and (day.month, day.day) not in fixed and day != easter(day.year) + timedelta(days=1)


def working_days_after(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= is_working(day)
    return day


def all_steps(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of every way in one order: by days, those of most items first where days are the same."""
    ways = {"": policy["steps"]}
    if "on_return" in policy:
        ways["*returned"] = policy["on_return"]
    for code, rule in policy.get("payment_types", {}).items():
        ways |= {code + more: rule[key] for key, more in (("steps", ""), ("on_return", "*returned")) if key in rule}
    return sorted([step for way in sorted(ways) for step in ways[way]], key=lambda step: step["days"])


@dataclass
class Taken:
    step: str
    on: date
    policy: dict[str, Any]
    action: "Action | None"
    source: str = "engine"
    voided: bool = False
    before: tuple[str, date | None] = ("", None)


@dataclass
class Item:
    number: str
    account: str
    due: date
    open: Decimal
    kind: str = "invoice"
    payment_type: str = "BON"
    bank_status: str = "none"
    presented_on: date | None = None
    returned_on: date | None = None
    taken: list[Taken] = field(default_factory=list)
    paid: list[tuple[date, Decimal]] = field(default_factory=list)

    def last(self) -> Taken | None:
        kept = [t for t in self.taken if not t.voided]
        return max(kept, key=lambda t: (t.on, self.taken.index(t))) if kept else None


@dataclass
class Hold:
    account: str
    item: str | None
    amount: Decimal | None
    start: date
    end: date | None
    is_promise: bool = False
    released: date | None = None

    @property
    def kind(self) -> str:
        return "promise" if self.is_promise else "manual"


@dataclass
class Order:
    """What an item was told to take next: a step's code or `next_step`; `promise`: the one that was not kept."""

    item: str
    wanted: str
    on: date
    promise: Hold | None = None
    spent_by: Taken | None = None


@dataclass
class Action:
    account: str
    on: date
    kind: str
    step: str
    position: int
    channel: str
    measure: str
    minimum_item: Decimal
    policy: dict[str, Any]
    moved: list[str] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    level: int = 0
    withdrawn: bool = False
    finished: bool = False  # sent, or its task closed
    asks: list[str] = field(default_factory=list)  # consult, approval: what it waits for, in order
    clears: date | None = None  # the day from which it waits for the first of them no more
    skipped: bool = False
    steps: dict[str, str] = field(default_factory=dict)  # number -> the step it moves to

    @property
    def waits(self) -> bool:
        return bool(self.asks)


@dataclass
class World:
    policies: dict[str, dict[str, Any]]  # account -> the policy in force for it
    items: dict[str, Item] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    money: dict[str, Decimal] = field(default_factory=dict)  # received and not allocated, by account
    money_on: list[tuple[str, date, Decimal]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    blocks: dict[str, int] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)

    # --- rule 2 ---------------------------------------------------------------------------------------

    def rule_of_payment(self, item: Item) -> dict[str, Any]:
        return self.policies[item.account].get("payment_types", {}).get(item.payment_type, {})

    def dunning_date(self, item: Item) -> date:
        start = item.due + timedelta(days=self.rule_of_payment(item).get("shift_days", 0))
        return max(start, item.returned_on) if item.returned_on else start

    def held(self, item: Item, day: date) -> Decimal:
        """How much of it is on hold."""
        part = ZERO
        for hold in self.holds:
            is_over = hold.released is not None and hold.released <= day
            if (
                hold.start <= day
                and not is_over
                and (hold.end is None or day <= hold.end)
                and hold.account == item.account
            ):
                if hold.item not in (None, item.number):
                    continue
                if hold.item is None or hold.amount is None:
                    return item.open
                part += hold.amount
        return min(part, item.open)

    def dunnable(self, item: Item, day: date) -> Decimal:
        """What may be asked for on this day, or 0."""
        rule, policy = self.rule_of_payment(item), self.policies[item.account]
        if item.kind not in ("invoice", "debit_note") or item.open <= 0 or rule.get("dunnable") is False:
            return ZERO
        if item.bank_status in ("portfolio", "presented", "credited"):
            return ZERO
        if rule.get("start_after") == "returned" and item.bank_status not in ("returned", "recalled"):
            return ZERO
        rest = item.open - self.held(item, day)
        return rest if rest > 0 and rest >= Decimal(policy.get("minimum_item", 0)) else ZERO

    def of(self, account: str) -> list[Item]:
        return [item for item in self.items.values() if item.account == account]

    def dunnable_overdue(self, account: str, day: date) -> Decimal:
        debts = sum((self.dunnable(i, day) for i in self.of(account) if self.dunning_date(i) < day), ZERO)
        theirs = -sum((i.open for i in self.of(account) if i.open < 0), ZERO)
        return debts - theirs - self.money.get(account, ZERO)

    def overdue(self, account: str, day: date) -> Decimal:
        """The customer's overdue as the ageing shows it."""
        return sum((i.open for i in self.of(account) if i.due < day), ZERO)

    # --- rule 3 ---------------------------------------------------------------------------------------

    def way(self, item: Item) -> list[tuple[int, dict[str, Any]]]:
        """The steps meant for this item, each with its place among all: those of what came back, of its payment type, or all others."""
        policy, own = self.policies[item.account], self.rule_of_payment(item)
        meant = own.get("steps", policy["steps"])
        if item.bank_status == "returned":
            meant = own.get("on_return") or policy.get("on_return") or meant
        return [(all_steps(policy).index(step) + 1, step) for step in meant]

    def position(self, item: Item) -> int:
        last, way = item.last(), self.way(item)
        if last is None:
            return 0
        for place, step in way:
            if step["code"] == last.step:
                return place
        policy, own = self.policies[item.account], self.rule_of_payment(item)
        is_return = item.bank_status == "returned" and (own.get("on_return") or policy.get("on_return"))
        if is_return and last.on < self.dunning_date(item):
            return 0
        old = next(s["days"] for s in all_steps(last.policy) if s["code"] == last.step)
        return max((place for place, step in way if step["days"] <= old), default=0)

    def holds_condition(self, step: dict[str, Any], item: Item, day: date) -> bool:
        known = {"overdue": self.overdue(item.account, day), "item_amount": item.open, "item_payment_type": item.payment_type,
                 "item_days_overdue": (day - item.due).days, "item_document_type": item.kind}  # fmt: skip
        return holds(step.get("conditions", {}), known)

    def next_step(self, item: Item, day: date) -> tuple[int, dict[str, Any]] | None:
        """Its position and the step, whether due or not."""
        policy, start = self.policies[item.account], self.dunning_date(item)
        done = {t.step for t in item.taken if not t.voided}
        possible = [
            (place, step)
            for place, step in self.way(item)
            if place > self.position(item)
            and step["code"] not in done
            and (step["days"] >= 0 or day <= start)
            and self.holds_condition(step, item, day)
        ]
        end, again = self.way(item)[-1]
        if self.position(item) == end and "repeat_every" in again:
            return (end, again) if self.holds_condition(again, item, day) else None
        if not possible or policy.get("catch_up", "one_by_one") == "one_by_one":
            return possible[0] if possible else None
        reached = [(place, step) for place, step in possible if (day - start).days >= step["days"]]
        best = possible[0]
        for place, step in reached:
            if (place, step) != possible[0] and step.get("action") == "propose_legal":
                break
            best = (place, step)
            if step.get("must") or step.get("action") == "propose_legal":
                break
        return best

    def is_due(self, item: Item, day: date) -> tuple[int, dict[str, Any]] | None:
        found, policy, start, last = (
            self.next_step(item, day),
            self.policies[item.account],
            self.dunning_date(item),
            item.last(),
        )
        order = self.standing_order(item, day)
        if order is not None:
            return self.ordered(item, order, day)
        if found is None:
            return None
        _place, step = found
        lag = policy.get("bank_lag", 0)
        reached = start + timedelta(days=step["days"])
        if day < reached:
            return None
        first_post_due = next((s for _, s in self.way(item) if s["days"] >= 0), None)
        if step is first_post_due and day < working_days_after(reached, lag):
            return None
        if last is not None:
            wait = step.get("min_days", policy.get("days_between_steps", 7))
            if self.position(item) == self.way(item)[-1][0]:
                wait = step["repeat_every"]
            if last.on == day or (day - last.on).days < wait:
                return None
            pay_by = next((s.get("pay_by") for s in all_steps(last.policy) if s["code"] == last.step), None)
            if pay_by and day < working_days_after(last.on + timedelta(days=pay_by), lag):
                return None
        patience = policy.get("task_patience", 10)
        for action in self.actions:
            is_task = action.channel == "phone" or action.measure == "task"
            is_open = not action.withdrawn and not action.finished and (day - action.on).days < patience
            if is_task and is_open and item.number in action.moved:
                return None
        return found

    # --- rule 10: orders and promises ---------------------------------------------------------------------

    def ask(self, action: Action, wanted: str, day: date) -> None:
        """An outcome of this action asks for a step: an order on what moved with it."""
        self.orders += [Order(number, wanted, day) for number in action.moved]

    def standing_order(self, item: Item, day: date) -> Order | None:
        """The latest for a step that can still be taken, else one for the next step; never before the due date."""
        if day <= self.dunning_date(item):
            return None
        mine = [o for o in self.orders if o.item == item.number and o.spent_by is None]
        done = {t.step for t in item.taken if not t.voided}
        open_steps = {s["code"] for s in all_steps(self.policies[item.account]) if s["days"] >= 0} - done
        named = [o for o in mine if o.wanted in open_steps]
        return (named or [o for o in mine if o.wanted == "next_step"] or [None])[-1]

    def ordered(self, item: Item, order: Order, day: date) -> tuple[int, dict[str, Any]] | None:
        if order.wanted == "next_step":
            return self.next_step(item, day)
        steps = all_steps(self.policies[item.account])
        return next((place, step) for place, step in enumerate(steps, start=1) if step["code"] == order.wanted)

    def break_promises(self, day: date) -> None:
        """Promises past their end, each judged with those of the same customer and days."""
        over = [h for h in self.holds if h.is_promise and h.end is not None and h.end < day]
        told: dict[str, Order] = {}
        for promise in sorted(over, key=lambda h: h.end or day):
            together = [h for h in over if (h.account, h.start, h.end) == (promise.account, promise.start, promise.end)]
            if not self._kept(together, day):
                for item in self._promised(promise):
                    if self._is_broken(promise, item):
                        wanted = self.policies[item.account].get("on_broken_promise", "next_step")
                        told[item.number] = Order(item.number, wanted, day, promise)
        self.orders += told.values()

    def _promised(self, promise: Hold) -> list[Item]:
        if promise.item is not None:
            return [self.items[promise.item]]
        return [i for i in self.of(promise.account) if i.open > 0 and i.due <= promise.start]

    def _paid_for(self, promise: Hold, item: Item) -> Decimal:
        end = promise.end or promise.start
        return sum((amount for on, amount in item.paid if promise.start <= on <= end), ZERO)

    def _kept(self, together: list[Hold], day: date) -> bool:
        asked = paid = ZERO
        for promise in together:
            for item in self._promised(promise):
                gone = sum((amount for on, amount in item.paid if promise.start <= on <= day), ZERO)
                asked += promise.amount if promise.amount is not None else item.open + gone
                paid += self._paid_for(promise, item)
        first = together[0]
        received = (
            m for code, on, m in self.money_on if code == first.account and first.start <= on <= (first.end or on)
        )
        return paid + sum(received, ZERO) >= asked

    def _is_broken(self, promise: Hold, item: Item) -> bool:
        known = any(o.promise is promise and o.item == item.number for o in self.orders)
        since = any(not t.voided and promise.end is not None and t.on > promise.end for t in item.taken)
        enough = promise.amount is not None and self._paid_for(promise, item) >= promise.amount
        return item.open > 0 and not known and not since and not enough

    # --- rules 4 to 8, 15 -----------------------------------------------------------------------------

    def decide(self, day: date) -> list[Action]:
        if not is_working(day):
            return []
        return [action for account in sorted(self.policies) for action in self.decide_account(account, day)]

    def decide_account(self, account: str, day: date) -> list[Action]:
        policy = self.policies[account]
        total = self.dunnable_overdue(account, day)
        enough = total > 0 and total >= Decimal(policy.get("minimum_overdue", 0))
        asked = {i.number: self.dunnable(i, day) for i in self.of(account)}
        due: dict[str, tuple[int, dict[str, Any]]] = {}
        for item in self.of(account):
            if asked[item.number] > 0 and (enough or self.dunning_date(item) >= day):
                found = self.is_due(item, day)
                if found:
                    due[item.number] = found
        top = self.highest_contact(policy, day)
        due = self._without_those_that_wait(account, due, day)
        contacts = {n: d for n, d in due.items() if "channel" in d[1] and d[0] <= top}
        measures = {n: d for n, d in due.items() if "action" in d[1]}
        made = self._contact(account, day, policy, contacts, enough, asked)
        return made + self._measures(account, day, policy, measures)

    def held_of_late(self, item: Item, day: date) -> bool:
        """After a hold of all of it: the days that its kind asks for, or till the day after its release."""
        policy = self.policies[item.account]
        for hold in self.holds:
            ended = [d for d in (hold.end, hold.released and hold.released - timedelta(days=1)) if d]
            if (
                hold.account != item.account
                or hold.item not in (None, item.number)
                or (hold.amount is not None and hold.amount < item.open)
                or not ended
            ):
                continue
            last = min(ended)
            if last < hold.start or last >= day:
                continue
            if (day - last).days < policy.get("after_hold", {}).get(hold.kind, 0):
                return True
            by_release = hold.released == day and (hold.end is None or hold.end >= day)
            if policy.get("release") == "next_working_day" and by_release:
                return True
        return False

    def _without_those_that_wait(self, account: str, due: dict, day: date) -> dict:  # type: ignore[type-arg]
        """Items of an action that waits for approval wait; others that come to its step join it."""
        waiting = [a for a in self.actions if a.account == account and a.waits and not a.withdrawn]
        bound = {n for a in waiting for n in a.moved}
        free = {}
        for number, (place, step) in due.items():
            same = [a for a in waiting if a.step == step["code"]]
            if number in bound:
                continue
            if same:
                same[0].moved.append(number)
                same[0].steps[number] = step["code"]
                if number not in same[0].listed:
                    same[0].listed.append(number)
            elif self.standing_order(self.items[number], day) or not self.held_of_late(self.items[number], day):
                free[number] = (place, step)
        return free

    def approved(self, day: date) -> None:
        """What was granted moves, on a working day, where its account has no other contact on it; what was skipped too."""
        if is_working(day):
            for action in sorted(self.actions, key=lambda a: (a.clears or day, -a.position)):
                others = [
                    a for a in self.actions
                    if a.account == action.account and a.kind == "contact" and a.on == day and not a.withdrawn and a is not action
                ]  # fmt: skip
                is_clear = action.clears is not None and action.clears <= day
                if action.waits and is_clear and not action.withdrawn and (action.kind == "measure" or not others):
                    action.asks.pop(0)
                    action.clears = None
                    if action.asks:
                        continue
                    action.on = day
                    left_behind = [n for n in action.moved if self.dunnable(self.items[n], day) <= 0]
                    action.moved = [n for n in action.moved if n not in left_behind]
                    action.mentioned += left_behind
                    for number in action.moved:
                        self._move(self.items[number], action.steps[number], day, action.policy, action)
        for action in self.actions:
            if action.waits and action.skipped:
                action.asks = []
                for number in action.moved:
                    self._move(self.items[number], action.steps[number], day, action.policy, action)

    def highest_contact(self, policy: dict[str, Any], day: date) -> int:
        """The highest position whose contact may be made on this day of the year."""
        top = len(all_steps(policy))
        for period in policy.get("quiet", []):
            begins, ends, today = period["from"], period["to"], day.strftime("%m-%d")
            is_quiet = begins <= today <= ends if begins <= ends else today >= begins or today <= ends
            if is_quiet:
                codes = [step["code"] for step in all_steps(policy)]
                top = min(top, codes.index(period["max_step"]) + 1 if "max_step" in period else 0)
        return top

    def _contact(
        self, account: str, day: date, policy: dict[str, Any], due: dict, enough: bool, asked: dict
    ) -> list[Action]:  # type: ignore[type-arg]
        if not due:
            return []
        late = policy.get("absorb_lower", 0)
        codes = [step["code"] for step in all_steps(policy)]
        recent = [
            codes.index(last.step) + 1
            for i in self.of(account)
            if late and i.open != 0 and (last := i.last()) and last.source != "absorbed" and (day - last.on).days < late
            and last.step in codes
        ]  # fmt: skip
        highest = max(place for place, _ in due.values())
        musts = [place for place, step in due.values() if step.get("must")]
        best_must = max(musts, default=None)
        limit = policy.get("contact_limit")
        mine = [a for a in self.actions if a.account == account and a.kind == "contact" and not a.withdrawn]
        too_many = bool(limit) and sum((day - a.on).days < limit["days"] for a in mine) >= limit["max"]
        absorbed = bool(recent) and highest < max(recent) and best_must != highest
        chosen: int | None = best_must if (absorbed or too_many) and best_must != highest else highest
        if any(a.on == day for a in mine):
            chosen = None
        written = {n: d for n, d in due.items() if d[1]["channel"] != "phone"}
        if chosen == highest and written and all_steps(policy)[chosen - 1].get("absorbs") is False:
            calls = {n: d for n, d in due.items() if n not in written}
            made = [self._write(account, day, policy, calls, chosen, enough, asked)]
            self._absorb(calls, chosen, absorbed, day, policy)
            highest = max(place for place, _ in written.values())
            best_must = max((place for place, step in written.values() if step.get("must")), default=None)
            too_many = bool(limit) and sum((day - a.on).days < limit["days"] for a in mine) + 1 >= limit["max"]
            absorbed = bool(recent) and highest < max(recent)
            chosen = best_must if absorbed or too_many else highest
            if chosen is not None:
                made.append(self._write(account, day, policy, written, chosen, enough, asked))
            self._absorb(written, chosen, absorbed, day, policy)
            return made
        made = []
        if chosen is not None:
            made = [self._write(account, day, policy, due, chosen, enough, asked)]
        self._absorb(due, chosen, absorbed, day, policy)
        return made

    def _absorb(self, due: dict, chosen: int | None, absorbed: bool, day: date, policy: dict[str, Any]) -> None:  # type: ignore[type-arg]
        for number, (place, step) in due.items():
            if absorbed and not step.get("must") and place > (chosen or 0):
                self._move(self.items[number], step["code"], day, policy, None, "absorbed")

    def _write(
        self, account: str, day: date, policy: dict[str, Any], due: dict, chosen: int, enough: bool, asked: dict
    ) -> Action:  # type: ignore[type-arg]
        step = all_steps(policy)[chosen - 1]
        action = self._action(account, day, policy, chosen)
        formal = [
            p for p, s in enumerate(all_steps(policy), start=1) if "formal_notice" in (s.get("template"), s["code"])
        ]
        is_mild = step["channel"] != "phone" and (not formal or chosen < formal[0])
        first, second, last = [], [], []
        for item in sorted(self.of(account), key=self.dunning_date):
            number = item.number
            moves = number in due and due[number][0] <= chosen
            late = self.dunning_date(item) < day
            if moves:
                action.moved.append(number)
                (last if not late else first if due[number][0] == chosen else second).append(number)
            elif asked[number] > 0 and late and enough and not (is_mild and self._formally_noticed(item)):
                action.mentioned.append(number)
                second.append(number)
        action.listed = first + second + last
        for number in action.moved:
            self._take(self.items[number], due[number][1]["code"], day, policy, action)
        return action

    def _take(self, item: Item, step: str, day: date, policy: dict[str, Any], action: Action) -> None:
        """Moves it, or notes where it will move to once the action is approved."""
        if action.waits:
            action.steps[item.number] = step
        else:
            self._move(item, step, day, policy, action)

    def _formally_noticed(self, item: Item) -> bool:
        for taken in item.taken:
            step = next(s for s in all_steps(taken.policy) if s["code"] == taken.step)
            if not taken.voided and "formal_notice" in (step.get("template"), step["code"]):
                return True
        return False

    def _measures(self, account: str, day: date, policy: dict[str, Any], due: dict) -> list[Action]:  # type: ignore[type-arg]
        made = []
        for place in sorted({place for place, _ in due.values()}):
            step = all_steps(policy)[place - 1]
            numbers = [n for n, (p, _) in due.items() if p == place]
            open_ones = [
                a for a in self.actions
                if a.account == account and a.kind == "measure" and a.step == step["code"] and not a.withdrawn and not a.finished
                and a.measure != "order_block"
            ]  # fmt: skip
            blocked = step["action"] == "order_block" and self.blocks.get(account, 0) >= step["level"]
            if open_ones:
                action: Action | None = open_ones[-1]
            elif blocked:
                action = None
            else:
                action = self._action(account, day, policy, place)
                made.append(action)
            for number in numbers:
                if action:
                    action.moved.append(number)
                    self._take(self.items[number], step["code"], day, policy, action)
                else:
                    self._move(self.items[number], step["code"], day, policy, action)
        return made

    def _action(self, account: str, day: date, policy: dict[str, Any], place: int) -> Action:
        step = all_steps(policy)[place - 1]
        kind = "contact" if "channel" in step else "measure"
        action = Action(account, day, kind, step["code"], place, step.get("channel", ""), step.get("action", ""),
                        Decimal(policy.get("minimum_item", 0)), level=step.get("level", 0), policy=policy, asks=self._asks(step), clears=self._silence(step, day))  # fmt: skip
        self.actions.append(action)
        return action

    def _asks(self, step: dict[str, Any]) -> list[str]:
        return [key for key in ("consult", "approval") if key in step]

    def _silence(self, step: dict[str, Any], day: date) -> date | None:
        """The day on which nobody's word is a word."""
        consult = step.get("consult")
        if consult is None:
            return None
        if consult.get("silence") == "wait":
            return day + timedelta(days=consult.get("max_delay", 7))
        return working_days_after(day, consult.get("working_days", 2))

    def _move(
        self, item: Item, step: str, day: date, policy: dict[str, Any], action: Action | None, source: str = "engine"
    ) -> None:
        taken = Taken(step, day, policy, action, source)
        item.taken.append(taken)
        for order in self.orders:
            if order.item == item.number and order.spent_by is None:
                order.spent_by = taken

    # --- rules 7, 9, 14: before deciding --------------------------------------------------------------

    def withdraw(self, day: date) -> None:
        for action in self.actions:
            if action.withdrawn or action.finished or action.measure == "order_block":
                continue
            items = [self.items[n] for n in action.moved]
            if not any(self._is_left(item, action, day) for item in items):
                action.withdrawn = True
                if any(item.open > 0 for item in items):
                    for item in items:
                        for taken in item.taken:
                            if taken.action is action:
                                self._void(taken)

    def _is_left(self, item: Item, action: Action, day: date) -> bool:
        """Whether the action may still speak of it: open, not at the bank since, and not below the minimum for a hold."""
        at_bank = item.bank_status in ("portfolio", "presented", "credited")
        since = item.presented_on is not None and item.presented_on >= action.on
        rest = item.open - self.held(item, day)
        return rest > 0 and rest >= action.minimum_item and not (at_bank and since)

    def _void(self, taken: Taken) -> None:
        taken.voided = True
        for order in self.orders:
            if order.spent_by is taken:
                order.spent_by = None

    def carry_out(self, made: list[Action]) -> None:
        for action in made:
            if action.measure == "order_block":
                self.blocks[action.account] = max(self.blocks.get(action.account, 0), action.level)

    def tear_up_repeated_calls(self, day: date) -> None:
        """A call or task taken again today stands for an open one of its step, where what that is about is in later ones."""
        going = [
            a for a in self.actions
            if (a.channel == "phone" or a.measure == "task") and not (a.withdrawn or a.finished or a.waits)
        ]  # fmt: skip
        torn = []
        for earlier in going:
            alike = [
                a for a in going if (a.account, a.step, a.channel) == (earlier.account, earlier.step, earlier.channel)
            ]
            left = {n for n in earlier.moved if self._is_left(self.items[n], earlier, day)}
            later = {n for a in alike if a.on > earlier.on for n in a.moved if self._is_left(self.items[n], a, day)}
            if left and left <= later and any(a.on == day for a in alike):
                torn.append(earlier)
        for action in torn:
            action.finished = True

    def live(self, day: date) -> list[Action]:
        self.withdraw(day)
        self.break_promises(day)
        self.approved(day)
        made = self.decide(day)
        self.carry_out(made)
        self.tear_up_repeated_calls(day)
        return made
