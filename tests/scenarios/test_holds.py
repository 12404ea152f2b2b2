"""Rule 10: what stops reminders, for which documents, from when to when, and what comes afterwards."""

POLICY = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 12, channel: email, template: second_reminder}
"""


def test_every_kind_lasts_as_long_as_its_cause_or_is_looked_at_again(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 100.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 200.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT3 300.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT4 400.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT5 500.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT6 600.00 due 2026-01-07 by BON
2026-01-12 Mon | imports
2026-01-12 Mon | sets hold promise FT1 to 2026-01-16 | promise FT1 to 2026-01-16
# Whether it was paid is found out within five working days; a manual hold is looked at after 14 days, a dispute after 30.
2026-01-12 Mon | sets hold payment_check FT2 | payment_check FT2 to 2026-01-19
2026-01-12 Mon | sets hold manual FT3 | manual FT3 review 2026-01-26
2026-01-12 Mon | sets hold dispute FT4 | dispute FT4 review 2026-02-11
2026-01-12 Mon | sets hold plan FT5 | plan FT5 as long as its cause
2026-01-12 Mon | sets hold legal FT6 | legal FT6 as long as its cause
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | stands FT1 | 5 days, no level, not dunnable: hold, first on 2026-01-19
2026-01-12 Mon | stands FT2 | 5 days, no level, not dunnable: hold, first on 2026-01-20
2026-01-12 Mon | stands FT5 | 5 days, no level, not dunnable: hold, nothing comes
2026-01-16 Fri | cycle | nothing
# Friday was the last day of the promise; the last day of the check is Monday.
2026-01-19 Mon | cycle | email first: FT1
2026-01-19 Mon | leaves
2026-01-20 Tue | cycle | email first: FT2, FT1
2026-01-20 Tue | leaves
# Who put the hold is asked whether it is to go on.
2026-01-23 Fri | tasks | nothing
2026-01-26 Mon | cycle | email second: FT1, FT2
2026-01-26 Mon | tasks | review of 2026-01-26
2026-01-26 Mon | work | Una sospensione va rivista: continua o va tolta? Motivo di allora: accordi
2026-01-26 Mon | leaves
2026-02-11 Wed | cycle | email second: FT2, FT1
2026-02-11 Wed | tasks | review of 2026-01-26 carried over; review of 2026-02-11
# FT4 is paid: nothing is left to look at.
2026-02-12 Thu | pays FT4
2026-02-12 Thu | cycle | nothing
2026-02-12 Thu | tasks | review of 2026-01-26 carried over
""",
        storia=POLICY,
    )


def test_from_its_first_day_to_its_last_and_not_a_day_longer(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-08 by BON
2026-01-12 Mon | invoice FT2 1000.00 due 2026-01-09 by BON
2026-01-12 Mon | imports
# Their office moves from Wednesday to Friday: not a word in those days.
2026-01-12 Mon | sets hold manual from 2026-01-14 to 2026-01-16 | manual to 2026-01-16
2026-01-13 Tue | cycle | email first: FT1, FT2
2026-01-13 Tue | leaves
2026-01-13 Tue | stands FT2 | 4 days, no level, first on 2026-01-19
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | stands FT2 | 5 days, no level, not dunnable: hold, first on 2026-01-19
2026-01-16 Fri | cycle | nothing
2026-01-19 Mon | cycle | email first: FT2, FT1
""",
        storia=POLICY,
    )


def test_the_whole_customer_on_hold_takes_letters_and_calls_back_and_goes_on_as_if_nothing_had_been(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1
2026-01-12 Mon | leaves
2026-01-19 Mon | cycle | phone call
# The credit manager was rung up: nobody is to call any more for now.
2026-01-19 Mon | sets hold do_not_contact review 2026-01-26 | do_not_contact review 2026-01-26
2026-01-19 Mon | tasks | nothing
2026-01-19 Mon | stands FT1 | 12 days, first, not dunnable: hold, nothing comes
2026-01-20 Tue | cycle | nothing
# Released on Thursday: the call has been due since Monday, and is planned in the same minute.
2026-01-22 Thu | lifts do_not_contact | planned 1
2026-01-22 Thu | tasks | phone call of 2026-01-22
2026-01-22 Thu | stands FT1 | 15 days, call, nothing comes
""",
        storia="""
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: call, days: 12, channel: phone}
""",
    )


def test_several_holds_over_parts_add_up(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | imports
2026-01-12 Mon | sets hold dispute FT1 400.00 | dispute FT1 400.00 review 2026-02-11
2026-01-12 Mon | sets hold promise FT1 600.00 to 2026-01-14 | promise FT1 600.00 to 2026-01-14
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | stands FT1 | 5 days, no level, not dunnable: hold, first on 2026-01-15
# More than is open cannot be held.
2026-01-12 Mon | refused hold ROSSI --item FT1 --amount 0.01 --kind plan --user anna --date 2026-01-12 | 0.01 supera quanto è aperto e non ancora sospeso del documento FT1 (0.00)
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | work | nothing
""",
        storia=POLICY,
    )
