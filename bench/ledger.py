"""Open ledgers of any size: a Pareto spread of customers, one of them with 5,000 items."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from stdnum import luhn

DAY = date(2026, 11, 16)
COLUMNS = [
    "customer_code",
    "customer_name",
    "vat_number",
    "document_type",
    "document_number",
    "issue_date",
    "due_date",
    "amount",
    "open_amount",
    "currency",
    "payment_type",
    "credit_class",
    "salesperson_code",
    "area_code",
    "division_code",
    "email",
    "bank_status",
]
CLASSES = ["STD"] * 90 + ["DIR"] * 2 + ["ENT"] * 4 + ["PF"] * 4
SALESPEOPLE, AREAS = 100, 20
# The customer with 5,000 items (5 % of a small ledger).
BIGGEST = "C000000"


@dataclass(frozen=True)
class Ledger:
    """Where the files of one size are."""

    items: int
    first: Path
    second: Path


def make_ledger(*, items: int, folder: Path) -> Ledger:
    """Two days of one ledger: `first`, and `second` with 2 % of its rows changed, closed or new."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(items, folder / f"items-{items}.csv", folder / f"items-{items}-next.csv")
    if not ledger.second.exists():
        rows = _rows(Random(1), items)
        _write(ledger.first, rows)
        _write(ledger.second, _next_day(Random(2), rows))
    return ledger


def _rows(rng: Random, items: int) -> list[list[str]]:
    owners = _owners(rng, items)
    customers = [_customer(rng, number) for number in range(items // 10)]
    return [_item(rng, number, customers[owner]) for number, owner in enumerate(owners)]


def _owners(rng: Random, items: int) -> list[int]:
    """The customer of each item, sorted as an ERP writes them; customer 0 has 5,000 (or 5 %)."""
    customers = items // 10
    biggest = min(5000, items // 20)
    weights = [min(rng.paretovariate(1.16), 300) for _ in range(customers)]
    rest = rng.choices(range(1, customers), weights[1:], k=items - biggest)
    return [0] * biggest + sorted(rest)


def _customer(rng: Random, number: int) -> dict[str, str]:
    body = f"{rng.randrange(10**6, 10**7)}{rng.randrange(1, 101):03d}"
    seller = rng.randrange(SALESPEOPLE)
    return {
        "code": f"C{number:06d}",
        "name": f"Adriatica {number} S.r.l.",
        "vat": body + luhn.calc_check_digit(body),
        "class": rng.choice(CLASSES),
        "salesperson": f"V{seller:03d}",
        "area": f"A{seller % AREAS:02d}",
        "email": f"amm{number}@c{number}.example",
    }


def _item(rng: Random, number: int, customer: dict[str, str]) -> list[str]:
    due = DAY + timedelta(days=int(rng.triangular(-90, 110, 50)))
    cents = max(1500, round(rng.lognormvariate(11, 1)))
    at_bank = rng.random() < 0.2
    return [
        customer["code"], customer["name"], customer["vat"], "invoice" if number % 50 else "credit_note", f"{number}/26",
        str(due - timedelta(days=60)), str(due), *(_money(cents, number % 50 == 0),) * 2, "EUR",
        "RIB" if at_bank else "BON", customer["class"], customer["salesperson"], customer["area"], f"D{number % 5}",
        customer["email"], "credited" if at_bank and due >= DAY else "none",
    ]  # fmt: skip


def _money(cents: int, credit: bool) -> str:
    return f"{'-' if credit else ''}{cents // 100}.{cents % 100:02d}"


def _next_day(rng: Random, rows: list[list[str]]) -> list[list[str]]:
    """1 % of the rows partly paid, 0.5 % gone, 0.5 % new."""
    amount = COLUMNS.index("open_amount")
    after = []
    for row in rows:
        chance = rng.random()
        if chance < 0.005:
            continue
        if chance < 0.015:
            row = row.copy()
            row[amount] = f"{float(row[amount]) * 0.6:.2f}"
        after.append(row)
    for number in range(len(rows) // 200):
        row = rng.choice(rows).copy()
        row[COLUMNS.index("document_number")] = f"N{number}/26"
        after.append(row)
    return after


def _write(path: Path, rows: list[list[str]]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    part.rename(path)
