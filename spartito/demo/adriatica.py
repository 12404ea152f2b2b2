"""Tenant `demo`: the invented company as of today, its last months lived again by the engine and its people."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django_tenants.utils import tenant_context

from spartito.access.models import User
from spartito.access.operations import create_user, put_unit
from spartito.cycle.replay import replay
from spartito.cycle.runs import run_cycle
from spartito.demo import files
from spartito.demo.cast import PASSWORD, PEOPLE, Person, seller
from spartito.demo.company import Company, make_company
from spartito.demo.intake import take_in
from spartito.demo.people import work_the_day
from spartito.demo.trade import Trade, is_working, last_working_day, make_trade
from spartito.demo.words import AREAS, DIVISIONS, SECTORS
from spartito.ingest.models import Batch
from spartito.portfolio.models import Creditor
from spartito.portfolio.operations.masterdata import edit_creditor
from spartito.tenants.models import Tenant
from spartito.tenants.operations import create_tenant
from spartito.tenants.queries import business_date

SLUG, SEED = "demo", 7
DAYS_LIVED = 126
Say = Callable[[str, int, int | None], None]


def make_adriatica(*, say: Say, customers: int = 2000, items: int = 88_000, days_lived: int = DAYS_LIVED) -> Tenant:
    """The tenant, made and filled; what broke off is taken up again, what is whole only gets today's run."""
    tenant = Tenant.objects.filter(slug=SLUG).first() or create_tenant(slug=SLUG, name="Gruppo Adriatica")
    with tenant_context(tenant):
        today = business_date(tenant)
        if not _has_taken("items", "snapshot"):
            _fill(tenant, today, say, customers=customers, items=items, days_lived=days_lived)
        if tenant.last_run_date is None or tenant.last_run_date < today:
            run_cycle(tenant=tenant, as_of=today, on_progress=say)
    return tenant


def _has_taken(kind: str, mode: str = "delta") -> bool:
    return Batch.objects.filter(kind=kind, mode=mode, status=Batch.Status.DONE).exists()


def people(company: Company) -> list[Person]:
    """Everybody who logs in, with the salesperson of Emilia-Romagna."""
    return [*PEOPLE, seller(next(person for person in company.salespeople if person.area == "EMR"))]


def _fill(tenant: Tenant, today: date, say: Say, *, customers: int, items: int, days_lived: int) -> None:
    say("inventing the company", 0, None)
    company = make_company(seed=SEED, customers=customers)
    trade = make_trade(company, seed=SEED, today=today, items=items)
    _name_things(company, today)
    _make_users(company, today)
    if not _has_taken("payments"):
        _import_books(company, trade, say)
    _live(tenant, tenant.last_run_date or today - timedelta(days=days_lived), today, say)
    _import_todays_ledger(trade, say)


def _name_things(company: Company, today: date) -> None:
    """The creditors' letterheads, and the names of areas, divisions and sectors."""
    for code, (name, parent, _) in AREAS.items():
        put_unit(user=None, kind="area", code=code, name=name, parent=parent)
    for code, name in DIVISIONS.items():
        put_unit(user=None, kind="division", code=code, name=name)
    for code, (name, _) in SECTORS.items():
        put_unit(user=None, kind="sector", code=code, name=name)
    for creditor in company.creditors:
        edit_creditor(
            user=None,
            as_of=today,
            creditor=Creditor.objects.filter(code__in=["MAIN", creditor.code]).order_by("code").first(),
            code=creditor.code,
            name=creditor.name,
            vat_number=creditor.vat_number,
            tax_code=creditor.vat_number,
            address=creditor.address,
            postal_code=creditor.place.postal_code,
            city=creditor.place.city,
            province=creditor.place.province,
            country="IT",
            email=f"credito@{creditor.domain}",
            pec=f"{creditor.code.lower()}@pec.example",
            phone="+39 0541 555100",
            iban=creditor.iban,
            bank_name="Intesa Sanpaolo",
        )


def _make_users(company: Company, today: date) -> None:
    for person in people(company):
        if not User.objects.filter(username=person.username).exists():
            create_user(
                user=None,
                as_of=today,
                username=person.username,
                full_name=person.full_name,
                profile=person.profile,
                scopes=person.scopes,
                password=PASSWORD,
                email=f"{person.username}@adriaticaforniture.example",
            )


def _import_books(company: Company, trade: Trade, say: Say) -> None:
    """Master data, every document ever issued, every receipt with its day."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        files.write_salespeople(company=company, path=here / "salespeople.csv", logins=people(company))
        files.write_customers(company=company, path=here / "customers.csv")
        files.write_contacts(company=company, path=here / "contacts.csv")
        files.write_history(trade=trade, path=here / "items.csv")
        files.write_payments(trade=trade, path=here / "payments.csv")
        for kind in ("salespeople", "customers", "contacts", "items", "payments"):
            take_in(kind=kind, path=here / f"{kind}.csv", day=trade.today, mode="delta", say=say)


def _live(tenant: Tenant, start: date, today: date, say: Say) -> None:
    """Every day up to the last working one: the run of the morning, then people at work.

    What the last morning planned is left as it is: its tasks open, its messages waiting.
    """
    rng = Random(SEED)
    last = last_working_day(today)
    days = [start + timedelta(days=number) for number in range((last - start).days)]
    working = [day for day in days if is_working(day)]
    say("living the last months", 0, None)
    for number, day in enumerate(working):
        say(f"living {day}", number, len(working))
        replay(tenant=tenant, start=day, end=day)
        work_the_day(day=day, rng=rng)
    if last < today:
        run_cycle(tenant=tenant, as_of=last, on_progress=say)


def _import_todays_ledger(trade: Trade, say: Say) -> None:
    """This morning's snapshot, as the ERP wrote it, with what accounting marked on it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        files.write_ledger(trade=trade, day=trade.today, path=path)
        take_in(kind="items", path=path, day=trade.today, mode="snapshot", say=say)
