"""Keys that few strategies use, each lived through the command line."""

import pytest

from tests.scenarios.story import Story


@pytest.fixture
def lived(live_tenant, cli, tmp_path):
    """Lives a story under a policy and compares every line with what really happened."""

    def live(policy: str, story: str) -> Story:
        path = tmp_path / "storia.yaml"
        path.write_text(policy)
        told = Story(cli, tmp_path, "anna")
        told.run("strategy", "load", path)
        told.run("strategy", "publish", "storia")
        told.run("user", "create", "anna", "--profile", "credit_manager")
        lines = [line for line in story.strip().splitlines() if line.strip() and not line.startswith("#")]
        assert "\n".join(told.live(story)) == "\n".join(lines)
        return told

    return live


QUIET = """
strategy: storia
priority: 1
quiet: [{from: 08-08, to: 08-25, max_step: first}, {from: 12-24, to: 01-06}]
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: block, days: 20, action: order_block, level: 2}
  - {code: third, days: 30, channel: email, template: second_reminder}
"""


def test_quiet_days_hold_back_all_but_the_first_reminder(lived):
    lived(
        QUIET,
        """
2025-07-21 Mon | invoice FT1 1000.00 due 2025-07-25 by BON
2025-07-21 Mon | invoice FT2 500.00 due 2025-08-08 by BON
2025-07-30 Wed | cycle | email first: FT1
2025-07-30 Wed | leaves
# From 8 to 25 August nobody gets more than a first reminder: the second of FT1, due on the 9th, waits.
2025-08-11 Mon | cycle | nothing
2025-08-11 Mon | waits FT1 | quiet
2025-08-13 Wed | cycle | email first: FT2, FT1
2025-08-13 Wed | leaves
2025-08-25 Mon | cycle | nothing
2025-08-25 Mon | says | 2025-08-26 email second
# The first working day after: both are due by now, in one letter.
2025-08-26 Tue | cycle | email second: FT1, FT2
2025-08-26 Tue | leaves
2025-09-02 Tue | cycle | nothing
2025-09-09 Tue | cycle | email third: FT1, FT2
2025-09-09 Tue | leaves
2025-12-23 Tue | invoice FT3 700.00 due 2025-12-20 by BON
2025-12-23 Tue | cycle | nothing
# Over Christmas nobody is written to, over the new year too.
2025-12-29 Mon | cycle | nothing
2026-01-05 Mon | cycle | nothing
2026-01-05 Mon | waits FT3 | quiet
2026-01-05 Mon | says | 2026-01-07 email first
2026-01-07 Wed | cycle | email first: FT3, FT1, FT2
""",
    )


def test_a_call_that_absorbs_nothing_leaves_the_letter_its_day(lived):
    lived(
        """
strategy: storia
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 20, channel: email, template: second_reminder}
  - {code: call, days: 30, channel: phone, absorbs: false}
""",
        """
2026-03-02 Mon | invoice FT1 1000.00 due 2026-02-05 by BON
2026-03-02 Mon | cycle | email first: FT1
2026-03-02 Mon | leaves
2026-03-09 Mon | cycle | email second: FT1
2026-03-09 Mon | leaves
2026-03-16 Mon | invoice FT2 500.00 due 2026-03-11 by BON
# FT1 is due at the call, FT2 at its first reminder: both happen, and the letter names FT1 too.
2026-03-16 Mon | cycle | email first: FT2, FT1; phone call
# A second run of the day adds nothing.
2026-03-16 Mon | cycle | email first: FT2, FT1; phone call
2026-03-17 Tue | cycle | nothing
""",
    )


LAST_STEP = """
strategy: storia
priority: 1
days_between_steps: 7
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: last, days: 15, channel: email, template: second_reminder%s}
"""


