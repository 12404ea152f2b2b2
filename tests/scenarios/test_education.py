"""Payment education, lived through the command line: a repeat late payer is shown what his delays cost, and thanked."""

import csv

import pytest

from tests.scenarios.story import CUSTOMER

POLICY = """
strategy: storia
priority: 1
education: {hold_out: 5, for: {late_payer: true}}
periodic:
  - {code: delays, every: year, month: 1, day: 15, channel: email, template: delays_statement, lists: delays, when: {education: [treated]}}
  - {code: thanks, every: quarter, day: 10, channel: email, template: thanks_on_time, lists: nothing,
     when: {education: [treated], paid_on_time_90d: true}}
steps:
  - {code: earlier, days: -10, channel: email, template: courtesy, conditions: {education: [treated]}}
  - {code: first, days: 15, channel: email, template: first_reminder}
"""
# Number, issued, due, paid: three times late in 2025, then in time.
HISTORY = [
    ("FT1", "2025-04-01", "2025-05-01", "2025-05-26"),
    ("FT2", "2025-06-01", "2025-07-01", "2025-07-21"),
    ("FT3", "2025-08-01", "2025-09-01", "2025-10-01"),
    ("FT4", "2026-01-20", "2026-02-20", "2026-02-19"),
    ("FT5", "2026-02-20", "2026-03-20", "2026-03-18"),
]


@pytest.fixture
def told(live_tenant, cli, tmp_path):
    def run(*arguments):
        return cli(*arguments).json

    path = tmp_path / "storia.yaml"
    path.write_text(POLICY)
    run("strategy", "load", path)
    run("strategy", "publish", "storia")
    run("user", "create", "anna", "--profile", "credit_manager")
    return run


def lives(told, folder, day, *, issued=(), paid=()):
    """The files of a day, then its run; what it plans for ROSSI as `channel step`."""
    if issued:
        _write(folder / f"items-{day}.csv", ["customer_code", "customer_name", "email", "document_number", "issue_date", "due_date", "open_amount", "amount"],
               [[CUSTOMER, "Rossi S.r.l.", "conti@rossi.example", number, start, due, "1000.00", "1000.00"] for number, start, due, _paid in issued])  # fmt: skip
        told("import", "items", folder / f"items-{day}.csv", "--mode", "delta", "--date", day)
    if paid:
        _write(folder / f"payments-{day}.csv", ["customer_code", "payment_date", "amount", "document_number"],
               [[CUSTOMER, on, "1000.00", number] for number, _start, _due, on in paid])  # fmt: skip
        told("import", "payments", folder / f"payments-{day}.csv", "--date", day)
    told("cycle", "--date", day)
    messages = told("messages", "--customer", CUSTOMER, "--date", day)["messages"]
    _leaves(day)
    return [f"{each['channel']} {each['step']}" for each in messages if each["status"] != "withdrawn"]


def _write(path, head, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


def _leaves(day):
    """What the mail server of a real installation does between two runs."""
    from spartito.actions.models import Message

    Message.objects.filter(status__in=["queued", "held"]).update(status="sent", sent_on=day, held_because="")


def test_a_late_payer_is_shown_what_it_costs_reminded_earlier_and_thanked(told, tmp_path):
    early, later = HISTORY[:3], HISTORY[3:]
    assert lives(told, tmp_path, "2025-10-06", issued=early, paid=early) == []
    measured = told("education", "--user", "anna", "--date", "2025-10-06")
    # The hash of company and customer decides: most are treated, some are left out for good.
    assert (measured["treated"]["accounts"] + measured["held_out"]["accounts"], measured["verdict"]) == (1, "too_few")
    assert measured["strategies"] == [{"strategy": "storia", "hold_out": 5}]
    is_treated = measured["treated"]["accounts"] == 1
    expected = [["email delays"], ["email earlier"], ["email thanks"]] if is_treated else [[], [], []]
    assert lives(told, tmp_path, "2026-01-15") == expected[0]
    # FT4 and FT5 are reminded ten days before they fall due, and paid in time.
    assert lives(told, tmp_path, "2026-02-10", issued=later[:1]) == expected[1]
    assert lives(told, tmp_path, "2026-02-23", paid=later[:1]) == []
    assert lives(told, tmp_path, "2026-03-19", issued=later[1:], paid=later[1:]) == []
    assert lives(told, tmp_path, "2026-04-10") == expected[2]
    # Once a quarter, and not before the next one.
    assert lives(told, tmp_path, "2026-04-13") == []
