"""Rule 15, the keys that wait for people: consult with every answer and none, approval after it, release."""

CONSULT = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder, consult: {who: credit_manager, working_days: 2, silence: wait, max_delay: 7}}
  - {code: second, days: 30, channel: email, template: second_reminder}
"""
ASKED = """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1; consult first
2026-01-12 Mon | message first | held
2026-01-12 Mon | stands FT1 | 5 days, no level, first on 2026-01-19
"""


def test_where_silence_waits_it_waits_as_long_as_a_delay_may_be(lives):
    lives(
        ASKED
        + """
2026-01-14 Wed | cycle | nothing
2026-01-16 Fri | cycle | nothing
2026-01-16 Fri | tasks | consult first of 2026-01-12 carried over
2026-01-19 Mon | cycle | email first: FT1
2026-01-19 Mon | tasks | nothing
2026-01-19 Mon | stands FT1 | 12 days, first, second on 2026-02-06
""",
        storia=CONSULT,
    )


def test_it_may_go_at_once_or_on_a_day_within_the_delay(lives):
    lives(
        ASKED
        + """
2026-01-12 Mon | answers DONE
2026-01-12 Mon | message first | queued
2026-01-12 Mon | stands FT1 | 5 days, first, second on 2026-02-06
""",
        storia=CONSULT,
    )


def test_what_is_contested_is_held_and_not_written(lives):
    lives(
        ASKED
        + """
2026-01-13 Tue | answers CON
2026-01-13 Tue | message first | withdrawn
2026-01-13 Tue | stands FT1 | 6 days, no level, not dunnable: hold, nothing comes
# Settled a week later: it is asked again before anything goes.
2026-01-20 Tue | lifts dispute | planned 1
2026-01-20 Tue | message first | held
2026-01-20 Tue | tasks | consult first of 2026-01-20; internal of 2026-01-13 carried over
""",
        storia=CONSULT,
    )


def test_after_the_word_of_one_the_approval_of_another(lives):
    lives(
        """
2026-01-12 Mon | person dora cfo
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | registered_letter notice: FT1; consult notice
2026-01-12 Mon | grants dora | nothing
2026-01-12 Mon | answers DONE
2026-01-12 Mon | message notice | held
2026-01-12 Mon | stands FT1 | 5 days, no level, nothing comes
2026-01-13 Tue | grants dora | notice
2026-01-13 Tue | message notice | queued
2026-01-13 Tue | stands FT1 | 6 days, notice, nothing comes
""",
        storia="""
priority: 1
steps:
  - {code: notice, days: 5, channel: registered_letter, template: formal_notice, approval: required, consult: {who: credit_manager}}
""",
    )


RELEASE = """
priority: 1
release: %s
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
"""
HELD = """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | imports
2026-01-12 Mon | sets hold manual FT1 | manual FT1 review 2026-01-26
2026-01-16 Fri | cycle | nothing
"""


def test_what_is_released_on_friday_goes_at_once(lives):
    lives(HELD + "2026-01-16 Fri | lifts manual | planned 1", storia=RELEASE % "at_once")


def test_or_on_the_next_working_day(lives):
    lives(
        HELD
        + """
2026-01-16 Fri | lifts manual | planned 0
2026-01-16 Fri | stands FT1 | 9 days, no level, first on 2026-01-19
2026-01-18 Sun | cycle | nothing
2026-01-19 Mon | cycle | email first: FT1
""",
        storia=RELEASE % "next_working_day",
    )
