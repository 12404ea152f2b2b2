"""Rule 15, the keys about milder and stricter letters: absorb_lower, pay_by, and documents in a formal notice."""

POLICY = """
priority: 1
bank_lag: 2
%s
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: notice, days: 30, channel: registered_letter, template: formal_notice, pay_by: 15}
  - {code: last, days: 31, channel: email, template: second_reminder}
"""
# FT1 gets its formal notice on the 12th; FT2 comes to its first reminder on the 16th.
NOTICE = """
2026-01-12 Mon | invoice FT1 1000.00 due 2025-12-13 by BON level=second level_date=2026-01-02
2026-01-12 Mon | invoice FT2 500.00 due 2026-01-09 by BON
2026-01-12 Mon | cycle | registered_letter notice: FT1, FT2
2026-01-12 Mon | leaves
"""


def test_a_milder_letter_is_not_sent_so_soon_after_a_stricter_one(lives):
    lives(
        NOTICE
        + """
# The first reminder of FT2 falls into the fifteen days after the notice: FT2 takes its step, nothing is sent.
2026-01-15 Thu | cycle | nothing
2026-01-16 Fri | cycle | nothing
2026-01-16 Fri | stands FT2 | 7 days, first, second on 2026-01-26
2026-01-26 Mon | cycle | nothing
2026-01-26 Mon | stands FT2 | 17 days, second, notice on 2026-02-09
# It appears in the next letter that is not milder.
2026-01-29 Thu | cycle | email last: FT1, FT2
2026-01-29 Thu | stands FT1 | 47 days, last, nothing comes
""",
        storia=POLICY % "absorb_lower: 15",
    )


def test_once_the_stricter_document_is_paid_the_milder_letter_goes(lives):
    lives(
        NOTICE
        + """
2026-01-14 Wed | pays FT1
2026-01-14 Wed | cycle | nothing
2026-01-16 Fri | cycle | email first: FT2
""",
        storia=POLICY % "absorb_lower: 15",
    )


def test_the_step_after_a_last_day_to_pay_waits_for_it_and_for_the_bank(lives):
    lives(
        NOTICE
        + """
# Fifteen days to pay: until the 27th, and two working days for the bank. A milder letter does not name FT1.
2026-01-12 Mon | stands FT1 | 30 days, notice, last on 2026-01-29
2026-01-16 Fri | cycle | email first: FT2
2026-01-16 Fri | leaves
2026-01-19 Mon | cycle | nothing
2026-01-28 Wed | cycle | email second: FT2
2026-01-28 Wed | leaves
2026-01-29 Thu | cycle | email last: FT1, FT2
""",
        storia=POLICY % "",
    )
