"""Rule 4: one contact a day for whoever is written to, what it lists, how it travels; measures go beside it."""

STEPS = """
priority: 1
steps:
  - {code: courtesy, days: -5, channel: email, template: courtesy}
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
"""


def test_whatever_is_due_is_said_in_one_letter(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-11 by BON
2026-01-16 Fri | cycle | email first: FT1
2026-01-16 Fri | leaves
# On the 26th FT1 is due at the second reminder, FT2 at the first, FT3 at its courtesy; FT4 is overdue and has no step
# that day.
2026-01-26 Mon | invoice FT2 200.00 due 2026-01-21 by BON
2026-01-26 Mon | invoice FT3 300.00 due 2026-01-31 by BON
2026-01-26 Mon | invoice FT4 400.00 due 2026-01-23 by BON
2026-01-26 Mon | cycle | email second: FT1, FT2, FT4, FT3
# Each moved to its own step, what was only named did not.
2026-01-26 Mon | stands FT1 | 15 days, second, nothing comes
2026-01-26 Mon | stands FT2 | 5 days, first, second on 2026-02-05
2026-01-26 Mon | stands FT3 | -5 days, courtesy, first on 2026-02-05
2026-01-26 Mon | stands FT4 | 3 days, no level, first on 2026-01-28
# An hour later another document turns up, ten days late: not a second letter that day.
2026-01-26 Mon | invoice FT5 500.00 due 2026-01-16 by BON
2026-01-26 Mon | cycle | email second: FT1, FT2, FT4, FT3
2026-01-26 Mon | leaves
2026-01-27 Tue | cycle | email first: FT5, FT1, FT2, FT4
""",
        storia=STEPS,
    )


def test_without_an_address_another_way_is_taken_or_an_address_looked_for(lives):
    lives(
        """
2026-01-12 Mon | customer NERI
2026-01-12 Mon | customer VERDI address=ViaPo city=Torino postal_code=10100
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON of NERI
2026-01-12 Mon | invoice FT2 1000.00 due 2026-01-07 by BON of VERDI
# Of Verdi only the post address is known: the letter goes that way. Of Neri nothing is known: it waits, FT1 has moved.
2026-01-12 Mon | cycle | NERI email first: FT1; VERDI email first: FT2
2026-01-12 Mon | ways | NERI held no_address; VERDI queued letter
2026-01-12 Mon | tasks | NERI find_contact of 2026-01-12
2026-01-12 Mon | stands FT1 of NERI | 5 days, first, second on 2026-01-22
# An address turns up: the letter may leave, nobody has to look any more.
2026-01-13 Tue | customer NERI email=conti@neri.example
2026-01-13 Tue | cycle | nothing
2026-01-13 Tue | ways | NERI queued email; VERDI queued letter
2026-01-13 Tue | tasks | nothing
""",
        storia="""
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder, fallback: [letter]}
  - {code: second, days: 15, channel: email, template: second_reminder, fallback: [letter]}
""",
    )


def test_measures_go_beside_the_contact_and_later_documents_join_them(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-02 by BON
2026-01-12 Mon | invoice FT2 1000.00 due 2026-01-07 by BON
# FT1 is ten days late: orders are blocked and somebody is to decide. FT2 gets its letter on the same day.
2026-01-12 Mon | cycle | email first: FT1, FT2
2026-01-12 Mon | leaves
2026-01-12 Mon | blocked | no
2026-01-19 Mon | cycle | nothing
2026-01-19 Mon | blocked | 2
2026-01-19 Mon | stands FT1 | 17 days, block, decide on 2026-01-26
2026-01-19 Mon | stands FT2 | 12 days, block, decide on 2026-01-26
# A third document comes to the block that is in force already: it joins, nothing happens twice.
2026-01-19 Mon | invoice FT3 500.00 due 2026-01-07 by BON level=first level_date=2026-01-10
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | stands FT3 | 13 days, block, decide on 2026-01-27
2026-01-26 Mon | cycle | internal decide
2026-01-27 Tue | cycle | nothing
2026-01-27 Tue | stands FT3 | 20 days, decide, nothing comes
2026-01-27 Tue | tasks | internal decide of 2026-01-26 carried over
# What joined holds the task open: FT1 and FT2 are paid, FT3 is not; then it is.
2026-01-28 Wed | pays FT1
2026-01-28 Wed | pays FT2
2026-01-28 Wed | cycle | nothing
2026-01-28 Wed | tasks | internal decide of 2026-01-26 carried over
2026-01-29 Thu | pays FT3
2026-01-29 Thu | cycle | nothing
2026-01-29 Thu | tasks | nothing
""",
        storia="""
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: block, days: 10, action: order_block, level: 2}
  - {code: decide, days: 14, action: task, assign_to: credit_manager}
""",
    )
