"""What the invented company sold and what came in: items, Ri.Ba. on their way, payments by habit.

Amounts are whole euro cents. Days are business days of the Italian calendar.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from math import exp
from random import Random

import holidays

from spartito.demo import identifiers
from spartito.demo.company import Company, Customer
from spartito.demo.words import RETURN_REASONS

DAYS_OF_HISTORY = 730
SEASON = {1: 0.9, 2: 1.0, 3: 1.15, 4: 1.1, 5: 1.15, 6: 1.1, 7: 1.1, 8: 0.35, 9: 1.15, 10: 1.25, 11: 1.15, 12: 0.8}
GROWTH_A_YEAR = 1.12


@dataclass(slots=True)
class Receipt:
    """Money laid on an item: `kind` is a payment type, COMP for a credit note or a VAT transfer."""

    day: date
    cents: int
    kind: str
    reference: str


@dataclass(slots=True)
class Item:
    customer: Customer
    document_type: str
    number: str
    instalment: str
    issue_date: date
    due_date: date
    cents: int
    payment_type: str
    vat_split: int = 0
    withheld: int = 0
    cig: str = ""
    cup: str = ""
    order_number: str = ""
    presented_on: date | None = None
    returned_on: date | None = None
    return_reason: str = ""
    hold: str = ""
    hold_reason: str = ""
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def external_id(self) -> str:
        return f"{self.customer.creditor.code}-{self.number}-{self.instalment or '1'}"

    def open_cents(self, day: date) -> int:
        """What is still open in the evening of `day`, signed; 0 before the document was issued."""
        if self.issue_date > day:
            return 0
        return self.cents - sum(receipt.cents for receipt in self.receipts if receipt.day <= day)

    def bank_status(self, day: date) -> str:
        """Where the Ri.Ba. is on `day`: in portfolio, at the bank, back."""
        if self.returned_on and self.returned_on <= day:
            return "returned"
        if self.payment_type != "RIB":
            return "none"
        if self.presented_on and self.presented_on <= day:
            return "credited"
        return "portfolio"


@dataclass(slots=True)
class Trade:
    """Everything that happened up to `today`, in order of issue."""

    today: date
    items: list[Item]
    unmatched: list[tuple[Customer, Receipt]]

    def open_items(self, day: date) -> list[Item]:
        return [item for item in self.items if item.open_cents(day)]


def make_trade(company: Company, *, seed: int, today: date, items: int = 88_000) -> Trade:
    """About `items` items of the two years before `today`, and the payments received by then."""
    rng = Random(seed * 7919 + today.toordinal())
    invoices = sorted(_invoices(rng, company, today, items), key=lambda pair: pair[0])
    made: list[Item] = []
    counters: dict[tuple[str, int], int] = {}
    stops = _stops(rng, company, today)
    for day, customer in invoices:
        count = counters[customer.creditor.code, day.year] = counters.get((customer.creditor.code, day.year), 0) + 1
        prefix = "S" if customer.creditor.code == "ASV" else ""
        made += _bill(rng, customer, day, f"{prefix}{count}/{day.year}")
    for item in made:
        _settle(rng, item, today, stops.get(id(item.customer)))
    made += _credit_notes(rng, made, today)
    _holds(rng, made, today)
    return Trade(today=today, items=made, unmatched=_unmatched(rng, made, today))


@cache
def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in _calendar(day.year)


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("IT", years=year)


def working_day(day: date) -> date:
    """The first working day from `day` on."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def last_working_day(day: date) -> date:
    """The last working day up to `day`."""
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def _invoices(rng: Random, company: Company, today: date, items: int) -> list[tuple[date, Customer]]:
    """(day, customer) of every invoice: heavier customers more often, with seasons and growth."""
    days = [today - timedelta(days=back) for back in range(DAYS_OF_HISTORY, 0, -1)]
    days = [day for day in days if is_working(day)]
    day_weights = [SEASON[day.month] * GROWTH_A_YEAR ** ((day - today).days / 365) for day in days]
    weights = [min(customer.weight, 40) for customer in company.customers]
    expected = sum(w * len(c.terms.days) for w, c in zip(weights, company.customers, strict=True)) / sum(weights)
    count = round(items / expected)
    return list(
        zip(rng.choices(days, day_weights, k=count), rng.choices(company.customers, weights, k=count), strict=True)
    )


