"""One invoice a day for 60 days to one late customer: `python -m bench --invoice-a-day [--full]`.

Prints her inbox as she reads it and the collector's list of every morning, to be read and judged
(docs/explanation/an-invoice-a-day.md). She pays each invoice 25 days late.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django_tenants.utils import tenant_context

from bench.imports import drop
from spartito.access.models import User
from spartito.access.operations import create_user
from spartito.actions.models import ActionItem, Message, Task
from spartito.actions.outcomes import record_outcome
from spartito.communications.reading import written
from spartito.cycle.act import act
from spartito.cycle.replay import replay
from spartito.demo.intake import take_in
from spartito.tenants.models import Tenant
from spartito.tenants.operations import create_tenant

START = date(2026, 3, 2)
INVOICES, DAYS_LIVED = 60, 150
TERMS, LATE = 30, 25
SLUG = "invoice-a-day"


def tell(*, pays: bool = True, makes_calls: bool = True, full: bool = False) -> None:
    """Makes the tenant anew, lives the days and prints them; `full` prints the messages whole."""
    _make(pays=pays)
    _print_days(full=full, makes_calls=makes_calls)


def _make(*, pays: bool) -> None:
    """The tenant, its customer, sixty invoices known beforehand, and the money as it comes."""
    drop(SLUG)
    with tenant_context(create_tenant(slug=SLUG, name="Forniture Bianchi S.r.l.", clock="last_run")):
        create_user(user=None, as_of=START, username="anna", full_name="Anna Neri", profile="collector_global")
        with TemporaryDirectory() as folder:
            items, payments = Path(folder) / "items.csv", Path(folder) / "payments.csv"
            _write_items(items)
            _write_payments(payments)
            take_in(kind="items", path=items, day=START + timedelta(days=DAYS_LIVED), mode="delta")
            if pays:
                take_in(kind="payments", path=payments, day=START + timedelta(days=DAYS_LIVED))


def _write_items(path: Path) -> None:
    head = "customer_code,customer_name,document_number,issue_date,due_date,amount,open_amount,email,phone,assigned_to"
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(head.split(","))
        for number in range(INVOICES):
            issued = START + timedelta(days=number)
            cents = 15000 + (number * 7919) % 90000
            amount = f"{cents // 100}.{cents % 100:02d}"
            due = issued + timedelta(days=TERMS)
            writer.writerow(
                ["C1", "Officina Rossi S.r.l.", f"{number + 1}/2026", issued, due, amount, amount,
                 "amministrazione@officinarossi.example", "+39 0541 555000", "anna"]
            )  # fmt: skip


def _write_payments(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["customer_code", "document_number", "payment_date", "amount"])
        for number in range(INVOICES):
            cents = 15000 + (number * 7919) % 90000
            paid = START + timedelta(days=number + TERMS + LATE)
            writer.writerow(["C1", f"{number + 1}/2026", paid, f"{cents // 100}.{cents % 100:02d}"])


def _print_days(*, full: bool, makes_calls: bool) -> None:
    """Lives each day and prints what arrives and what the collector finds."""
    tenant = Tenant.objects.get(slug=SLUG)
    mails = calls = 0
    with tenant_context(tenant):
        for number in range(DAYS_LIVED):
            day = START + timedelta(days=number)
            replay(tenant=tenant, start=day, end=day)
            new = list(Message.objects.filter(due_on=day).exclude(status="withdrawn"))
            tasks = Task.objects.filter(status="open")
            fresh = list(tasks.filter(due_on=day))
            mails, calls = mails + len(new), calls + len(fresh)
            if new or fresh:
                print(f"\n=== {day:%a %d %b} ===")
            for message in new:
                _print_message(message, full)
            for task in fresh:
                print(f"  collector: {task.kind} {task.step_code} ({tasks.count()} open)")
            if makes_calls:
                _call(day)
    print(f"\n{mails} messages and {calls} tasks in {DAYS_LIVED} days for {INVOICES} invoices")


def _call(day: date) -> None:
    """The collector makes yesterday's calls; the customer promises, as always."""
    user = User.objects.get(username="anna")
    for task in Task.objects.filter(status="open", due_on__lt=day):
        act(record_outcome, user=user, customers=[task.customer_id], as_of=day, task=task.pk, code="DONE")


def _print_message(message: Message, full: bool) -> None:
    listed = ActionItem.objects.filter(planned_action=message.planned_action).count()
    print(f"  {message.channel} «{message.subject}» [{message.step_code}, {listed} items, {message.status}]")
    if full:
        print("    " + written(message).text.replace("\n", "\n    "))
