"""Rules 5 and 6: on which days anything is planned, and how often a customer is contacted."""

STEPS = """
priority: 1
contact_limit: {max: %s, days: 7}
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 12, channel: email, template: second_reminder}
  - {code: block, days: 13, action: order_block, level: 3}
  - {code: notice, days: 14, channel: registered_letter, template: formal_notice, must: true, min_days: 1}
"""


def test_only_on_working_days(lives):
    lives(
        """
# FT1 is due on Saturday 3 January. Monday is a working day, Tuesday is Epiphany.
2026-01-02 Fri | invoice FT1 1000.00 due 2025-12-29 by BON
2026-01-02 Fri | cycle | nothing
2026-01-02 Fri | says | 2026-01-05 email first
2026-01-03 Sat | cycle | nothing
2026-01-04 Sun | cycle | nothing
2026-01-04 Sun | stands FT1 | 6 days, no level, first on 2026-01-05
2026-01-05 Mon | cycle | email first: FT1
2026-01-05 Mon | leaves
# FT2's fifth day is Epiphany itself.
2026-01-05 Mon | invoice FT2 500.00 due 2026-01-01 by BON
2026-01-06 Tue | cycle | nothing
2026-01-06 Tue | says | 2026-01-07 email first
2026-01-07 Wed | cycle | email first: FT2, FT1
""",
        storia=STEPS % 5,
    )


def test_easter_is_kept(lives):
    lives(
        """
2026-03-30 Mon | invoice FT1 1000.00 due 2026-03-30 by BON
2026-03-30 Mon | cycle | nothing
# The fifth day is 4 April, Saturday; Sunday is Easter, Monday a holiday.
2026-04-03 Fri | cycle | nothing
2026-04-03 Fri | says | 2026-04-07 email first
2026-04-06 Mon | cycle | nothing
2026-04-07 Tue | cycle | email first: FT1
""",
        storia=STEPS % 5,
    )


def test_one_contact_in_seven_days_lets_the_eighth_pass_and_a_must_at_any_time(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1
2026-01-12 Mon | leaves
# FT2 is due on Wednesday. The week from the 12th to the 18th has had its contact: it waits, and does not move.
2026-01-14 Wed | invoice FT2 500.00 due 2026-01-09 by BON
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | waits FT2 | other_contacts
2026-01-14 Wed | stands FT2 | 5 days, no level, first on 2026-01-19
2026-01-16 Fri | cycle | nothing
# From the 19th back to the 13th there is none. FT1 has come to its second reminder meanwhile.
2026-01-19 Mon | cycle | email second: FT1, FT2
2026-01-19 Mon | leaves
# Measures are no contacts: the block does not wait.
2026-01-26 Mon | blocked | no
2026-01-26 Mon | cycle | email second: FT2, FT1
2026-01-26 Mon | blocked | 3
2026-01-26 Mon | leaves
# The formal notice must be sent: it goes the next day, the day before nobody would have been written to.
2026-01-26 Mon | stands FT1 | 19 days, block, notice on 2026-01-27
2026-01-27 Tue | cycle | registered_letter notice: FT1, FT2
""",
        storia=STEPS % 1,
    )


def test_calls_of_people_count_answers_do_not(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | imports
# The customer rings up on Friday, and somebody rings them on Monday: two contacts of the week.
2026-01-09 Fri | contact in DONE
2026-01-12 Mon | contact out DONE
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | waits FT1 | other_contacts
# From Friday 16 back to the 10th there is one.
2026-01-15 Thu | cycle | nothing
2026-01-16 Fri | cycle | email first: FT1
2026-01-16 Fri | leaves
# They ask for a statement, which leaves as an answer; it is in nobody's way: the next letter keeps its own day.
2026-01-20 Tue | contact in EC
2026-01-20 Tue | stands FT1 | 13 days, first, second on 2026-01-23
2026-01-22 Thu | cycle | nothing
2026-01-23 Fri | cycle | email second: FT1
""",
        storia=STEPS % 2,
    )