def _bill(rng: Random, customer: Customer, day: date, number: str) -> list[Item]:
    """The items of one invoice: one for each instalment of the customer's terms."""
    total = _amount(rng, customer)
    vat = total - round(total / 1.22)
    terms = customer.terms.days if total > 30_000 else customer.terms.days[:1]
    order = f"ODA-{rng.randrange(1000, 99999)}" if rng.random() < 0.4 else ""
    public = customer.credit_class == "ENT"
    codes = (identifiers.cig(rng=rng), identifiers.cup(rng=rng) if rng.random() < 0.4 else "") if public else ("", "")
    items = []
    for index, days in enumerate(terms):
        cents = total // len(terms) + (total % len(terms) if index == 0 else 0)
        items.append(
            Item(
                customer=customer,
                document_type="invoice" if rng.random() > 0.01 else "debit_note",
                number=number,
                instalment=str(index + 1) if len(terms) > 1 else "",
                issue_date=day,
                due_date=_due(day, days, customer.terms.end_of_month),
                cents=cents,
                payment_type=customer.payment_type,
                vat_split=round(vat * cents / total) if public else 0,
                withheld=round((total - vat) * 0.04) if customer.sector == "COND" and len(terms) == 1 else 0,
                cig=codes[0],
                cup=codes[1],
                order_number=order,
            )
        )
    first = items[0].document_type
    for item in items[1:]:
        item.document_type = first
    return items


def _amount(rng: Random, customer: Customer) -> int:
    """Cents of one invoice: log-normal, larger for larger customers, small for private people."""
    middle = 180 if customer.credit_class == "PF" else 620 * (1 + min(customer.weight, 30) / 6)
    return max(1500, round(middle * exp(rng.gauss(0, 0.85)) * 100))


