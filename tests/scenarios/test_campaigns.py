"""Campaigns, lived through the command line: one step for the customers of a filter, once, through limits and holds."""

import pytest

from tests.scenarios.story import CUSTOMER, Story

POLICY = """
strategy: storia
priority: 1
contact_limit: {max: 1, days: 7}
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
"""
CAMPAIGN = """
campaign: %(code)s
name: "Nuovo IBAN"
filter: {open_items: {">=": 1}, overdue: {"<": 3000}}
step: %(step)s
until: %(until)s
"""
MAIL = "{channel: email, template: account_statement, fallback: [letter]}"


@pytest.fixture
def told(live_tenant, cli, tmp_path):
    path = tmp_path / "storia.yaml"
    path.write_text(POLICY)
    story = Story(cli, tmp_path, "anna")
    story.run("strategy", "load", path)
    story.run("strategy", "publish", "storia")
    story.run("user", "create", "anna", "--profile", "credit_manager")
    story.run("user", "create", "carlo", "--profile", "collector_global")
    return story


def live(told: Story, story: str) -> None:
    lines = [line for line in story.strip().splitlines() if line.strip() and not line.startswith("#")]
    assert "\n".join(told.live(story)) == "\n".join(lines)


def written(told: Story, code="iban", step=MAIL, until="2026-03-31"):
    path = told.folder / f"{code}.yaml"
    path.write_text(CAMPAIGN % {"code": code, "step": step, "until": until})
    return path


BEGUN = """
2026-03-02 Mon | invoice FT1 1000.00 due 2026-02-25 by BON
2026-03-02 Mon | cycle | email first: FT1
2026-03-02 Mon | leaves
"""


def test_a_campaign_waits_for_the_limit_then_goes_once(told):
    live(told, BEGUN)
    text = written(told)
    seen = told.run("campaign", "preview", text, "--user", "anna", "--date", "2026-03-03")
    assert (seen["customers"], [row["code"] for row in seen["first"]]) == (2, ["BIANCHI", CUSTOMER])
    begun = told.run("campaign", "start", text, "--user", "anna", "--date", "2026-03-03")
    # BIANCHI has no address yet and its letter is held; ROSSI was reminded yesterday and waits.
    assert (begun["customers"], begun["planned"]) == (2, 1)
    shown = told.run("campaign", "show", "iban", "--user", "anna", "--date", "2026-03-03")
    assert (shown["state"], shown["states"]) == ("running", {"waiting": 1, "planned": 1})
    assert shown["waits"] == {"contact_limit": 1, "no_address": 1}
    waiting = told.run("explain", CUSTOMER, "--date", "2026-03-03")
    assert [each["waits_for"] for each in waiting["occasions"]] == ["contact_limit"]
    assert (waiting["next_action"]["step"], waiting["next_action"]["date"]) == ("iban", "2026-03-09")
    assert "Nuovo IBAN" in waiting["next_action"]["why"]
    live(
        told,
        """
2026-03-04 Wed | cycle | nothing
2026-03-09 Mon | cycle | email iban: FT1
2026-03-09 Mon | cycle | email iban: FT1
2026-03-09 Mon | leaves
2026-03-10 Tue | cycle | nothing
2026-03-20 Fri | cycle | nothing
""",
    )
    shown = told.run("campaign", "show", "iban", "--user", "anna", "--date", "2026-03-20")
    assert shown["states"] == {"sent": 2}


def test_a_campaign_by_phone_makes_a_task_that_ends_with_its_outcome(told):
    live(told, BEGUN)
    text = written(told, code="auguri", step="{channel: phone, assign_to: credit_manager}")
    told.run("campaign", "start", text, "--user", "anna", "--date", "2026-03-02")
    live(
        told,
        """
2026-03-09 Mon | cycle | phone auguri
2026-03-09 Mon | done
2026-03-10 Tue | cycle | nothing
""",
    )
    states = told.run("campaign", "show", "auguri", "--user", "anna", "--date", "2026-03-10")["rows"]
    assert {row["customer"]: row["state"] for row in states}[CUSTOMER] == "done"


def test_who_is_held_until_its_last_day_is_missed_and_a_stopped_one_plans_nothing_more(told):
    live(told, BEGUN)
    told.run(
        "hold", CUSTOMER, "--kind", "dispute", "--because", "contesta tutto", "--date", "2026-03-02", "--user", "anna"
    )
    told.run("campaign", "start", written(told, until="2026-03-11"), "--user", "anna", "--date", "2026-03-02")
    live(
        told,
        """
2026-03-10 Tue | cycle | nothing
2026-03-12 Thu | cycle | nothing
""",
    )
    shown = told.run("campaign", "show", "iban", "--user", "anna", "--date", "2026-03-12")
    states = {row["customer"]: (row["state"], row["waits_for"]) for row in shown["rows"]}
    assert (shown["state"], states[CUSTOMER]) == ("over", ("missed", "hold"))
    told.run("campaign", "start", written(told, code="due"), "--user", "anna", "--date", "2026-03-12")
    told.run("release", CUSTOMER, "--user", "anna", "--date", "2026-03-12")
    told.run("campaign", "stop", "due", "--user", "anna", "--date", "2026-03-12")
    live(told, "2026-03-16 Mon | cycle | nothing")
    listed = told.run("campaign", "list", "--date", "2026-03-16")["campaigns"]
    assert [(each["campaign"], each["state"]) for each in listed] == [("due", "stopped"), ("iban", "over")]


