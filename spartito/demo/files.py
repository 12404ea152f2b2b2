"""The invented company's books as the canonical files of any ERP (docs/reference/files.md)."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from spartito.demo.cast import Person
from spartito.demo.company import Company, Customer
from spartito.demo.trade import Item, Trade


def write_ledger(*, trade: Trade, day: date, path: Path) -> int:
    """The open ledger in the evening of `day` (a snapshot); returns its rows."""
    holds = day == trade.today
    return _write(path, (_ledger_row(item, day, holds) for item in trade.open_items(day)))


def write_history(*, trade: Trade, path: Path) -> int:
    """Every document ever issued, at its full amount (a delta); what paid it is in the payments file."""
    return _write(path, (_item_row(item, item.cents, trade.today) for item in trade.items))


def write_payments(*, trade: Trade, path: Path) -> int:
    """Every receipt with the document it pays, and the transfers that nobody has matched yet."""
    return _write(path, _payment_rows(trade))


def write_customers(*, company: Company, path: Path) -> int:
    heads = [c for c in company.customers if c.parent is None and c.payer is None]
    members = [c for c in company.customers if c.parent is not None or c.payer is not None]
    return _write(path, (_customer_row(customer) for customer in heads + members))


def write_contacts(*, company: Company, path: Path) -> int:
    return _write(path, _contact_rows(company))


def write_salespeople(*, company: Company, path: Path, logins: Iterable[Person] = ()) -> int:
    """The salespeople; those of `logins` (by name) with the user they log in as."""
    users = {person.full_name: person.username for person in logins if person.profile == "salesperson"}
    return _write(
        path,
        (
            {
                "salesperson_code": seller.code,
                "name": seller.name,
                "area_code": seller.area,
                "email": seller.email,
                "phone": seller.phone,
                "username": users.get(seller.name, ""),
            }
            for seller in company.salespeople
        ),
    )


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """One CSV, UTF-8 with commas; the first row names the columns. Returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as target:
        writer: csv.DictWriter[str] | None = None
        for count, row in enumerate(rows, start=1):  # noqa: B007
            if writer is None:
                writer = csv.DictWriter(target, list(row), lineterminator="\n")
                writer.writeheader()
            writer.writerow(row)
    return count


def money(cents: int) -> str:
    """Cents as a decimal string: -1234 is "-12.34"."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def _item_row(item: Item, open_cents: int, day: date) -> dict[str, Any]:
    customer = item.customer
    returned = item.returned_on if item.returned_on and item.returned_on <= day else None
    return {
        "creditor_code": customer.creditor.code,
        "customer_code": customer.code,
        "customer_name": customer.name,
        "document_type": item.document_type,
        "document_number": item.number,
        "instalment": item.instalment,
        "issue_date": item.issue_date,
        "due_date": item.due_date,
        "amount": money(item.cents),
        "open_amount": money(open_cents),
        "currency": "EUR",
        "payment_type": item.payment_type,
        "salesperson_code": customer.salesperson.code,
        "area_code": customer.place.area,
        "division_code": customer.division,
        "sector_code": customer.sector,
        "bank_status": item.bank_status(day),
        "presented_on": item.presented_on if item.presented_on and item.presented_on <= day else "",
        "returned_on": returned or "",
        "return_reason": item.return_reason if returned else "",
        "vat_split": money(item.vat_split) if item.vat_split else "",
        "withheld": money(item.withheld) if item.withheld else "",
        "order_number": item.order_number,
        "cig": item.cig,
        "cup": item.cup,
        "external_id": item.external_id,
    }


def _ledger_row(item: Item, day: date, holds: bool) -> dict[str, Any]:
    """Beside the item, what the accounts department marked on it (known for today only)."""
    marked = {"hold": item.hold, "hold_reason": item.hold_reason} if holds else {"hold": "", "hold_reason": ""}
    return _item_row(item, item.open_cents(day), day) | marked


def _payment_rows(trade: Trade) -> Iterable[dict[str, Any]]:
    for item in trade.items:
        for number, receipt in enumerate(item.receipts, start=1):
            yield _payment_row(
                item.customer, receipt.day, receipt.cents, receipt.kind, receipt.reference,
                external_id=f"P-{item.external_id}-{number}", item=item,
            )  # fmt: skip
    for number, (customer, receipt) in enumerate(trade.unmatched, start=1):
        yield _payment_row(
            customer, receipt.day, receipt.cents, receipt.kind, receipt.reference,
            external_id=f"P-{customer.creditor.code}-U{number}", item=None,
        )  # fmt: skip


def _payment_row(
    customer: Customer, day: date, cents: int, kind: str, reference: str, *, external_id: str, item: Item | None
) -> dict[str, Any]:
    return {
        "creditor_code": customer.creditor.code,
        "customer_code": customer.code,
        "payment_date": day,
        "amount": money(cents),
        "currency": "EUR",
        "payment_type": kind,
        "document_number": item.number if item else "",
        "instalment": item.instalment if item else "",
        "item_external_id": item.external_id if item else "",
        "reference": reference,
        "external_id": external_id,
    }


def _customer_row(customer: Customer) -> dict[str, Any]:
    return {
        "creditor_code": customer.creditor.code,
        "customer_code": customer.code,
        "customer_name": customer.name,
        "vat_number": customer.vat_number,
        "tax_code": customer.tax_code,
        "credit_class": customer.credit_class,
        "rating": customer.habit.rating,
        "is_consumer": "yes" if customer.is_consumer else "no",
        "language": customer.language,
        "address": customer.address,
        "postal_code": customer.place.postal_code,
        "city": customer.place.city,
        "province": customer.place.province,
        "country": customer.place.country,
        "email": customer.email,
        "pec": customer.pec,
        "phone": customer.phone,
        "salesperson_code": customer.salesperson.code,
        "area_code": customer.place.area,
        "division_code": customer.division,
        "sector_code": customer.sector,
        "payment_type": customer.payment_type,
        "payment_terms": customer.terms.label,
        "payer_code": customer.payer.code if customer.payer else "",
        "parent_code": customer.parent.code if customer.parent else "",
        "dun_group": "yes" if customer.dun_group else "no",
        "credit_limit": customer.credit_limit or "",
        "insured_limit": customer.insured_limit or "",
        "assigned_to": customer.collector,
    }


def _contact_rows(company: Company) -> Iterable[dict[str, Any]]:
    for customer in company.customers:
        for number, contact in enumerate(customer.contacts, start=1):
            yield {
                "creditor_code": customer.creditor.code,
                "customer_code": customer.code,
                "role": contact.role,
                "name": contact.name,
                "email": contact.email,
                "phone": contact.phone,
                "language": contact.language,
                "external_id": f"C-{customer.creditor.code}-{customer.code}-{number}",
            }
