"""Every page of lists, imports, messages, strategies, runs and master data, on a small imported ledger."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spartito.actions.models import Message
from spartito.cycle.daily import DAY
from spartito.ingest.models import Batch
from spartito.ingest.operations import import_file
from spartito.portfolio.models import Contact, Customer, Salesperson
from spartito.reference.queries import exchange_rate
from spartito.web.runs.reading import STEPS
from spartito.web.tests.visits import browser_of, get, person

PAGES = [
    "/customers/", "/customers/?overdue=yes&sort=-overdue", "/customers/?q=rossi", "/customers/?area=SUD",
    "/ageing/", "/ageing/?by=customer", "/ageing/?by=area&due=original", "/ageing/?by=credit_class",
    "/ageing/items/?by=collector&bucket=overdue", "/messages/", "/messages/?status=held", "/messages/prints/",
    "/messages/pauses/", "/messages/pauses/new/", "/imports/", "/imports/proposals/", "/imports/watched/",
    "/imports/watched/new/", "/imports/model/items.csv", "/runs/", "/strategies/", "/masterdata/",
    "/masterdata/salespeople/", "/masterdata/creditors/", "/masterdata/units/", "/masterdata/classes/",
    "/masterdata/payment-types/", "/masterdata/salespeople/new/", "/masterdata/units/new/",
    "/masterdata/customers/new/", "/masterdata/templates/", "/masterdata/rates/", "/masterdata/rates/new/",
    "/workload/", "/workload/?by=area", "/workload/?by=salesperson", "/workload/?by=customer&still=1",
    "/workload/tasks/", "/workload/tasks/?person=nobody", "/workload/tasks/?area=none&carried=1", "/workload/exhausted/",
    "/workload/settings/", "/workload/settings/weights/", "/workload/settings/efforts/",
    "/workload/settings/targets/new/", "/workload/settings/single-persons/", "/absences/", "/absences/new/",
    "/targets/", "/duedates/", "/duedates/?month=2026-12&kind=due", "/duedates/?view=list&person=nobody",
    "/duedates/?month=never&day=2026-11-20", "/duedates/?person=rubbish&area=none",
]  # fmt: skip


def test_every_page_opens(manager: Client) -> None:
    for address in PAGES:
        body = get(manager, address)
        assert not {"{%", "{{"} & set(re.findall(r"\{[%{]", body)), address


def test_the_list_filters_sorts_and_adds_up(manager: Client) -> None:
    body = get(manager, "/customers/?area=NORD")
    assert "Officine Rossi" in body
    assert "Trattoria da Ugo" not in body
    assert "1.220,00" in body
    everything = get(manager, "/customers/?sort=-overdue&all=1")
    assert everything.index("HYPERLINK") < everything.index("Officine Rossi") < everything.index("Trattoria da Ugo")


def test_a_list_remembers_its_filters_for_the_person(manager: Client) -> None:
    get(manager, "/customers/?area=NORD&sort=name")
    assert manager.get("/t/test/customers/").headers["Location"].endswith("?area=NORD&sort=name")


def test_lists_leave_as_files_and_no_cell_is_a_formula(manager: Client) -> None:
    for kind, start in {"xlsx": b"PK", "pdf": b"%PDF"}.items():
        assert manager.get(f"/t/test/customers/?all=1&export={kind}").content.startswith(start)
    answer = manager.get("/t/test/customers/?all=1&export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert any(row[0].startswith("'=HYPERLINK") for row in rows)


def test_each_number_of_the_ageing_list_leads_to_its_rows(manager: Client) -> None:
    body = get(manager, "/ageing/?by=area")
    links = re.findall(r'href="(/t/test/ageing/items/[^"]+)"', body)
    assert links
    for link in links:
        page = get(manager, link.replace("&amp;", "&").removeprefix("/t/test"))
        assert "data-row" in page, link


def test_the_ageing_list_is_quick_enough_and_asks_little(manager: Client) -> None:
    get(manager, "/ageing/?by=area")
    with CaptureQueriesContext(connection) as asked:
        get(manager, "/ageing/?by=area")
    assert len(asked) <= 25


def test_who_may_correct_a_customer_gets_there_from_its_page(manager: Client, ledger: None) -> None:
    rossi = Customer.objects.get(code="C1")
    clerk = Contact.objects.create(customer=rossi, name="Ada Conti", role="accounting", phone="02 1234")
    edits = f'href="/t/test/masterdata/customers/{rossi.pk}/"'
    adds, changes = f"/masterdata/contacts/new/?customer={rossi.pk}", f"/masterdata/contacts/{clerk.pk}/"
    page = get(manager, f"/customers/{rossi.pk}/")
    assert edits in page
    assert adds in page
    assert changes in page
    page = get(browser_of(person("carla", "collector_global")), f"/customers/{rossi.pk}/")
    assert edits not in page
    assert adds in page
    page = get(browser_of(person("rita", "auditor")), f"/customers/{rossi.pk}/")
    assert adds not in page
    assert changes not in page


def test_a_refusal_is_said_once_and_with_days_as_people_write_them(manager: Client) -> None:
    rossi = Customer.objects.get(code="C1")
    past = {"kind": "promise", "on": "2020-01-02", "ends_on": "2020-01-02"}
    page = manager.post(f"/t/test/customers/{rossi.pk}/hold/", past).content.decode()
    assert page.count("La sospensione finisce il 02/01/2020, prima di cominciare il 20/11/2026") == 1


def test_a_salesperson_meets_only_the_own_customers(ledger: None, today: date) -> None:
    Salesperson.objects.get(code="V1")
    client = browser_of(person("venditore", "salesperson", [("salesperson", "V1")]))
    for address in ("/customers/?all=1", "/ageing/?by=customer", "/messages/?all=1", "/customers/?all=1&export=csv"):
        body = get(client, address)
        assert not re.search("Trattoria|HYPERLINK", body), address
    get(client, "/imports/", 403)
    get(client, "/runs/", 403)


def test_a_message_is_read_as_it_will_be_sent(manager: Client) -> None:
    message = Message.objects.filter(account__code="C1").get()
    page = get(manager, f"/messages/{message.pk}/")
    assert "2026/1" in page
    mail = manager.get(f"/t/test/messages/{message.pk}/page/")
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "2026/1" in mail.content.decode()
    pdf = manager.get(f"/t/test/messages/{message.pk}/letter.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_a_message_leads_only_where_the_reader_may_go(manager: Client) -> None:
    message = Message.objects.filter(account__code="C1").first()
    assert "/masterdata/templates/" in get(manager, f"/messages/{message.pk}/")
    page = get(browser_of(person("vito", "sales_manager")), f"/messages/{message.pk}/")
    assert "/masterdata/templates/" not in page


def test_a_message_is_dropped_until_a_day(manager: Client, today: date) -> None:
    message = Message.objects.filter(account__code="C1").get()
    later = today + timedelta(days=10)
    answer = manager.post(
        f"/t/test/messages/{message.pk}/drop/", {"how": "not_before", "not_before": later.isoformat()}
    )
    assert answer.status_code == 302
    message.refresh_from_db()
    assert message.status == "withdrawn"


def test_a_channel_is_paused_and_lifted(manager: Client) -> None:
    assert manager.post("/t/test/messages/pauses/new/", {"channel": "email", "because": "indirizzi"}).status_code == 302
    assert "indirizzi" in get(manager, "/messages/")


def test_strategies_are_told_step_by_step(manager: Client) -> None:
    codes = re.findall(r'href="/t/test/strategies/([\w-]+)/"', get(manager, "/strategies/"))
    assert codes
    for code in codes:
        body = get(manager, f"/strategies/{code}/")
        assert "stop-day" in body
        assert "steps:" in get(manager, f"/strategies/{code}/1/text/")


def test_each_step_of_the_day_has_a_name() -> None:
    assert {name for name, _step in DAY} <= set(STEPS)


def test_the_run_log_tells_steps_and_plans(manager: Client) -> None:
    run = re.findall(r'href="/t/test/runs/(\d+)/"', get(manager, "/runs/"))[0]
    body = get(manager, f"/runs/{run}/")
    assert "strategies.decide" in body


def test_a_rejected_row_is_masked_for_who_sees_no_customer(today: date, tmp_path: Any) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("customer_code,customer_name,document_number,due_date,open_amount,email\n"
                    f"C9,Mario Bianchi,7,{today},boh,\nC8,Anna,8,{today},10,\n")  # fmt: skip
    result = import_file(path=path, kind="items", as_of=today, mode="delta")
    assert result.rejected == 1
    admin = browser_of(person("sistemi", "system_admin"))
    body = get(admin, f"/imports/{result.batch}/")
    assert "Mario Bianchi" not in body
    get(admin, f"/imports/{result.batch}/rejects.csv", 403)
    boss = browser_of(person("capo", "credit_manager"))
    assert "Mario Bianchi" in get(boss, f"/imports/{result.batch}/rejects.csv")


def test_a_currency_without_a_rate_is_said_where_amounts_come_in_and_until_it_has_one(
    manager: Client, today: date, tmp_path: Any
) -> None:
    assert "Nessun cambio" not in get(manager, "/")
    path = tmp_path / "dollars.csv"
    path.write_text(
        "customer_code,document_number,due_date,open_amount,currency\n"
        "C1,2026/8,2026-10-01,500.00,USD\nC1,2026/9,2026-10-01,500.00,EUR\n"
    )
    result = import_file(path=path, kind="items", mode="delta", as_of=today)
    assert [warning for warning in result.warnings if "USD" in warning and "EUR" not in warning]
    assert "Nessun cambio noto per USD: gli importi contano alla pari." in get(manager, "/")
    assert "documenti aperti in USD" in get(manager, "/masterdata/rates/")
    form = {"currency": "USD", "day": today.isoformat(), "source": "BCE"}
    for wrong in ("0", "1.165,00", "uno", "1,123456789"):
        assert manager.post("/t/test/masterdata/rates/new/", form | {"rate": wrong}).status_code == 422
    assert manager.post("/t/test/masterdata/rates/new/", form | {"rate": "1.165"}).status_code == 302
    assert exchange_rate(currency="USD", day=today) == Decimal("1.165")
    page = get(manager, "/masterdata/rates/")
    assert "1,165<" in page
    assert "documenti aperti in USD" not in page
    assert "Nessun cambio" not in get(manager, "/")
    path.write_text(path.read_text().replace("2026/8", "2026/7"))
    assert import_file(path=path, kind="items", mode="delta", as_of=today).warnings == []


def test_an_import_is_taken_back(ledger: None, today: date) -> None:
    batch = Batch.objects.latest("id")
    client = browser_of(person("capo", "credit_manager"))
    assert client.post(f"/t/test/imports/{batch.pk}/undo/").status_code == 302
    batch.refresh_from_db()
    assert batch.status in ("undone", "done")


def test_master_data_is_made_changed_and_told(manager: Client) -> None:
    rossi = Customer.objects.get(code="C1")
    url = f"/t/test/masterdata/customers/{rossi.pk}/"
    form = {"name": "Officine Rossi S.p.A.", "vat_number": "123", "country": "it", "credit_limit": "10000"}
    answer = manager.post(url, form)
    assert answer.status_code == 302, (answer.context["form"].errors, [str(m) for m in answer.context["messages"]])
    rossi.refresh_from_db()
    assert (rossi.name, rossi.country, rossi.credit_limit) == ("Officine Rossi S.p.A.", "IT", Decimal(10000))
    assert "Officine Rossi S.r.l." in get(manager, f"/masterdata/customers/{rossi.pk}/history/")
    contact = {"role": "accounting", "name": "Lucia", "email": "lucia@officinerossi.it"}
    assert manager.post(f"/t/test/masterdata/contacts/new/?customer={rossi.pk}", contact).status_code == 302
    said = {"direction": "in", "channel": "phone", "code": "DONE", "note": "Ha chiamato lei"}
    assert manager.post(f"/t/test/customers/{rossi.pk}/contact/", said).status_code == 302
    page = get(manager, f"/masterdata/customers/{rossi.pk}/")
    assert "Lucia" in page
    assert "contact.recorded" not in page  # a call is no change of the master data
    new = {"code": "V9", "name": "Piero Neri", "country": "IT"}
    assert manager.post("/t/test/masterdata/salespeople/new/", new).status_code == 302
    made = Salesperson.objects.get(code="V9")
    assert manager.post(f"/t/test/masterdata/salespeople/{made.pk}/retire/").status_code == 302
    made.refresh_from_db()
    assert made.retired_on


def test_a_template_is_previewed_checked_and_saved_anew(manager: Client) -> None:
    code, language = re.findall(r"/masterdata/templates/([\w-]+)/(\w+)/", get(manager, "/masterdata/templates/"))[0]
    url = f"/t/test/masterdata/templates/{code}/{language}/"
    wrong = {"code": code, "language": language, "subject": "Ciao", "body": "Gentile {nobody}"}
    assert (
        "{nobody}"
        in manager.post("/t/test/masterdata/templates/preview/", wrong, headers={"HX-Request": "true"}).content.decode()
    )
    good = {
        "name": "Promemoria",
        "subject": "Promemoria {customer_name}",
        "body": "Gentile {customer_name},\n\n{table}",
    }
    assert manager.post(url, good).status_code == 302
    assert "2" in get(manager, f"/masterdata/templates/{code}/{language}/")