def test_the_last_step_repeats_itself(lived):
    lived(
        LAST_STEP % ", repeat_every: 30",
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | leaves
2026-01-26 Mon | cycle | email last: FT1
2026-01-26 Mon | leaves
2026-02-24 Tue | cycle | nothing
2026-02-24 Tue | says | 2026-02-25 email last
2026-02-25 Wed | cycle | email last: FT1
2026-02-25 Wed | leaves
# Thirty days later it is a Friday; a missed week does not make it two.
2026-04-07 Tue | cycle | email last: FT1
2026-04-07 Tue | leaves
2026-04-08 Wed | cycle | nothing
2026-04-08 Wed | exhausted | nothing
2026-04-09 Thu | pays FT1
2026-05-08 Fri | cycle | nothing
""",
    )


def test_what_is_past_its_last_step_is_never_silent(lived):
    lived(
        LAST_STEP % "",
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-07 Wed | invoice FT2 300.00 due 2026-01-20 by BON
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | leaves
2026-01-26 Mon | cycle | email last: FT1, FT2
2026-01-26 Mon | leaves
# The last letter is given its seven days.
2026-02-01 Sun | exhausted | nothing
2026-02-02 Mon | cycle | nothing
2026-02-02 Mon | exhausted | FT1 1000.00 last
2026-02-09 Mon | cycle | email last: FT2, FT1
2026-02-09 Mon | leaves
2026-02-16 Mon | cycle | nothing
2026-02-16 Mon | exhausted | FT1 1000.00 last; FT2 300.00 last
# A hold takes it off the list, so does money.
2026-02-16 Mon | hold FT1 1000.00 dispute to 2026-03-20
2026-02-16 Mon | exhausted | FT2 300.00 last
2026-02-17 Tue | pays FT2
2026-02-17 Tue | cycle | nothing
2026-02-17 Tue | exhausted | nothing
""",
    )


def test_an_approval_lets_nothing_leave_and_nothing_move(lived):
    story = lived(
        """
strategy: storia
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: formal_notice, days: 15, channel: registered_letter, template: formal_notice, approval: required}
  - {code: legal, days: 40, action: propose_legal, approval: required}
""",
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-07 Wed | person carla ceo
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | leaves
# The formal notice is composed and waits; FT1 stays where it is.
2026-01-26 Mon | cycle | registered_letter formal_notice: FT1
2026-01-26 Mon | message formal_notice | held
2026-01-26 Mon | level FT1 | first
2026-01-26 Mon | waits FT1 | approval
2026-01-28 Wed | cycle | nothing
# Not before February, says the director; then it is asked again.
2026-01-28 Wed | refuses carla until 2026-02-02 | formal_notice
2026-01-28 Wed | message formal_notice | withdrawn
2026-01-30 Fri | cycle | nothing
2026-02-02 Mon | cycle | registered_letter formal_notice: FT1
2026-02-02 Mon | message formal_notice | held
# Granted two days later, it is dated that day, and FT1 moves that day.
2026-02-04 Wed | pays FT1 100.00
2026-02-04 Wed | cycle | nothing
2026-02-04 Wed | grants carla | formal_notice
2026-02-04 Wed | message formal_notice | queued
2026-02-04 Wed | level FT1 | formal_notice
2026-02-04 Wed | leaves
# The proposal to the lawyers waits for a word, too; skipped, it counts as taken.
2026-02-20 Fri | cycle | nothing
2026-02-20 Fri | level FT1 | formal_notice
2026-02-23 Mon | refuses carla skip | legal
2026-02-23 Mon | level FT1 | legal
2026-02-24 Tue | cycle | nothing
2026-02-24 Tue | grants carla | nothing
""",
    )
    done = story.run("messages", "--customer", "ROSSI")["messages"]
    assert [m["status"] for m in done if m["step"] == "formal_notice"] == ["withdrawn", "sent"]


def test_each_payment_type_has_its_way_and_what_comes_back_another(lived):
    story = lived(
        """
strategy: storia
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 20, channel: email, template: second_reminder}
payment_types:
  RIB:
    start_after: returned
    on_return:
      - {code: bank_call, days: 0, channel: phone}
      - {code: back, days: 3, channel: registered_letter, template: formal_notice}
  ASS:
    steps:
      - {code: cash_call, days: 2, channel: phone}
