"""A small company with a ledger, a history of four days and one user per profile, shared by the browser tests.

Thursday 26 November 2026 is its last run. Everything was made through the command line, as a user would.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures import Result, living_tenant

DAYS = [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 25), date(2026, 11, 26)]
PASSWORD = "Spartito-prova-26"
PEOPLE = {
    "credit_manager": ("anna", "Anna Mori"),
    "collector_global": ("carla", "Carla Neri"),
    "collector_sector": ("sergio", "Sergio Pini"),
    "temp_collector": ("tea", "Tea Sala"),
    "cash_clerk": ("ivo", "Ivo Casse"),
    "ceo": ("bruno", "Bruno Alti"),
    "general_manager": ("gaia", "Gaia Dori"),
    "sales_manager": ("silvio", "Silvio Mani"),
    "division_manager": ("dina", "Dina Visi"),
    "area_manager": ("aldo", "Aldo Reali"),
    "salesperson": ("vito", "Vito Vendi"),
    "order_desk": ("otto", "Otto Dini"),
    "customer_care": ("cecilia", "Cecilia Care"),
    "cfo": ("sonia", "Sonia Conti"),
    "controller": ("carlo", "Carlo Trolli"),
    "lawyer_internal": ("lara", "Lara Leggi"),
    "legal_clerk": ("lino", "Lino Atti"),
    "lawyer_external": ("elio", "Elio Foro"),
    "consultant_external": ("connie", "Connie Sulti"),
    "agency_manager": ("agata", "Agata Zia"),
    "agency_operator": ("agnese", "Agnese Tori"),
    "principal": ("primo", "Primo Mitti"),
    "auditor": ("rita", "Rita Viso"),
    "system_admin": ("adamo", "Adamo Sisti"),
}
SCOPES = {
    "collector_sector": ["area=NORD"],
    "temp_collector": ["area=SUD"],
    "division_manager": ["division=CASA"],
    "area_manager": ["area=NORD"],
    "salesperson": ["salesperson=A1"],
    "principal": ["creditor=MAIN"],
}


@dataclass
class Company:
    """The tenant, and how to get things done in it."""

    tenant: Any
    cli: Callable[..., Result]
    folder: Path

    def customer(self, code: str) -> Any:
        from spartito.portfolio.models import Customer

        return Customer.objects.get(code=code)

    @property
    def path(self) -> str:
        return f"/t/{self.tenant.slug}"


@pytest.fixture
def company(_company: Company) -> Company:
    """The company, in force for what the test itself asks the database."""
    from django.db import connection

    connection.set_schema_to_public()
    connection.set_tenant(_company.tenant)
    return _company


@pytest.fixture(scope="session")
def _company(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    with django_db_blocker.unblock(), living_tenant() as tenant:
        tenant.clock = "last_run"
        tenant.save(update_fields=["clock"])
        made = Company(tenant, _runner(tenant), tmp_path_factory.mktemp("company"))
        _fill(made)
        yield made


def _runner(tenant: Any) -> Callable[..., Result]:
    import contextlib
    import io

    def call(*arguments: str) -> Result:
        from django.db import connection

        from spartito.cli.frame import run
        from spartito.cli.main import root

        out, err = io.StringIO(), io.StringIO()
        connection.set_schema_to_public()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(root, ["--tenant", tenant.slug, "--json", *map(str, arguments)])
        connection.set_tenant(tenant)
        return Result(status, out.getvalue(), err.getvalue())

    return call


def _fill(company: Company) -> None:
    ledger = company.folder / "partite.csv"
    write_ledger(ledger)
    assert company.cli("import", "items", ledger, "--date", DAYS[0]).json["created"] == 20 * 3
    for day in DAYS:
        company.cli("cycle", "--date", day).json  # noqa: B018  raises when it fails
    company.tenant.refresh_from_db()
    _hire(company)
    for code in ("C05", "C06"):
        company.cli("hold", code, "--kind", "legal", "--because", "decreto ingiuntivo", "--user", "anna").json  # noqa: B018
    company.cli("cycle", "--date", DAYS[-1]).json  # noqa: B018


def write_ledger(path: Path) -> None:
    """Twenty customers in four areas, three invoices each: overdue by 5 to 90 days, or still to come."""
    rows = [
        {
            "customer_code": f"C{place:02}",
            "customer_name": f"Ditta {place:02} S.r.l.",
            "document_number": f"{place}/{number}",
            "issue_date": due - timedelta(days=60),
            "due_date": due,
            "open_amount": 400 * number + 37 * place,
            "salesperson_code": f"A{place % 4}",
            "area_code": ["NORD", "EST", "CENTRO", "SUD"][place % 4],
            "division_code": ["CASA", "UFFICIO"][place % 2],
            "phone": f"+39 02 5550{place:02}",
            "email": f"amministrazione@ditta{place:02}.example",
            "address": "Via Roma 1",
            "postal_code": "20100",
            "city": "Milano",
            "province": "MI",
        }
        for place in range(20)
        for number, due in enumerate((date(2026, 11, 1), date(2026, 10, 20), date(2026, 12, 20)), start=1)
    ]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _hire(company: Company) -> None:
    from spartito.access.operations import create_user, grant
    from spartito.portfolio.models import Creditor

    creditor = Creditor.objects.get().code
    for profile, (name, full_name) in PEOPLE.items():
        scopes = [tuple(scope.replace("MAIN", creditor).split("=")) for scope in SCOPES.get(profile, [])]
        person = create_user(
            user=None,
            as_of=DAYS[-1],
            username=name,
            profile=profile,
            scopes=scopes,
            password=PASSWORD,
            full_name=full_name,
        )
        if profile in ("lawyer_external", "consultant_external", "agency_manager", "agency_operator"):
            lent = [company.customer("C05").pk]
            grant(user=None, customers=lent, as_of=DAYS[-1], to=person, because="mandato")


@pytest.fixture
def sign_in(company: Company, browser_page: Any) -> Callable[[str], Any]:
    """Signs the holder of a profile in and shows the landing page."""

    def enter(profile: str) -> Any:
        page = browser_page
        page.goto(f"{company.path}/")
        page.get_by_label("Nome utente").fill(PEOPLE[profile][0])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Accedi").click()
        page.get_by_role("heading", name="Oggi").first.wait_for()
        page.wait_for_load_state("networkidle")  # a key pressed before the scripts are there is lost
        return page

    return enter
