"""Whom a contact is addressed to, and who is told of what happens."""

TO_THE_OWNER = """
priority: 1
days_between_steps: 3
steps:
  - {code: first, days: 5, channel: email, template: first_reminder, to: [finance, owner], fallback: [letter]}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: third, days: 25, channel: email, template: second_reminder, to: [lawyer], fallback: [letter]}
"""


def test_the_first_role_with_an_address_gets_it(lives):
    lives(
        """
2026-01-07 Wed | customer ROSSI
2026-01-07 Wed | knows owner name=Neri email=neri@rossi.example
2026-01-07 Wed | knows accounting name=Bianca email=bianca@rossi.example
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON
# Nobody is known in finance: the owner gets it.
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | written first | neri@rossi.example
# Before it leaves somebody of finance becomes known.
2026-01-15 Thu | knows finance name=Verdi email=verdi@rossi.example
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | written first | verdi@rossi.example
2026-01-15 Thu | leaves
# A step that says nothing writes to the accounts office.
2026-01-26 Mon | cycle | email second: FT1
2026-01-26 Mon | written second | bianca@rossi.example
2026-01-26 Mon | leaves
# No lawyer of theirs is known, neither for an e-mail nor for a letter: somebody looks for one.
2026-02-04 Wed | cycle | email third: FT1
2026-02-04 Wed | written third | no_address
2026-02-04 Wed | tasks | find_contact of 2026-02-04
2026-02-05 Thu | knows lawyer name=Grigi email=grigi@legali.example
2026-02-05 Thu | cycle | nothing
2026-02-05 Thu | written third | grigi@legali.example
2026-02-05 Thu | tasks | nothing
""",
        storia=TO_THE_OWNER,
    )


TELLS = """
priority: 1
days_between_steps: 3
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: tell, days: 10, action: notify, notify: [sales_manager, customer_care]}
  - {code: call, days: 20, channel: phone, outcomes: {CON: {hold: dispute, notify: [customer_care]}}}
"""


def test_colleagues_are_told_once_and_read_it(lives):
    lives(
        """
2026-01-07 Wed | customer ROSSI
2026-01-07 Wed | person sara sales_manager
2026-01-07 Wed | person carla customer_care
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-09 by BON
2026-01-07 Wed | invoice FT2 500.00 due 2026-01-12 by BON
2026-01-14 Wed | cycle | email first: FT1, FT2
2026-01-14 Wed | leaves
2026-01-19 Mon | cycle | email first: FT2, FT1
2026-01-19 Mon | leaves
2026-01-19 Mon | tasks sara | internal tell of 2026-01-19
2026-01-19 Mon | tasks carla | internal tell of 2026-01-19
2026-01-19 Mon | reads sara
2026-01-19 Mon | tasks sara | nothing
# FT2 comes to the step too: carla has not read yet, so nobody is told again, and it moves along.
2026-01-22 Thu | cycle | nothing
2026-01-22 Thu | level FT2 | tell
2026-01-22 Thu | tasks sara | nothing
2026-01-22 Thu | tasks carla | internal tell of 2026-01-19 carried over
# A notice holds nothing back: the call comes on its day.
2026-01-29 Thu | cycle | phone call
2026-01-29 Thu | call CON of FT1 | closed; dispute FT1 review 2026-02-28; task notify for customer_care 2026-01-29
2026-01-29 Thu | tasks carla | internal of 2026-01-29; internal tell of 2026-01-19 carried over
2026-01-29 Thu | reads carla
2026-01-29 Thu | tasks carla | nothing
""",
        storia=TELLS,
    )


def test_one_person_is_told_once_whatever_the_roles(lives):
    lives(
        """
2026-01-07 Wed | customer ROSSI
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-09 by BON
2026-01-14 Wed | cycle | email first: FT1
2026-01-14 Wed | leaves
# Neither a sales manager nor customer care: anna, the credit manager, is told instead of both, and one notice is enough.
2026-01-19 Mon | cycle | internal tell
2026-01-19 Mon | tasks anna | internal tell of 2026-01-19
2026-01-19 Mon | reads anna
2026-01-19 Mon | tasks anna | nothing
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | tasks anna | nothing
""",
        storia=TELLS,
    )


def test_what_is_paid_need_not_be_read(lives):
    lives(
        """
2026-01-07 Wed | customer ROSSI
2026-01-07 Wed | person carla customer_care
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-09 by BON
2026-01-14 Wed | cycle | email first: FT1
2026-01-14 Wed | leaves
# Nobody is sales manager here: the credit manager is told instead.
2026-01-19 Mon | cycle | internal tell
2026-01-19 Mon | tasks carla | internal tell of 2026-01-19
2026-01-20 Tue | pays FT1
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | tasks carla | nothing
""",
        storia=TELLS,
    )
