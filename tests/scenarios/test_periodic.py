"""Statements of account and other texts of a period, lived through the command line."""

import pytest

from tests.scenarios.story import CUSTOMER, Story


@pytest.fixture
def story(live_tenant, cli, tmp_path):
    """A story under a policy, begun; `live` compares every line with what really happened."""

    def begin(policy: str) -> Story:
        path = tmp_path / "storia.yaml"
        path.write_text(policy)
        told = Story(cli, tmp_path, "anna")
        told.run("strategy", "load", path)
        told.run("strategy", "publish", "storia")
        told.run("user", "create", "anna", "--profile", "credit_manager")
        return told

    return begin


def live(told: Story, story: str) -> None:
    lines = [line for line in story.strip().splitlines() if line.strip() and not line.startswith("#")]
    assert "\n".join(told.live(story)) == "\n".join(lines)


MONTHLY = """
strategy: storia
priority: 1
contact_limit: {max: 1, days: 7}
periodic:
  - code: statement
    every: month
    day: 5
    within: 10
    channel: email
    template: account_statement
    when: {open_items: {">=": 1}}
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
"""


def test_a_statement_goes_every_month_and_gives_way_to_reminders(story):
    told = story(MONTHLY)
    live(
        told,
        """
2026-01-02 Fri | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-02 Fri | invoice FT2 500.00 due 2026-03-31 by BON
2026-01-02 Fri | credit NC1 100.00
2026-01-02 Fri | cycle | nothing
2026-01-02 Fri | says | 2026-01-05 email statement
# All that is open is told, also what is not due; the credit stands apart.
2026-01-05 Mon | cycle | email statement: FT1, FT2
# A second run of the day adds nothing.
2026-01-05 Mon | cycle | email statement: FT1, FT2
2026-01-05 Mon | leaves
2026-01-07 Wed | cycle | nothing
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | leaves
2026-02-04 Wed | says | 2026-02-05 email statement
2026-02-05 Thu | cycle | email statement: FT1, FT2
2026-02-05 Thu | leaves
2026-02-20 Fri | invoice FT3 700.00 due 2026-02-28 by BON
# On 5 March a reminder is due too: it goes, and the statement waits for the contact limit.
2026-03-05 Thu | cycle | email first: FT3, FT1
2026-03-05 Thu | leaves
2026-03-06 Fri | cycle | nothing
2026-03-06 Fri | says | 2026-03-12 email statement
""",
    )
    (waiting,) = told.run("explain", CUSTOMER, "--date", "2026-03-06")["occasions"]
    assert (waiting["code"], waiting["waits_for"], waiting["until"]) == ("statement", "contact_limit", "2026-03-15")
    live(
        told,
        """
2026-03-12 Thu | cycle | email statement: FT1, FT3, FT2
2026-03-12 Thu | leaves
2026-03-13 Fri | cycle | nothing
""",
    )


def test_what_nothing_can_stop_longer_than_its_days_is_left_out_for_that_month(story):
    told = story(MONTHLY)
    live(
        told,
        """
2026-05-04 Mon | invoice FT1 1000.00 due 2026-09-30 by BON
2026-05-04 Mon | cycle | nothing
""",
    )
    told.run("hold", CUSTOMER, "--kind", "do_not_contact", "--because", "lo ha chiesto", "--to", "2026-06-20", "--date", "2026-05-04",
             "--user", "anna")  # fmt: skip
    live(
        told,
        """
2026-05-05 Tue | cycle | nothing
2026-05-15 Fri | cycle | nothing
2026-05-18 Mon | cycle | nothing
2026-06-05 Fri | cycle | nothing
# 15 June is the last day on which June's is tried; the hold ends on the 20th: July's is the next.
2026-06-22 Mon | cycle | nothing
2026-06-22 Mon | says | 2026-07-06 email statement
2026-07-06 Mon | cycle | email statement: FT1
""",
    )


def test_a_dispute_does_not_stop_a_statement_and_a_prohibition_withdraws_one_not_yet_left(story):
    told = story(MONTHLY)
    live(
        told,
        """
2026-05-04 Mon | invoice FT1 1000.00 due 2026-04-15 by BON
2026-05-04 Mon | cycle | email first: FT1
2026-05-04 Mon | leaves
2026-05-04 Mon | hold FT1 1000.00 dispute to 2026-08-31
2026-05-12 Tue | cycle | email statement: FT1
""",
    )
    told.run("hold", CUSTOMER, "--kind", "do_not_contact", "--because", "lo ha chiesto", "--to", "2026-05-13", "--date", "2026-05-12",
             "--user", "anna")  # fmt: skip
    live(
        told,
        """
2026-05-12 Tue | message statement | withdrawn
# Withdrawn is not taken: it goes when the hold is over, while its days last.
2026-05-14 Thu | cycle | email statement: FT1
""",
    )