def test_stopping_withdraws_what_has_not_left_and_says_so(told, cli):
    live(
        told,
        """
2026-03-02 Mon | invoice FT1 10.00 due 2026-03-25 by BON
2026-03-02 Mon | cycle | nothing
""",
    )
    begun = told.run("campaign", "start", written(told), "--user", "anna", "--date", "2026-03-02")
    assert begun["planned"] == 2
    call = told.run(
        "campaign", "start", written(told, code="auguri", step="{channel: phone, assign_to: credit_manager}"),
        "--user", "anna", "--date", "2026-03-02",
    )  # fmt: skip
    # One contact a day: the calls wait for the e-mails. The campaign by e-mail is stopped before they leave.
    assert call["planned"] == 0
    stopped = told.run("campaign", "stop", "iban", "--user", "anna", "--date", "2026-03-02")
    assert (stopped["stopped_on"], stopped["withdrawn"]) == ("2026-03-02", 2)
    messages = told.run("messages", "--customer", CUSTOMER)["messages"]
    assert [(each["step"], each["status"]) for each in messages] == [("iban", "withdrawn")]
    shown = told.run("campaign", "show", "iban", "--user", "anna", "--date", "2026-03-02")
    assert (shown["state"], shown["states"]) == ("stopped", {"withdrawn": 2})
    # Whom it leaves free is called the same day, and the call names its campaign.
    tasks = told.run("worklist", "--user", "anna", "--date", "2026-03-02")["tasks"]
    assert {(each["step"], "Nuovo IBAN" in each["why"]) for each in tasks if each["kind"] == "phone"} == {
        ("auguri", True)
    }
    live(told, "2026-03-02 Mon | leaves\n2026-03-03 Tue | cycle | nothing")
    # A call tried already closes, and stays made; the others are as if they had never been asked for.
    of_rossi = next(each["id"] for each in tasks if each["customer"] == CUSTOMER and each["kind"] == "phone")
    told.run("outcome", of_rossi, "NR", "--user", "anna", "--date", "2026-03-03")
    stopped = told.run("campaign", "stop", "auguri", "--user", "anna", "--date", "2026-03-03")
    assert stopped["withdrawn"] == 1
    assert not [
        each
        for each in told.run("worklist", "--user", "anna", "--date", "2026-03-03")["tasks"]
        if each["kind"] == "phone"
    ]
    again = cli("campaign", "stop", "auguri", "--user", "anna", "--date", "2026-03-03")
    assert again.status == 1


def test_what_has_left_stays_sent_when_a_campaign_is_stopped(told):
    live(told, "2026-03-02 Mon | invoice FT1 10.00 due 2026-03-25 by BON\n2026-03-02 Mon | cycle | nothing")
    told.run("campaign", "start", written(told), "--user", "anna", "--date", "2026-03-02")
    live(told, "2026-03-02 Mon | leaves")
    stopped = told.run("campaign", "stop", "iban", "--user", "anna", "--date", "2026-03-03")
    shown = told.run("campaign", "show", "iban", "--user", "anna", "--date", "2026-03-03")
    states = {row["customer"]: row["state"] for row in shown["rows"]}
    assert states[CUSTOMER] == "sent"
    assert stopped["withdrawn"] == sum(state == "withdrawn" for state in states.values())


WRONG = [
    (("until: 2026-03-31", "until: 2026-02-30"), "until: "),
    (("until: 2026-03-31", "until: 2026-01-01"), "until: "),
    (("channel: email", "channel: pigeon"), "step: channel: "),
    (("account_statement", "no_such_text"), "step: template: no_such_text"),
    (("open_items", "colour"), "filter: colour: "),
    (('open_items: {">=": 1}', 'open_items: {">=": 100}'), ""),
    (("name:", "nome:"), "nome: "),
    (("{channel: email,", "{channel: phone,"), "step: template: "),
]


def test_a_wrong_campaign_is_refused_by_its_field_and_nothing_begins(told, cli):
    live(told, BEGUN)
    for change, named in WRONG:
        text = written(told)
        text.write_text(text.read_text().replace(*change))
        refused = cli("campaign", "start", text, "--user", "anna", "--date", "2026-03-03")
        assert (refused.status, refused.stderr[: len(named)]) == (1, named)
    text.write_text("")
    assert "`campaign: " in cli("campaign", "start", text, "--user", "anna", "--date", "2026-03-03").stderr
    assert told.run("campaign", "list")["campaigns"] == []


def test_only_who_may_starts_a_campaign_and_a_code_is_used_once(told, cli):
    live(told, BEGUN)
    assert "carlo" in cli("campaign", "start", written(told), "--user", "carlo", "--date", "2026-03-03").stderr
    told.run("campaign", "start", written(told), "--user", "anna", "--date", "2026-03-03")
    assert "iban" in cli("campaign", "start", written(told), "--user", "anna", "--date", "2026-03-03").stderr
    assert len(told.run("campaign", "list")["campaigns"]) == 1
