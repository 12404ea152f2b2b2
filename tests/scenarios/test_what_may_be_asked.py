"""Rules 2 and 9: what is owed and may be asked for, from which day on, and what becomes of it when money comes."""

POLICY = """
priority: 1
minimum_overdue: 100.00
minimum_item: 25.00
steps:
  - {code: courtesy, days: -5, channel: email, template: courtesy}
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
payment_types:
  RIB: {start_after: returned}
  CAR: {dunnable: false}
"""


def test_small_amounts_wait_until_they_are_worth_a_letter(lives):
    lives(
        """
2026-01-13 Tue | invoice FT1 24.99 due 2026-01-09 by BON
2026-01-13 Tue | invoice FT2 25.00 due 2026-01-09 by BON
2026-01-13 Tue | invoice FT3 74.99 due 2026-01-09 by BON
# The document of 24.99 is too small; the others are 99.99 together, one cent too little.
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | stands FT1 | 5 days, no level, not dunnable: below_minimum, nothing comes
2026-01-14 Wed | stands FT2 | 5 days, no level, dunnable but minimum_overdue, nothing comes
# Of exactly 100.00 the letter goes. It does not name what is too small.
2026-01-15 Thu | alters FT3 amount=75.00 open_amount=75.00
2026-01-15 Thu | cycle | email first: FT2, FT3
""",
        storia=POLICY,
    )


def test_only_what_is_owed_is_asked_for(lives):
    lives(
        """
2026-01-13 Tue | invoice FT1 1000.00 due 2026-01-09 by BON withheld=1000.00
2026-01-13 Tue | invoice FT2 1000.00 due 2026-01-09 by BON vat_split=180.33
2026-01-13 Tue | invoice FT3 500.00 due 2026-01-09 by BON retention=500.00 retention_release_date=2026-01-20
2026-01-13 Tue | invoice FT4 500.00 due 2026-01-09 by CAR
2026-01-13 Tue | invoice FT5 500.00 due 2026-01-09 by RIB
2026-01-13 Tue | invoice FT6 500.00 due 2026-01-09 by BON bank_status=presented presented_on=2026-01-05
# Withholding tax is the State's, and so is split VAT; retention money is not due before its release; cards are
# debited; bills wait for their return.
2026-01-14 Wed | cycle | email first: FT2
2026-01-14 Wed | leaves
2026-01-14 Wed | stands FT1 | 5 days, no level, not dunnable: not_owed, nothing comes
2026-01-14 Wed | stands FT2 | 5 days, first, second on 2026-01-26
2026-01-14 Wed | stands FT3 | 5 days, no level, not dunnable: not_owed, first on 2026-01-20
2026-01-14 Wed | stands FT4 | 5 days, no level, not dunnable: payment_type, nothing comes
2026-01-14 Wed | stands FT5 | 5 days, no level, not dunnable: awaits_return, nothing comes
2026-01-14 Wed | stands FT6 | 5 days, no level, not dunnable: at_bank, nothing comes
# The works were accepted: the retention is due like anything else.
2026-01-20 Tue | cycle | email first: FT3, FT2
2026-01-20 Tue | leaves
# The management excludes the customer: nothing more, whatever is open.
2026-01-21 Wed | customer ROSSI is_excluded=1
2026-01-21 Wed | cycle | nothing
2026-01-26 Mon | cycle | nothing
2026-01-26 Mon | stands FT2 | 17 days, first, not dunnable: excluded, nothing comes
""",
        storia=POLICY,
    )


def test_a_hold_over_part_of_a_document_leaves_the_rest(lives):
    lives(
        """
2026-01-13 Tue | invoice FT1 1000.00 due 2026-01-09 by BON
2026-01-13 Tue | imports
# 99.99 are left to ask for, less than the 100.00 that a letter takes.
2026-01-13 Tue | sets hold dispute FT1 900.01 | dispute FT1 900.01 review 2026-02-12
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | stands FT1 | 5 days, no level, dunnable but minimum_overdue, nothing comes
2026-01-14 Wed | lifts dispute | planned 1
2026-01-14 Wed | message first | queued
# In dispute again, but for 100.00: the letter stands.
2026-01-14 Wed | sets hold dispute FT1 900.00 | dispute FT1 900.00 review 2026-02-13
2026-01-14 Wed | message first | queued
2026-01-14 Wed | stands FT1 | 5 days, first, second on 2026-01-26
# Of another 75.01 they say it was paid: 24.99 are less than any document is reminded of. The letter has not left and is
# taken back, and the document has no level any more.
2026-01-15 Thu | sets hold payment_check FT1 75.01 | payment_check FT1 75.01 to 2026-01-22
2026-01-15 Thu | message first | withdrawn
2026-01-15 Thu | stands FT1 | 6 days, no level, not dunnable: below_minimum, first on 2026-01-23
# The check is over: the first reminder after all.
2026-01-22 Thu | cycle | nothing
2026-01-23 Fri | cycle | email first: FT1
""",
        storia=POLICY,
    )


