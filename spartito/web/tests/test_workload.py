"""The pages of the work: as many queries for many tasks as for few, moves with a preview, absences, targets, guidance."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spartito.actions.models import Attempt, OutcomeCode, Task
from spartito.actions.tests.stage import debtor, late_invoice, person, plan, rest_of_the_day
from spartito.portfolio.models import Contact
from spartito.worklist.models import Absence, Assignment, Monitoring, Target, Weight

TODAY = date(2026, 11, 20)  # a Friday
MOST_QUERIES = 25


@pytest.fixture
def office(tenant):
    """Anna has three calls, Bruno none; Capo directs, Luca sells to nobody."""
    tenant.clock, tenant.last_run_date = "last_run", TODAY
    tenant.save(update_fields=["clock", "last_run_date"])
    people = {
        "anna": person("anna", "collector_global"),
        "bruno": person("bruno", "collector_global"),
        "capo": person("capo", "credit_manager"),
        "luca": person("luca", "salesperson", salesperson="S9"),
    }
    for n in range(3):
        call(f"C{n}", people["anna"])
    rest_of_the_day(TODAY)
    return people


def call(code, collector):
    whose = debtor(code, name=f"Ditta {code}", collector=collector)
    items = [late_invoice(whose, f"FT-{code}", "1000.00")]
    plan(whose, items, on=TODAY, channel="phone", step="call", assign_to="collector")


def enter(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def get(client, address, status=200, **headers):
    answer = client.get(f"/t/test{address}", headers=headers)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def post(client, address, data, status=200):
    answer = client.post(f"/t/test{address}", data, follow=status == 200)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def tasks():
    return list(Task.objects.order_by("pk").values_list("pk", flat=True))


def who_has():
    return set(Assignment.objects.values_list("user__username", flat=True))


def asked_for(client, address):
    with CaptureQueriesContext(connection) as queries:
        get(client, address)
    return queries


PAGES = ["/workload/", "/workload/?by=customer", "/workload/tasks/", "/absences/", "/targets/", "/", "/panel/",
         "/workload/settings/", "/duedates/", "/duedates/?view=list"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_no_page_asks_more_when_there_is_more(office, address):
    client = enter(office["capo"])
    for period in ("contacts", "promises", "cash"):
        Target.objects.create(measure=period, period="month", amount=100, valid_from=TODAY)
    get(client, address)
    cache.clear()  # what is kept for some seconds would run out at a moment of its own
    few = asked_for(client, address)
    for n in range(3, 15):
        call(f"C{n}", office["capo"])
    rest_of_the_day(TODAY)
    cache.clear()
    many = asked_for(client, address)
    # a first row of the score is told, which the credit manager did not have before
    assert len(many) <= len(few) + (10 if address == "/" else 0)
    again = asked_for(client, address)
    assert len(again) <= MOST_QUERIES, "\n".join(q["sql"][:150] for q in again.captured_queries)


def test_a_move_is_seen_before_it_is_done(office):
    client = enter(office["capo"])
    chosen = {"do": "give", "to": office["bruno"].pk, "tasks": tasks()[:2], "next": "/t/test/workload/tasks/"}
    page = post(client, "/workload/preview/", chosen)
    assert "2 attività passerebbero a Bruno" in page
    assert "27 min" in page
    assert who_has() == {"anna"}
    assert "2 attività assegnate a Bruno" in post(client, "/workload/apply/", chosen)
    assert who_has() == {"anna", "bruno"}
    assert Assignment.objects.filter(user=office["bruno"], by_hand=True).count() == 2


def test_everything_that_the_list_shows_can_be_meant(office):
    client = enter(office["capo"])
    asked = {"do": "give", "to": office["bruno"].pk, "all": "1", "f-q": "Ditta C1"}
    assert "1 attività passerebbe a Bruno" in post(client, "/workload/preview/", asked)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"to": ""}, "Scegli a chi"),
        ({"tasks": []}, "Scegli almeno"),
        ({"do": "plan", "on": ""}, "Scegli il giorno"),
        ({"do": "plan", "on": "2026-11-25", "because": " "}, "Scrivi perché"),
    ],
)
def test_what_is_missing_is_said(office, missing, said):
    client = enter(office["capo"])
    whole = {"do": "give", "to": office["bruno"].pk, "tasks": tasks()} | missing
    assert said in post(client, "/workload/preview/", whole)
    post(client, "/workload/apply/", whole)
    assert who_has() == {"anna"}
    assert not Task.objects.filter(not_before__isnull=False).exists()


def test_a_collector_plans_own_contacts_and_gives_none(office):
    mine, others = enter(office["anna"]), enter(office["bruno"])
    asked = {"do": "plan", "on": "2026-11-28", "because": "fiera", "tasks": tasks()}
    assert "non è lavorativo" in post(mine, "/workload/preview/", asked)
    post(others, "/workload/apply/", asked)
    assert not Task.objects.filter(not_before__isnull=False).exists()
    post(mine, "/workload/apply/", asked)
    assert set(Task.objects.values_list("not_before", flat=True)) == {date(2026, 11, 30)}
    post(mine, "/workload/apply/", {"do": "give", "to": office["bruno"].pk, "tasks": tasks()}, status=403)
    get(others, f"/duedates/plan/{tasks()[0]}/", status=404)


def test_one_contact_is_dropped_on_a_day(office):
    client = enter(office["anna"])
    task = tasks()[0]
    assert 'value="2026-11-26"' in get(client, f"/duedates/plan/{task}/?on=2026-11-26")
    assert get_status(client, task, {"on": "2026-11-26", "because": ""}) == 422
    assert get_status(client, task, {"on": "2026-11-19", "because": "x"}) == 422
    assert get_status(client, task, {"on": "2026-11-26", "because": "torna mercoledì"}) == 302
    assert Task.objects.get(pk=task).not_before == date(2026, 11, 26)
    assert "Ditta C0" in get(client, "/duedates/?day=2026-11-26&kind=contact")


def get_status(client, task, data):
    return client.post(f"/t/test/duedates/plan/{task}/", data).status_code


def test_leaving_the_desk_today_hands_everything_on_at_once(office):
    client = enter(office["anna"])
    days = {"starts_on": TODAY.isoformat(), "ends_on": "2026-11-27", "substitute": office["bruno"].pk}
    post(client, "/absences/new/", days)
    assert who_has() == {"bruno"}
    assert Absence.objects.get().user == office["anna"]
    assert "Bruno" in get(client, "/absences/")
    post(client, f"/absences/{Absence.objects.get().pk}/end/", {})
    assert who_has() == {"anna"}
    assert not Absence.objects.exists()


def test_nobody_records_or_ends_the_absence_of_another(office):
    other = Absence.objects.create(user=office["anna"], starts_on=TODAY, ends_on=TODAY)
    client = enter(office["bruno"])
    post(client, f"/absences/{other.pk}/end/", {}, status=403)
    assert "Anna" not in get(client, "/absences/").split("<main")[1].split("<option")[0]
    post(client, "/absences/new/", {"person": office["capo"].pk, "starts_on": "2026-12-01", "ends_on": "2026-12-01"})
    assert Absence.objects.exclude(pk=other.pk).get().user == office["bruno"]


def test_the_next_weeks_show_who_is_away_in_them_and_name_the_months(office):
    client = enter(office["capo"])
    Absence.objects.create(user=office["anna"], starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 5))
    assert "Le prossime settimane" not in get(client, "/absences/")
    Absence.objects.create(user=office["bruno"], starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 4))
    weeks = get(client, "/absences/").split("Le prossime settimane</h2>")[1]
    assert "Bruno" in weeks
    assert "Anna" not in weeks
    assert ">16 nov<" in weeks
    assert ">1 dic<" in weeks


def test_weights_are_set_on_a_page_and_seen_on_the_row(office):
    client = enter(office["capo"])
    form = {"amount": 100, "age": 0, "carried": 0, "waiting": 1, "promise": 0, "rating": 0, "returned": 0, "step": 0,
            "limit": 0, "value": 0}  # fmt: skip
    assert client.post("/t/test/workload/settings/weights/", form | {"waiting": 0}).status_code == 422
    assert not Weight.objects.exists()
    post(client, "/workload/settings/weights/", form)
    assert {each.priority for each in Assignment.objects.all()} == {25}  # 100 x 0.24 x log10(11)
    page = get(enter(office["anna"]), "/")
    assert "priorità 25" in " ".join(page.split())


def test_targets_of_the_team_are_seen_and_of_persons_only_by_agreement(office):
    client = enter(office["capo"])
    post(client, "/workload/settings/targets/new/", {"measure": "contacts", "period": "day", "amount": "4"})
    code = OutcomeCode.objects.get(pk="DONE")
    whose = Task.objects.order_by("pk").first().customer
    Attempt.objects.create(customer=whose, made_on=TODAY, user=office["anna"], outcome=code)
    assert "1 su 4" in get(client, "/targets/")
    assert "1 su 4" in get(enter(office["anna"]), "/targets/")
    assert "1 su 4" not in get(enter(office["luca"]), "/targets/")
    answer = client.post("/t/test/workload/settings/single-persons/", {"allowed": "on", "agreement": ""})
    assert answer.status_code == 422
    assert not Monitoring.objects.exists()
    post(client, "/workload/settings/single-persons/", {"allowed": "on", "agreement": "RSU 3/2/2026"})
    mine = {"person": office["anna"].pk, "measure": "contacts", "period": "week", "amount": "2"}
    post(client, "/workload/settings/targets/new/", mine)
    assert "1 su 2" in get(enter(office["anna"]), "/targets/")
    assert "1 su 2" not in get(enter(office["bruno"]), "/targets/")
    assert "1 su 2" in get(client, "/workload/")
    post(client, "/workload/settings/single-persons/", {"agreement": ""})
    assert "1 su 2" not in get(enter(office["anna"]), "/targets/")


def test_guidance_says_whom_when_what_happened_and_what_may_be_offered(office):
    whose = Task.objects.order_by("pk").first().customer
    Contact.objects.create(customer=whose, name="Rita Conti", role="accounting", phone="02 55 66")
    Contact.objects.create(customer=whose, name="Vecchio Capo", role="owner", phone="1", valid_until=date(2020, 1, 1))
    for hour, code in ((9, "NR"), (9, "NR"), (14, "PDP"), (14, "RIC"), (14, "DONE")):
        made = Attempt.objects.create(
            customer=whose, made_on=TODAY, user=office["anna"], outcome=OutcomeCode.objects.get(pk=code)
        )
        Attempt.objects.filter(pk=made.pk).update(made_at=datetime(2026, 11, 10, hour, 5, tzinfo=UTC))
    page = get(enter(office["anna"]), f"/guidance/{whose.pk}/")
    assert "Rita Conti" in page
    assert "Vecchio Capo" not in page
    assert "alle ore 15: ha risposto 3 volte su 3" in page  # 14 UTC in Rome
    assert "fino a 5.000 EUR in 3 mesi" in " ".join(page.split())
    assert "oltre decide: credit manager" in " ".join(page.split())
    get(enter(office["luca"]), f"/guidance/{whose.pk}/", status=404)


def test_the_page_of_the_work_renews_itself_unless_it_stands_still(office):
    client = enter(office["capo"])
    assert 'hx-trigger="every 20s"' in get(client, "/workload/")
    assert 'hx-trigger="every 20s"' not in get(client, "/workload/?still=1")
    part = get(client, "/workload/?by=person", **{"HX-Request": "true"})
    assert "<html" not in part
    assert "Anna" in part


def test_past_days_have_no_days_in_the_past(office):
    """The ledger of the coming month does not hold what was planned before, and today holds all of it."""
    client = enter(office["capo"])
    Task.objects.update(due_on=TODAY - timedelta(days=3))
    assert "Ditta C0" in get(client, f"/duedates/?day={TODAY}&kind=contact")
    assert "Ditta C0" not in get(client, f"/duedates/?day={TODAY - timedelta(days=3)}&kind=contact")


def test_numbers_of_tasks_past_a_thousand_are_sent_as_they_are(office):
    """In Italian 1998 is written 1.998, which is no number of a task."""
    Task.objects.filter(pk=tasks()[0]).update(status="done", closed_on=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence('actions_task', 'id'), 1997)")
    call("C9", office["anna"])
    rest_of_the_day(TODAY)
    client = enter(office["capo"])
    assert 'value="1998"' in get(client, "/workload/tasks/")
    chosen = {"do": "give", "to": office["bruno"].pk, "tasks": [1998]}
    assert 'value="1998"' in post(client, "/workload/preview/", chosen)
    assert 'data-task="1998"' in get(client, "/duedates/")