def _due(day: date, days: int, end_of_month: bool) -> date:
    due = day + timedelta(days=days)
    if end_of_month:
        due = (due.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return due


def _stops(rng: Random, company: Company, today: date) -> dict[int, date]:
    """Customers in trouble: from that day on they pay nothing any more."""
    troubled = [c for c in company.customers if rng.random() < _risk(c)]
    return {id(c): today - timedelta(days=rng.randrange(15, 300)) for c in troubled}


def _risk(customer: Customer) -> float:
    if customer.weight > 8:
        return 0
    return {"A": 0.003, "B": 0.02, "C": 0.1, "D": 0.25}[customer.habit.rating] / (2 if customer.weight > 3 else 1)


def _settle(rng: Random, item: Item, today: date, stop: date | None) -> None:
    """Presents, returns and pays the item as its customer would, up to `today`."""
    due = item.due_date
    if item.payment_type == "RIB":
        item.presented_on = working_day(due - timedelta(days=20))
        paid_on = working_day(due + timedelta(days=1))
        if (stop and due >= stop) or rng.random() < item.customer.habit.returned:
            item.returned_on = working_day(due + timedelta(days=rng.randrange(3, 8)))
            item.return_reason = rng.choice(RETURN_REASONS)
            paid_on = working_day(item.returned_on + timedelta(days=max(2, round(rng.gauss(18, 12)))))
        if item.returned_on and item.returned_on > today:
            item.returned_on, item.return_reason, paid_on = None, "", today + timedelta(days=9)
    else:
        paid_on = _pay_day(rng, item)
    if (stop and paid_on >= stop and (item.payment_type != "RIB" or item.returned_on)) or paid_on > today:
        return
    _pay(rng, item, paid_on, today)


def _pay_day(rng: Random, item: Item) -> date:
    """By habit; public bodies take longer, end-of-month payers pay on the last day or on the tenth."""
    habit = item.customer.habit
    late = rng.gauss(habit.mean, habit.spread) + (25 if item.customer.credit_class == "ENT" else 0)
    if rng.random() < 0.03:
        late += rng.expovariate(1 / 40)
    day = item.due_date + timedelta(days=round(late))
    if habit.name == "end_of_month" and day.day > 10:
        day = _due(day, 0, end_of_month=True)
    return max(working_day(day), item.issue_date + timedelta(days=1))


def _pay(rng: Random, item: Item, day: date, today: date) -> None:
    """One receipt, or a part now and the rest later (or never); split VAT and withheld tax leave beside it."""
    kind = "BON" if item.returned_on or (item.payment_type == "SDDB" and rng.random() < 0.1) else item.payment_type
    owed = item.cents - item.vat_split - item.withheld
    part = round(owed * rng.uniform(0.3, 0.7)) if kind == "BON" and rng.random() < 0.03 else owed
    item.receipts.append(Receipt(day, part, kind, _reference(rng, item, kind)))
    rest_on = working_day(day + timedelta(days=rng.randrange(10, 60)))
    if part < owed and rest_on <= today:
        item.receipts.append(Receipt(rest_on, owed - part, kind, f"Saldo ft. {item.number}"))
    aside = item.vat_split + item.withheld
    if aside and rng.random() < 0.97 and (part == owed or rest_on <= today):
        item.receipts.append(
            Receipt(max(day, rest_on if part < owed else day), aside, "COMP", "Giroconto IVA e ritenute")
        )


def _reference(rng: Random, item: Item, kind: str) -> str:
    if kind == "RIB":
        return "Ri.Ba. a buon fine"
    return f"{rng.choice(('Saldo ft.', 'Pag. fatt.', 'Ft. n.'))} {item.number}"


def _credit_notes(rng: Random, items: list[Item], today: date) -> list[Item]:
    """Credits: the used ones were set off on their invoice, the recent ones are still open."""
    notes: list[Item] = []
    for item in items:
        if item.document_type != "invoice" or rng.random() > 0.03:
            continue
        day = working_day(item.issue_date + timedelta(days=rng.randrange(5, 40)))
        if day > today or item.receipts:
            continue
        cents = max(100, round(item.cents * rng.choice((0.05, 0.1, 0.15, 0.3))))
        age = (today - day).days
        if age > 60:
            item.receipts.append(Receipt(day, cents, "COMP", f"Nota di credito su ft. {item.number}"))
            continue
        number = f"NC{len(notes) + 1}/{day.year}"
        if item.customer.creditor.code == "ASV":
            number = "S" + number
        notes.append(Item(item.customer, "credit_note", number, "", day, day, -cents, "COMP"))
    return notes


def _holds(rng: Random, items: list[Item], today: date) -> None:
    """What the accounts department already marked in its ledger: disputes, lawyers, insolvencies."""
    old = [item for item in items if item.document_type == "invoice" and item.open_cents(today) > 0]
    for item in old:
        age = (today - item.due_date).days
        if 10 < age < 120 and rng.random() < 0.03:
            item.hold, item.hold_reason = "dispute", rng.choice(DISPUTES)
    for customer in {id(i.customer): i.customer for i in old if (today - i.due_date).days > 200}.values():
        kind, why = rng.choice(
            (("legal", "Affidata all'avvocato"), ("insolvency", "Liquidazione giudiziale"), ("", ""), ("", ""))
        )
        if kind == "insolvency" and customer.sector in NEVER_INSOLVENT:
            kind, why = "legal", "Affidata all'avvocato"
        for item in old:
            if item.customer is customer and kind and item.due_date < today:
                item.hold, item.hold_reason = kind, why


NEVER_INSOLVENT = {"COND", "ENT"}  # condominiums and public bodies cannot be wound up by a court
DISPUTES = (
    "Merce difettosa",
    "Prezzo diverso dall'ordine",
    "Nota di credito attesa",
    "Fattura non ricevuta",
    "Quantità errata",
)


def _unmatched(rng: Random, items: list[Item], today: date) -> list[tuple[Customer, Receipt]]:
    """Transfers of the last three weeks that nobody has laid on an invoice yet."""
    debtors = {id(i.customer): i.customer for i in items if i.open_cents(today) > 0 and i.payment_type == "BON"}
    chosen = rng.sample(list(debtors.values()), min(40, len(debtors)))
    return [
        (
            customer,
            Receipt(
                working_day(today - timedelta(days=rng.randrange(4, 22))),
                rng.randrange(40, 900) * 100,
                "BON",
                "Acconto",
            ),
        )
        for customer in chosen
    ]