def test_credits_and_money_in_hand_are_set_against_what_is_overdue(lives):
    lives(
        """
2026-01-13 Tue | invoice FT1 300.00 due 2026-01-09 by BON
2026-01-13 Tue | invoice FT2 2000.00 due 2026-01-19 by BON
2026-01-13 Tue | credit NC1 300.00
# Nothing is owed, all told: no reminder, until FT2 is overdue as well. The courtesy before the due date does not look
# at that, and names FT2 only.
2026-01-14 Wed | cycle | email courtesy: FT2
2026-01-14 Wed | leaves
2026-01-14 Wed | stands FT1 | 5 days, no level, dunnable but minimum_overdue, first on 2026-01-20
2026-01-14 Wed | stands NC1 | 1 days, no level, not dunnable: credit, nothing comes
# The credit note was used elsewhere, but 200.01 arrived and nobody knows yet for what: 99.99 are left.
2026-01-15 Thu | removes NC1
2026-01-15 Thu | money 200.01
2026-01-15 Thu | cycle | nothing
2026-01-15 Thu | stands FT1 | 6 days, no level, dunnable but minimum_overdue, first on 2026-01-20
# FT2 is overdue too: enough. It does not move, its first reminder has its own day.
2026-01-20 Tue | cycle | email first: FT1, FT2
2026-01-20 Tue | stands FT2 | 1 days, courtesy, first on 2026-01-26
""",
        storia=POLICY,
    )


def test_what_is_paid_leaves_at_once_and_what_comes_back_is_where_it_was(lives):
    lives(
        """
2026-01-13 Tue | invoice FT1 1000.00 due 2026-01-09 by BON
2026-01-13 Tue | invoice FT2 500.00 due 2026-01-09 by BON
2026-01-14 Wed | cycle | email first: FT1, FT2
# FT1 is not in the ledger any more, of FT2 a part was paid: the letter has not left and is written anew.
2026-01-15 Thu | removes FT1
2026-01-15 Thu | pays FT2 200.00
2026-01-15 Thu | cycle | nothing
2026-01-15 Thu | letter first | queued: FT2
2026-01-15 Thu | stands FT2 | 6 days, first, second on 2026-01-26
2026-01-15 Thu | leaves
# It was a mistake of the bookkeeper's: FT1 is open after all, at the level it had.
2026-01-16 Fri | invoice FT1 1000.00 due 2026-01-09 by BON
2026-01-16 Fri | cycle | nothing
2026-01-16 Fri | stands FT1 | 7 days, first, second on 2026-01-26
# FT2 is written off and invoiced again with six more weeks: the new document goes on from where the old one stood.
2026-01-19 Mon | removes FT2
2026-01-19 Mon | invoice FT2B 300.00 due 2026-02-27 by BON replaces_document=FT2
2026-01-19 Mon | cycle | nothing
2026-01-19 Mon | stands FT2B | -39 days, first, second on 2026-03-16
2026-01-26 Mon | cycle | email second: FT1
""",
        storia=POLICY,
    )


DATES = """
priority: 1
bank_lag: 2
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
payment_types:
  ASS: {shift_days: 10}
  RIB: {start_after: returned}
"""


def test_days_count_from_the_due_date_the_grace_of_cheques_and_the_return_of_bills(lives):
    lives(
        """
2026-01-13 Tue | invoice FT1 1000.00 due 2026-01-11 by BON
2026-01-13 Tue | invoice FT2 1000.00 due 2026-01-11 by ASS
2026-01-13 Tue | invoice FT3 1000.00 due 2026-01-10 by RIB bank_status=presented presented_on=2025-12-20
2026-01-13 Tue | cycle | nothing
# Due on a Sunday: five days later is Friday 16, and two working days for the bank make it Tuesday 20. Cheques have ten
# days of grace, the bill is at the bank: the letter does not name them.
2026-01-19 Mon | cycle | nothing
2026-01-19 Mon | says | 2026-01-20 email first
2026-01-20 Tue | cycle | email first: FT1
2026-01-20 Tue | leaves
2026-01-20 Tue | stands FT2 | 9 days, no level, first on 2026-01-28
# The bill comes back twelve days after its due date: its days begin now.
2026-01-22 Thu | bank FT3 returned
2026-01-22 Thu | cycle | nothing
2026-01-22 Thu | stands FT3 | 12 days, no level, first on 2026-01-29
2026-01-26 Mon | cycle | nothing
# Fifteen days from the 11th were over on Monday, but a level keeps a week.
2026-01-27 Tue | cycle | email second: FT1, FT3, FT2
2026-01-28 Wed | cycle | email first: FT2, FT3, FT1
2026-01-29 Thu | cycle | email first: FT3, FT1, FT2
""",
        storia=DATES,
    )
