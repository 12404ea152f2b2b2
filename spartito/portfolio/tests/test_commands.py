"""The commands of users, customers, ageing and holds, as scripts drive them."""

from datetime import timedelta

import pytest

from spartito.access.operations import create_user
from spartito.platform import clock
from spartito.portfolio.models import Customer, Hold, Item
from spartito.portfolio.tests import ledger
from spartito.portfolio.tests.ledger import DAY, bring_to, seller


@pytest.fixture
def company(tenant):
    alfa = ledger.customer("ALFA", salesperson=seller("ROSSI"))
    ledger.item(alfa, "F1", "100.00")
    ledger.item(ledger.customer("BETA", salesperson=seller("BIANCHI")), "F2", "50.00")
    bring_to()
    create_user(user=None, as_of=DAY, username="capo", profile="credit_manager")


def test_a_code_of_two_creditors_carries_the_creditors(company, cli):
    twin = ledger.customer("ALFA", of="ALTRA")
    ledger.item(twin, "F1", "30.00")
    bring_to()
    named = [row["code"] for row in cli("customers", "--user", "capo").json["customers"]]
    assert named == ["MAIN/ALFA", "BETA", "ALTRA/ALFA"]
    assert cli("explain", "ALTRA/ALFA").json["customer"] == "ALTRA/ALFA"
    assert cli("explain", "BETA").json["customer"] == "BETA"
    assert cli("explain", "ALFA").status == 1


def test_a_user_sees_what_the_scopes_say(company, cli):
    made = cli("user", "create", "rossi", "--profile", "salesperson", "--scope", "salesperson=ROSSI").json
    assert (made["user"], made["scopes"], made["can_log_in"]) == ("rossi", ["salesperson=ROSSI"], False)
    assert cli("customers", "--user", "rossi").json == {
        "customers": [{"code": "ALFA", "name": "Cliente ALFA", "overdue": "100.00"}]
    }
    assert [row["code"] for row in cli("customers", "--user", "capo").json["customers"]] == ["ALFA", "BETA"]


def test_customers_of_a_past_day_owe_what_they_owed_then(company, cli):
    """BETA paid its 50 on the 18th; ALFA's second invoice fell due on the 19th."""
    ledger.item(Customer.objects.get(code="ALFA"), "F3", "70.00", due=DAY - timedelta(days=1))
    ledger.move(Item.objects.get(document_number="F2"), "-50.00", DAY - timedelta(days=2))
    bring_to()

    def owed(days_before):
        told = cli("customers", "--user", "capo", "--date", DAY - timedelta(days=days_before)).json["customers"]
        return {row["code"]: row["overdue"] for row in told}

    assert owed(0) == {"ALFA": "170.00", "BETA": "0.00"}
    assert owed(3) == {"ALFA": "100.00", "BETA": "50.00"}
    assert owed(11) == {"ALFA": "0.00", "BETA": "0.00"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("capo", "--profile", "ceo"), "capo"),
        (("x", "--profile", "boss"), "boss"),
        (("x", "--profile", "salesperson", "--scope", "planet=MARS"), "planet"),
        (("x", "--profile", "salesperson", "--scope", "area"), "'area'"),
    ],
)
def test_wrong_users_are_refused_with_one_line(company, cli, arguments, reason):
    refused = cli("user", "create", *arguments)
    assert refused.status == 1
    assert reason in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_ageing_speaks_json(company, cli):
    found = cli("ageing", "--date", DAY, "--by", "salesperson").json
    assert found["date"] == DAY.isoformat()
    assert found["rows"][0]["key"] == "ROSSI"
    assert set(found["rows"][0]) == {"key", "label", "total", "overdue", "items", *found["buckets"]}
    assert found["total"]["total"] == "150.00"
    assert cli("ageing", "--by", "planet").status == 2


