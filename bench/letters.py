"""Letters a second on one core: one page with letterhead, QR code and eight rows, as PDF/A."""

import csv
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import transaction
from django_tenants.utils import tenant_context
from pypdf import PdfReader

from bench.imports import drop
from bench.results import Measure
from spartito.actions.models import Message
from spartito.communications.letter import pdf_of
from spartito.communications.reading import pdf_for, written
from spartito.cycle.runs import run_cycle
from spartito.demo.identifiers import iban
from spartito.demo.intake import take_in
from spartito.portfolio.models import Creditor
from spartito.portfolio.operations.masterdata import edit_creditor
from spartito.tenants.models import Tenant
from spartito.tenants.operations import create_tenant

SLUG, LETTERS, ROWS = "bench-letters", 150, 8
SECONDS = 12
DAY = date(2026, 11, 16)
HEAD = "customer_code,customer_name,document_number,issue_date,due_date,open_amount,address,postal_code,city,province"


def measure() -> Iterator[Measure]:
    """Letters rendered, and letters rendered and put away in the archive."""
    drop(SLUG)
    tenant = create_tenant(slug=SLUG, name="Bench Letters S.p.A.", clock="last_run")
    with tenant_context(tenant):
        _plan(tenant)
        letters = list(Message.objects.filter(goes_by="letter").select_related("account", "creditor")[:LETTERS])
        if not letters:
            raise RuntimeError("the first reminder led to no letter")
        first = pdf_of(written(letters[0]))
        note = f"{len(PdfReader(BytesIO(first)).pages)} page(s), {ROWS} rows, {len(first) // 1024} KB each"
        rendered = _a_second([partial(_render, letter) for letter in letters])
        yield Measure("letters", "rendered, one core", rendered, "/s", bar=150, at_least=True, note=note)
        with transaction.atomic():
            archived = _a_second([partial(pdf_for, letter, as_of=DAY) for letter in letters])
        yield Measure("letters", "rendered and archived, one core", archived, "/s")


def _render(letter: Message) -> bytes:
    return pdf_of(written(letter))


def _a_second(makes: list[Callable[[], object]]) -> float:
    """How many a second, for at most SECONDS."""
    started = time.perf_counter()
    made = 0
    while made < len(makes) and time.perf_counter() - started < SECONDS:
        makes[made]()
        made += 1
    return made / (time.perf_counter() - started)


def _plan(tenant: Tenant) -> None:
    """Customers without e-mail, eight items overdue each: the first reminder falls back to a letter."""
    edit_creditor(
        user=None, as_of=DAY, creditor=Creditor.objects.get(), vat_number="00743110157", address="Via Roma, 1",
        postal_code="47921", city="Rimini", province="RN", iban=iban(rng=Random(1)), email="credito@bench.example",
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "items.csv"
        with path.open("w", newline="", encoding="utf-8") as target:
            writer = csv.writer(target)
            writer.writerow(HEAD.split(","))
            for customer in range(LETTERS):
                for row in range(ROWS):
                    due = DAY - timedelta(days=8 + row * 3)
                    writer.writerow(
                        [f"C{customer}", f"Impresa Edile {customer} S.r.l.", f"{customer}-{row}/2026", due - timedelta(days=30),
                         due, f"{100 + row * 37}.50", f"Via Dante, {customer + 1}", "47921", "Rimini", "RN"]
                    )  # fmt: skip
        take_in(kind="items", path=path, day=DAY, mode="snapshot")
    run_cycle(tenant=tenant, as_of=DAY)
