"""Rules 12 and 13: missed runs, repeated runs, and days that only go forward."""

POLICY = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: third, days: 25, channel: email, template: second_reminder}
"""


def test_after_weeks_without_a_run_each_document_takes_one_step(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1
2026-01-12 Mon | leaves
# Nobody ran the house for five weeks: the second and the third reminder would be due by now.
2026-02-16 Mon | cycle | email second: FT1
2026-02-16 Mon | leaves
2026-02-16 Mon | stands FT1 | 40 days, second, third on 2026-02-23
# Again on the same day: nothing.
2026-02-16 Mon | cycle | email second: FT1
2026-02-16 Mon | says | 2026-02-23 email third
2026-02-17 Tue | cycle | nothing
# Not into the past, not into the future.
2026-02-17 Tue | refused cycle --date 2026-02-16 | la data 2026-02-16 precede quella dell'ultima elaborazione, 2026-02-17
2026-02-17 Tue | refused cycle --date 2099-01-05 | la data 2099-01-05 è nel futuro
# What somebody does is dated the last run at the earliest: a hold "of the 10th" takes nothing back that left since.
2026-02-10 Tue | sets hold manual FT1 to 2026-02-18 | manual FT1 to 2026-02-18
2026-02-17 Tue | stands FT1 | 41 days, second, not dunnable: hold, third on 2026-02-23
""",
        storia=POLICY,
    )


def test_run_again_on_changed_data_the_day_does_what_the_change_asks(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1
# At noon the ledger comes again: FT1 is paid, FT2 is new. The letter that had not left goes, and the day is free.
2026-01-12 Mon | pays FT1
2026-01-12 Mon | invoice FT2 400.00 due 2026-01-05 by BON
2026-01-12 Mon | cycle | email first: FT2
2026-01-12 Mon | leaves
# In the afternoon FT3 turns up: the day has had its contact, the letter has left.
2026-01-12 Mon | invoice FT3 300.00 due 2026-01-05 by BON
2026-01-12 Mon | cycle | email first: FT2
2026-01-12 Mon | stands FT3 | 7 days, no level, first on 2026-01-13
""",
        storia=POLICY,
    )