""",
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-07 Wed | invoice FT2 2000.00 due 2026-01-31 by RIB
2026-01-07 Wed | invoice FT3 300.00 due 2026-01-13 by ASS
# Both are due: the higher contact is made, and each document moves to the step of its own way.
2026-01-15 Thu | cycle | email first: FT1, FT3
2026-01-15 Thu | leaves
2026-01-15 Thu | level FT1 | first
2026-01-15 Thu | level FT3 | cash_call
2026-01-30 Fri | cycle | email second: FT1, FT3
2026-01-30 Fri | leaves
# The bill comes back on 9 February: a call at once, a letter ten days later.
2026-02-09 Mon | bank FT2 returned
2026-02-09 Mon | cycle | phone bank_call
2026-02-09 Mon | level FT2 | bank_call
2026-02-10 Tue | done
2026-02-13 Fri | cycle | nothing
2026-02-16 Mon | cycle | registered_letter back: FT2, FT1, FT3
""",
    )
    levels = {
        item["document"]: item["level"] for item in story.run("explain", "ROSSI", "--date", "2026-02-16")["items"]
    }
    assert levels == {"FT1": "second", "FT2": "back", "FT3": "cash_call"}


def test_a_payment_type_has_its_own_words(lived):
    story = lived(
        """
strategy: storia
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
payment_types:
  ASS:
    templates: {first: second_reminder}
""",
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by ASS
2026-01-15 Thu | cycle | email first: FT1
2026-01-20 Tue | invoice FT2 500.00 due 2026-01-15 by BON
2026-01-20 Tue | cycle | email first: FT2, FT1
""",
    )
    sent = story.run("messages", "--customer", "ROSSI")["messages"]
    assert sorted(m["template"] for m in sent) == ["first_reminder", "second_reminder"]


CONSULT = """
strategy: storia
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder, consult: {who: credit_manager, working_days: 2, max_delay: 7}}
  - {code: second, days: 30, channel: email, template: second_reminder, consult: {who: credit_manager}}
"""


def test_who_knows_the_customer_is_asked_first(lived):
    lived(
        CONSULT,
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-15 Thu | cycle | email first: FT1; consult first
2026-01-15 Thu | message first | held
2026-01-15 Thu | waits FT1 | consult
2026-01-15 Thu | answers POST 2026-01-20
2026-01-19 Mon | cycle | nothing
2026-01-19 Mon | says | 2026-01-20 email first
# The day has come: the letter is dated today, and FT1 moves.
2026-01-20 Tue | cycle | email first: FT1
2026-01-20 Tue | level FT1 | first
2026-01-20 Tue | leaves
# The second time nobody answers: silence lets it go after two working days.
2026-02-09 Mon | cycle | email second: FT1; consult second
2026-02-10 Tue | cycle | nothing
2026-02-10 Tue | says | 2026-02-11 email second
2026-02-11 Wed | cycle | email second: FT1
2026-02-11 Wed | level FT1 | second
""",
    )


def test_what_is_promised_already_is_not_reminded(lived):
    lived(
        CONSULT,
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-15 Thu | cycle | email first: FT1; consult first
2026-01-15 Thu | answers PDP 2026-01-23
2026-01-15 Thu | message first | withdrawn
2026-01-16 Fri | cycle | nothing
2026-01-19 Mon | cycle | nothing
# A word later, another question: this time it may go, and goes the same day.
2026-01-19 Mon | level FT1 | None
""",
    )


def test_after_a_hold_there_is_a_pause(lived):
    lived(
        """
strategy: storia
priority: 1
after_hold: {dispute: 10}
release: next_working_day
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
""",
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | leaves
2026-01-16 Fri | hold FT1 1000.00 dispute to 2026-01-25
2026-01-16 Fri | cycle | nothing
# The hold ends on the 25th, the second reminder would be due; ten days are waited.
2026-01-26 Mon | cycle | nothing
2026-01-26 Mon | waits FT1 | after_hold
2026-02-03 Tue | says | 2026-02-04 email second
2026-02-04 Wed | cycle | email second: FT1
""",
    )