def test_a_hold_on_part_of_a_document(company, cli):
    put = cli("hold", "ALFA", "--kind", "dispute", "--item", "F1", "--amount", "30.00", "--because", "merce rotta",
              "--user", "capo", "--date", DAY).json  # fmt: skip
    (held,) = put["holds"]
    assert (held["kind"], held["document"], held["amount"], held["to"]) == ("dispute", "F1", "30.00", None)
    assert Hold.objects.get().review_on.isoformat() == "2026-12-20"
    too_much = cli("hold", "ALFA", "--item", "F1", "--amount", "80", "--because", "x", "--user", "capo", "--date", DAY)
    assert (too_much.status, "70.00" in too_much.stderr) == (1, True)
    gone = cli("release", "ALFA", "--because", "chiarito", "--user", "capo", "--date", DAY).json
    assert len(gone["released"]) == 1


def test_assign_lends_what_the_collector_did_not_see(company, cli):
    cli("user", "create", "anna", "--profile", "collector_sector", "--scope", "salesperson=ROSSI")
    assert cli("assign", "BETA", "anna", "--user", "capo", "--date", DAY).json["assigned"] == 1
    assert {row["code"] for row in cli("customers", "--user", "anna", "--date", DAY).json["customers"]} == {
        "ALFA",
        "BETA",
    }


def test_a_customer_is_not_given_to_somebody_who_works_no_tasks(company, cli):
    cli("user", "create", "revisore", "--profile", "auditor")
    refused = cli("assign", "ALFA", "revisore", "--user", "capo", "--date", DAY)
    assert (refused.status, "revisore" in refused.stderr) == (1, True)
    assert Customer.objects.get(code="ALFA").collector is None


@pytest.mark.parametrize("command", [("hold", "ALFA"), ("release", "ALFA"), ("block", "ALFA"), ("assign", "ALFA")])
def test_nobody_acts_on_a_day_that_has_not_come(company, cli, command):
    day = clock.now().date() + timedelta(days=2)
    refused = cli(*command, "--because", "x", "--user", "capo", "--date", day)
    assert (refused.status, day.isoformat() in refused.stderr) == (1, True)
    assert not Hold.objects.exists()


def test_block_and_unblock(company, cli):
    assert cli("block", "ALFA", "--level", "3", "--reason", "insoluto", "--user", "capo", "--date", DAY).json["blocked"]
    assert cli("unblock", "ALFA", "--because", "pagato", "--user", "capo", "--date", DAY).json["released"] == 1
    assert cli("unblock", "ALFA", "--because", "pagato", "--user", "capo", "--date", DAY).status == 1


def test_who_may_not_is_refused_and_who_cannot_see_finds_nothing(company, cli):
    cli("user", "create", "rossi", "--profile", "salesperson", "--scope", "salesperson=ROSSI")
    blocked = cli("block", "ALFA", "--reason", "x", "--user", "rossi", "--date", DAY)
    assert (blocked.status, "blocks.put" in blocked.stderr) == (1, True)
    unseen = cli("hold", "BETA", "--because", "x", "--user", "rossi", "--date", DAY)
    assert (unseen.status, "BETA" in unseen.stderr) == (1, True)


def test_a_salesperson_reports_and_gets_five_working_days(company, cli):
    cli("user", "create", "rossi", "--profile", "salesperson", "--scope", "salesperson=ROSSI")
    reported = cli("hold", "ALFA", "--kind", "promise", "--to", "2027-03-01", "--user", "rossi", "--date", DAY).json
    assert reported["holds"][0]["to"] == "2026-11-27"
    assert Customer.objects.get(code="ALFA").holds.get().source == "reported"


def test_a_salesperson_reports_no_lawyers_and_no_insolvency(company, cli):
    cli("user", "create", "rossi", "--profile", "salesperson", "--scope", "salesperson=ROSSI")
    for kind in ("legal", "insolvency", "plan", "do_not_contact"):
        told = cli("hold", "ALFA", "--kind", kind, "--because", "x", "--user", "rossi", "--date", DAY)
        assert (told.status, kind in told.stderr) == (1, True)
    assert not Hold.objects.exists()
