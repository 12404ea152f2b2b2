"""120 days of one customer: four invoices, a bill that comes back, part payments, a hold, a missed week."""

from tests.scenarios.story import Story

POLICY = """
strategy: storia
name: {it: "Storia", en: "Story"}
priority: 1
minimum_overdue: 50.00
minimum_item: 25.00
contact_limit: {max: 2, days: 7}
days_between_steps: 7
task_patience: 10
bank_lag: 2
steps:
  - {code: courtesy, days: -5, channel: email, template: courtesy}
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: call, days: 15, channel: phone, assign_to: collector}
  - {code: second, days: 25, channel: email, template: second_reminder}
  - {code: formal_notice, days: 40, channel: registered_letter, template: formal_notice, must: true}
payment_types:
  RIB: {start_after: returned}
"""

STORY = """
2026-01-07 Wed | invoice FT101 1000.00 due 2026-01-20 by BON
2026-01-07 Wed | invoice FT102 600.00 due 2026-01-31 by BON
2026-01-07 Wed | invoice FT103 800.00 due 2026-01-31 by RIB
2026-01-07 Wed | cycle | nothing
2026-01-14 Wed | says | 2026-01-15 email courtesy
# Five days before the due date: a courtesy.
2026-01-15 Thu | cycle | email courtesy: FT101
2026-01-15 Thu | leaves
# The bill goes to the bank and is no business of reminders.
2026-01-16 Fri | bank FT103 presented
2026-01-16 Fri | cycle | nothing
# FT101 is overdue; its first reminder (5 days + 2 working days of the bank) waits over a weekend.
2026-01-24 Sat | cycle | nothing
2026-01-25 Sun | cycle | nothing
2026-01-26 Mon | cycle | email courtesy: FT101, FT102
2026-01-27 Tue | cycle | email first: FT101
2026-01-27 Tue | leaves
2026-01-31 Sat | bank FT103 credited
2026-02-02 Mon | cycle | nothing
# A part payment keeps the level; the call is for the rest.
2026-02-04 Wed | pays FT101 400.00
2026-02-04 Wed | cycle | phone call
2026-02-05 Thu | done
# The bill comes back after the morning run: a second run of the day sends no second letter.
2026-02-09 Mon | cycle | email first: FT102, FT101
2026-02-09 Mon | bank FT103 returned
2026-02-09 Mon | cycle | email first: FT102, FT101
2026-02-09 Mon | leaves
# The evening before foretells the morning. Each item moves to its own step, one letter names them all.
2026-02-16 Mon | says | 2026-02-17 email second
2026-02-17 Tue | cycle | email second: FT101, FT102, FT103
2026-02-17 Tue | leaves
# 580 of 600 are in dispute; the rest is below the minimum. A week without runs, and a credit note meanwhile.
2026-02-18 Wed | hold FT102 580.00 dispute to 2026-03-20
2026-02-18 Wed | cycle | nothing
2026-02-25 Wed | credit NC9 300.00
2026-02-25 Wed | cycle | phone call
2026-02-26 Thu | cycle | nothing
# FT101 reaches the formal notice; FT103 waits for its open call and is only named.
2026-03-02 Mon | cycle | registered_letter formal_notice: FT101, FT103
2026-03-03 Tue | done
# FT101 is in a formal notice: no milder letter lists it.
2026-03-10 Tue | cycle | email second: FT103
2026-03-11 Wed | cycle | nothing
2026-03-11 Wed | message second | held
# The money comes before the message left: it is withdrawn.
2026-03-12 Thu | pays FT101
2026-03-12 Thu | pays FT103
2026-03-12 Thu | cycle | nothing
2026-03-12 Thu | message second | withdrawn
2026-03-16 Mon | invoice FT104 900.00 due 2026-03-30 by BON
2026-03-20 Fri | cycle | nothing
# The hold ended on 20 March: the next step is due as if it had not been.
2026-03-23 Mon | cycle | email second: FT102
2026-03-25 Wed | cycle | email courtesy: FT102, FT104
# Easter Monday, after a week without runs.
2026-04-06 Mon | cycle | nothing
2026-04-07 Tue | cycle | registered_letter formal_notice: FT102, FT104
2026-04-07 Tue | leaves
2026-04-08 Wed | cycle | email first: FT104
2026-04-20 Mon | cycle | phone call
2026-04-20 Mon | done
2026-04-20 Mon | pays NC9
2026-04-20 Mon | cycle | nothing
2026-05-04 Mon | cycle | email second: FT104
2026-05-05 Tue | cycle | nothing
# All is paid: nothing more to do.
2026-05-06 Wed | pays FT102
2026-05-06 Wed | pays FT104
2026-05-06 Wed | cycle | nothing
2026-05-07 Thu | says | nothing
"""


def test_the_story_of_rossi(live_tenant, cli, tmp_path):
    policy = tmp_path / "storia.yaml"
    policy.write_text(POLICY)
    story = Story(cli, tmp_path, "anna")
    story.run("strategy", "load", policy)
    story.run("strategy", "publish", "storia")
    story.run("user", "create", "anna", "--profile", "credit_manager")
    told = story.live(STORY)
    assert "\n".join(told) == "\n".join(line for line in STORY.strip().splitlines() if not line.startswith("#"))
