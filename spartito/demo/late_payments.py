"""Tenant `late-payments`: 2,466 real invoices of 2012 and 2013, lived again day by day as they were paid.

The set's licence is not stated, so it is not part of the project: it is looked for in `SPARTITO_DATA` and beside
the project. Names of people and addresses are not in it; e-mail addresses are invented, so that there is
somebody to write to. `Disputed` is left out: the set does not say from when to when.
"""

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django_tenants.utils import tenant_context

from spartito.access.models import User
from spartito.access.operations import create_user, put_unit
from spartito.cycle.replay import replay
from spartito.demo.cast import PASSWORD, Person
from spartito.demo.intake import set_strategy, take_in
from spartito.ingest.operations import save_mapping
from spartito.portfolio.models import Creditor
from spartito.portfolio.operations.masterdata import edit_creditor
from spartito.tenants.models import Tenant
from spartito.tenants.operations import create_tenant

SLUG = "late-payments"
FILE = "WA_Fn-UseC_-Accounts-Receivable.csv"
# 700 days; the last is a Friday, when a hundred of the invoices were still open.
FIRST, LAST = date(2011, 12, 31), date(2013, 11, 29)
KNOWN_UNTIL = date(2014, 3, 31)
INVOICES = {
    "columns": {
        "customer_code": "customerID",
        "document_number": "invoiceNumber",
        "issue_date": "InvoiceDate",
        "due_date": "DueDate",
        "open_amount": "InvoiceAmount",
        "amount": "InvoiceAmount",
        "area_code": "countryCode",
    },
    "dates": "mdy",
    "decimal": ".",
}
SETTLEMENTS = {
    "columns": {
        "customer_code": "customerID",
        "document_number": "invoiceNumber",
        "payment_date": "SettledDate",
        "amount": "InvoiceAmount",
    },
    "dates": "mdy",
    "decimal": ".",
}
PEOPLE = (
    Person("manager", "Morgan Reed", "credit_manager"),
    Person("collector", "Robin Hale", "collector_global"),
    Person("area.391", "Alex Stone", "area_manager", (("area", "391"),)),
)
Say = Callable[[str, int, int | None], None]


def find_data() -> Path | None:
    """The file, from SPARTITO_DATA (itself or its folder) or `../shared/data/ar_history`; None where it is not."""
    given = os.environ.get("SPARTITO_DATA")
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    for place in ([Path(given)] if given else []) + [beside]:
        for path in (place, place / FILE, place / "ar_history" / FILE):
            if path.is_file():
                return path
    return None


def make_late_payments(*, data: Path, say: Say, slug: str = SLUG, last: date = LAST) -> Tenant:
    """The tenant, filled and lived up to `last`; one that has lived already is left as it is."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is not None and tenant.last_run_date is not None and tenant.last_run_date >= last:
        return tenant
    if tenant is None:
        tenant = create_tenant(slug=slug, name="Late Payments Inc.", language="en", currency="USD", clock="last_run")
    with tenant_context(tenant):
        if not User.objects.exists():
            fill(data=data, say=say)
        replay(tenant=tenant, start=tenant.last_run_date or FIRST, end=last, on_progress=say)
    return tenant


def fill(*, data: Path, say: Say) -> None:
    """Users, strategy, customers, invoices and settlements; nothing has run yet. Inside the tenant's schema."""
    edit_creditor(
        user=None, as_of=FIRST, creditor=Creditor.objects.get(), name="Late Payments Inc.", address="1 Ledger Street",
        postal_code="10001", city="New York", country="US", email="receivables@latepayments.example",
    )  # fmt: skip
    for person in PEOPLE:
        if not User.objects.filter(username=person.username).exists():
            create_user(
                user=None, as_of=FIRST, username=person.username, full_name=person.full_name, language="en",
                profile=person.profile, scopes=person.scopes, password=PASSWORD,
            )  # fmt: skip
    set_strategy(Path(__file__).with_name("late_payments.yaml"))
    _import(data, say)


def _import(data: Path, say: Say) -> None:
    rows = list(csv.DictReader(data.open(encoding="utf-8-sig", newline="")))
    for code in sorted({row["countryCode"] for row in rows}):
        put_unit(user=None, kind="area", code=code, name=f"Country {code}")
    save_mapping(name="late-payments-invoices", kind="items", spec=INVOICES)
    save_mapping(name="late-payments-settlements", kind="payments", spec=SETTLEMENTS)
    with TemporaryDirectory() as folder:
        customers = Path(folder) / "customers.csv"
        _write_customers(sorted({row["customerID"] for row in rows}), customers)
        take_in(kind="customers", path=customers, day=KNOWN_UNTIL, say=say)
    take_in(kind="items", path=data, day=KNOWN_UNTIL, mode="delta", mapping="late-payments-invoices", say=say)
    take_in(kind="payments", path=data, day=KNOWN_UNTIL, mapping="late-payments-settlements", say=say)


def _write_customers(codes: list[str], path: Path) -> None:
    """The set has codes only; a name and an invented address are added."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["customer_code", "customer_name", "email", "phone", "language", "assigned_to"])
        for number, code in enumerate(codes):
            address = f"payables@{code.lower()}.example"
            writer.writerow([code, f"Customer {code}", address, f"+1 212 555 {number:04d}", "en", "collector"])
