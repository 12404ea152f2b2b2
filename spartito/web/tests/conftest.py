"""The ledgers, people and drafts that more than one test of the pages stands on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from spartito.cycle.runs import run_cycle
from spartito.ingest.operations import import_file
from spartito.strategies.models import Strategy
from spartito.strategies.operations import load_strategy
from spartito.tenants.models import Tenant
from spartito.web.tests.desk import TODAY, live
from spartito.web.tests.drafting import DRAFT
from spartito.web.tests.visits import browser_of, person
from tests.builders import customer as a_customer
from tests.builders import invoice

LEDGER = """customer_code,customer_name,document_number,issue_date,due_date,open_amount,salesperson_code,area_code,email,address,city
C1,Officine Rossi S.r.l.,2026/1,{long_ago},{late},1220.00,V1,NORD,amministrazione@officinerossi.it,Via Roma 1,Milano
C1,Officine Rossi S.r.l.,2026/2,{long_ago},{soon},400.00,V1,NORD,,,
C2,Trattoria da Ugo,2026/3,{long_ago},{late},88.40,V2,SUD,,Via Napoli 9,Bari
C3,=HYPERLINK("x"),2026/4,{long_ago},{very_late},5000.00,V2,SUD,c3@example.it,,
"""


@pytest.fixture
def today(tenant: Any) -> date:
    """A Friday: the engine plans on working days."""
    day = date(2026, 11, 20)
    Tenant.objects.filter(pk=tenant.pk).update(clock="last_run", last_run_date=day - timedelta(days=1))
    tenant.refresh_from_db()
    return day


@pytest.fixture
def ledger(tenant: Any, today: date, tmp_path: Any) -> None:
    days = {"long_ago": 120, "late": 25, "very_late": 70, "soon": -20}
    text = LEDGER.format(**{name: today - timedelta(days=back) for name, back in days.items()})
    path = tmp_path / "ledger.csv"
    path.write_text(text)
    result = import_file(path=path, kind="items", as_of=today)
    assert result.rejected == 0
    run_cycle(tenant=tenant, as_of=today)


@pytest.fixture
def manager(ledger: None) -> Client:
    return browser_of(person("rosa", "credit_manager"))


@pytest.fixture
def draft(ledger: None) -> int:
    """The standard strategy with its call ten days earlier and the second reminder gone."""
    source = Strategy.objects.get(code="standard").live_version.source  # type: ignore[union-attr]
    lines = [line.replace("days: 45", "days: 40") for line in source.splitlines() if "code: second," not in line]
    return load_strategy(source="\n".join(lines)).number


@pytest.fixture
def editor(manager: Client) -> Client:
    manager.post(f"{DRAFT}begin/")
    return manager


@pytest.fixture
def house(tenant):
    """The tenant on a Friday, with a customer of three invoices that was decided about."""
    tenant.clock, tenant.last_run_date = "last_run", TODAY
    tenant.save(update_fields=["clock", "last_run_date"])
    debtor = a_customer("C1", name="Rossi S.r.l.", phone="+39 02 123456")
    for number, late in (("1", 40), ("2", 20), ("3", -10)):
        invoice(debtor, number, due=TODAY - timedelta(days=late), amount="500.00", issued=TODAY - timedelta(days=90))
    live(TODAY)
    return tenant
