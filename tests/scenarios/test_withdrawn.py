"""Rule 14: what is taken back before it leaves was never done; what a person drops is skipped or waits for a day."""

POLICY = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 12, channel: email, template: second_reminder}
"""
PLANNED = """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 500.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1, FT2
"""


def test_a_letter_without_a_document_left_is_taken_back_with_its_levels(lives):
    lives(
        PLANNED
        + """
# FT1 is contested: the letter goes on with FT2.
2026-01-13 Tue | sets hold dispute FT1 to 2026-01-20 | dispute FT1 to 2026-01-20
2026-01-13 Tue | letter first | queued: FT2
2026-01-13 Tue | stands FT1 | 6 days, first, not dunnable: hold, second on 2026-01-21
# FT2 too: nothing is left to say.
2026-01-13 Tue | sets hold dispute FT2 to 2026-01-19 | dispute FT2 to 2026-01-19
2026-01-13 Tue | message first | withdrawn
2026-01-13 Tue | stands FT1 | 6 days, no level, not dunnable: hold, first on 2026-01-21
2026-01-19 Mon | cycle | nothing
# They have never had a reminder: the first one comes, not the second.
2026-01-20 Tue | cycle | email first: FT2
2026-01-20 Tue | leaves
2026-01-21 Wed | cycle | email first: FT1, FT2
""",
        storia=POLICY,
    )


def test_a_step_somebody_skips_counts_as_taken(lives):
    lives(
        PLANNED
        + """
2026-01-12 Mon | drops first skip
2026-01-12 Mon | message first | withdrawn
2026-01-12 Mon | stands FT1 | 5 days, first, second on 2026-01-19
2026-01-16 Fri | cycle | nothing
2026-01-19 Mon | cycle | email second: FT1, FT2
""",
        storia=POLICY,
    )


def test_a_step_somebody_puts_off_waits_for_its_day(lives):
    lives(
        PLANNED
        + """
2026-01-12 Mon | drops first until 2026-01-15
2026-01-12 Mon | message first | withdrawn
2026-01-12 Mon | stands FT1 | 5 days, no level, first on 2026-01-15
2026-01-14 Wed | cycle | nothing
2026-01-15 Thu | cycle | email first: FT1, FT2
2026-01-15 Thu | leaves
# It has left: nobody can take it back.
2026-01-15 Thu | refused drop ROSSI second --skip --user anna --date 2026-01-15 | per ROSSI non è pianificato niente al passo second
2026-01-15 Thu | stands FT1 | 8 days, first, second on 2026-01-22
""",
        storia=POLICY,
    )


def test_what_could_not_leave_for_five_working_days_waits_for_a_person(lives):
    lives(
        PLANNED
        + """
# The ledger does not come any more: what is older than a working day lets nothing leave. On Monday it comes again.
2026-01-16 Fri | cycle | nothing
2026-01-16 Fri | ways | ROSSI held waiting_data
2026-01-19 Mon | imports
2026-01-19 Mon | cycle | email second: FT1, FT2
2026-01-19 Mon | ways | ROSSI queued email; ROSSI queued email
# Five working days after the 12th are over.
2026-01-20 Tue | imports
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | ways | ROSSI held stale; ROSSI queued email
2026-01-20 Tue | tasks | review of 2026-01-20
2026-01-20 Tue | work | Un messaggio non è potuto partire da cinque giorni lavorativi: inviarlo o annullarlo
2026-01-20 Tue | drops first skip
2026-01-20 Tue | tasks | nothing
2026-01-20 Tue | stands FT1 | 13 days, second, nothing comes
""",
        storia=POLICY,
    )
