"""Rule 3: the level of a document, its next step, and the day on which that is due."""

STEPS = """
priority: 1
catch_up: %s
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: notice, days: 30, channel: registered_letter, template: formal_notice, must: true}
  - {code: last, days: 45, channel: email, template: second_reminder}
  - {code: legal, days: 60, action: propose_legal}
"""
# A document 67 days late is seen for the first time.
LATE = """
2026-01-07 Wed | invoice FT1 1000.00 due 2025-11-01 by BON
"""


def test_one_by_one_an_old_document_begins_at_the_beginning(lives):
    lives(
        LATE
        + """
2026-01-07 Wed | cycle | email first: FT1
2026-01-07 Wed | leaves
2026-01-07 Wed | stands FT1 | 67 days, first, second on 2026-01-14
2026-01-13 Tue | cycle | nothing
2026-01-14 Wed | cycle | email second: FT1
2026-01-14 Wed | leaves
2026-01-21 Wed | cycle | registered_letter notice: FT1
""",
        storia=STEPS % "one_by_one",
    )


def test_jumping_skips_what_is_past_but_neither_the_notice_nor_straight_to_the_lawyers(lives):
    lives(
        LATE
        + """
# The first and second reminder are passed over; the formal notice has to be sent.
2026-01-07 Wed | cycle | registered_letter notice: FT1
2026-01-07 Wed | leaves
2026-01-07 Wed | stands FT1 | 67 days, notice, last on 2026-01-14
# To the lawyers from the last reminder only, not straight from the notice.
2026-01-14 Wed | cycle | email last: FT1
2026-01-14 Wed | leaves
2026-01-21 Wed | cycle | review legal
2026-01-21 Wed | stands FT1 | 81 days, legal, nothing comes
""",
        storia=STEPS % "jump_to_latest",
    )


def test_a_courtesy_comes_until_the_due_date_and_not_after_it(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-20 by BON
2026-01-12 Mon | invoice FT2 700.00 due 2026-01-20 by BON
2026-01-12 Mon | cycle | nothing
# Nobody ran the house from the 15th on; on the due date it is not too late yet.
2026-01-20 Tue | cycle | email courtesy: FT1, FT2
2026-01-20 Tue | leaves
# The day after it is.
2026-01-21 Wed | invoice FT3 900.00 due 2026-01-20 by BON
2026-01-21 Wed | cycle | nothing
2026-01-21 Wed | stands FT3 | 1 days, no level, first on 2026-01-26
# A courtesy is a step like others: the first reminder keeps a week from it.
2026-01-21 Wed | stands FT1 | 1 days, courtesy, first on 2026-01-27
2026-01-26 Mon | cycle | email first: FT3, FT1, FT2
2026-01-27 Tue | cycle | email first: FT1, FT2, FT3
""",
        storia="""
priority: 1
steps:
  - {code: courtesy, days: -5, channel: email, template: courtesy}
  - {code: first, days: 5, channel: email, template: first_reminder}
""",
    )


def test_a_level_from_elsewhere_is_taken_over_and_a_step_may_have_its_own_wait(lives):
    lives(
        """
# The old program had sent a first reminder for FT1 and a second one for FT2, which it knew by numbers.
2026-01-12 Mon | invoice FT1 1000.00 due 2025-12-20 by BON level=first level_date=2026-01-09
2026-01-12 Mon | invoice FT2 1000.00 due 2025-12-20 by BON level=2 level_date=2026-01-09
2026-01-12 Mon | invoice FT3 1000.00 due 2025-12-20 by BON level=ninth
# FT3's "ninth" says nothing: it begins at the beginning. The call of FT2, three days after its second reminder, takes
# FT3 along; while the call is open FT3 waits for it.
2026-01-12 Mon | cycle | phone call
2026-01-12 Mon | stands FT1 | 23 days, first, second on 2026-01-16
2026-01-12 Mon | stands FT2 | 23 days, call, notice on 2026-02-02
2026-01-12 Mon | stands FT3 | 23 days, first, second on 2026-01-22
2026-01-13 Tue | done
2026-01-13 Tue | stands FT3 | 24 days, first, second on 2026-01-19
# Twenty days after the call is a Sunday.
2026-01-13 Tue | stands FT2 | 24 days, call, notice on 2026-02-02
2026-01-16 Fri | cycle | email second: FT1, FT2, FT3
2026-01-16 Fri | leaves
# FT1 comes to the call three days after its second reminder, too, before the week of other steps.
2026-01-19 Mon | cycle | phone call
2026-01-19 Mon | stands FT3 | 30 days, second, call on 2026-01-29
""",
        storia="""
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: call, days: 16, channel: phone, min_days: 3}
  - {code: notice, days: 20, channel: registered_letter, template: formal_notice, min_days: 20}
""",
    )


def test_conditions_choose_the_next_step_day_by_day(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 500.00 due 2026-01-09 by BON
2026-01-12 Mon | cycle | nothing
# On the tenth day a warning, from 1,000 euro overdue; 500 wait for the call of the fifteenth.
2026-01-19 Mon | cycle | nothing
2026-01-19 Mon | stands FT1 | 10 days, no level, call on 2026-01-26
# One more document is overdue from Wednesday on: now it is enough for both.
2026-01-20 Tue | invoice FT2 500.00 due 2026-01-20 by BON
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | stands FT1 | 11 days, no level, warning on 2026-01-21
2026-01-21 Wed | cycle | email warning: FT1, FT2
2026-01-21 Wed | leaves
# FT2 is paid, the condition holds no more: what was taken stays taken.
2026-01-22 Thu | pays FT2
2026-01-22 Thu | cycle | nothing
2026-01-22 Thu | stands FT1 | 13 days, warning, call on 2026-01-28
""",
        storia="""
priority: 1
steps:
  - {code: warning, days: 10, channel: email, template: first_reminder, conditions: {overdue: {">=": 1000}}}
  - {code: call, days: 15, channel: phone}
""",
    )
