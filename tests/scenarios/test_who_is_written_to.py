"""Section 3 of the design: the account that is written to: a payer, a parent company; creditors and currencies."""

STEPS = """
priority: 1
minimum_overdue: 1000.00
minimum_item: 25.00
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 12, channel: email, template: second_reminder}
"""


def test_the_payer_gets_one_letter_about_its_own_and_the_others(lives):
    lives(
        """
# Rossi pays for its shop Neri. Neither owes enough alone, together they do.
2026-01-12 Mon | invoice FT1 600.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 500.00 due 2026-01-07 by BON of NERI payer_code=ROSSI
2026-01-12 Mon | cycle | email first: FT1, FT2
2026-01-12 Mon | leaves
2026-01-12 Mon | stands FT2 of NERI | 5 days, first, second on 2026-01-19
# One contact a day for whoever is written to, however many customers it pays for.
2026-01-13 Tue | invoice FT3 900.00 due 2026-01-08 by BON of NERI payer_code=ROSSI
2026-01-13 Tue | cycle | email first: FT3, FT1, FT2
2026-01-13 Tue | leaves
# On hold: the shop alone, then the payer and with it all it pays for.
2026-01-14 Wed | sets hold manual of NERI to 2026-01-16 | manual to 2026-01-16
2026-01-14 Wed | stands FT2 of NERI | 7 days, first, not dunnable: hold, second on 2026-01-19
2026-01-14 Wed | stands FT1 | 7 days, first, dunnable but minimum_overdue, second on 2026-01-19
2026-01-14 Wed | sets hold do_not_contact to 2026-01-19 | do_not_contact to 2026-01-19
2026-01-14 Wed | stands FT2 of NERI | 7 days, first, not dunnable: hold, second on 2026-01-20
2026-01-19 Mon | cycle | nothing
2026-01-20 Tue | cycle | email second: FT1, FT2, FT3
""",
        storia=STEPS,
    )


def test_the_parent_company_is_written_to_where_the_group_is_marked_so(lives):
    lives(
        """
2026-01-12 Mon | customer HOLDING email=conti@holding.example
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON of NERI parent_code=HOLDING email=conti@neri.example
2026-01-12 Mon | cycle | NERI email first: FT1
2026-01-12 Mon | leaves
# From now on the parent is to be reminded for its group.
2026-01-13 Tue | customer HOLDING email=conti@holding.example dun_group=1
2026-01-13 Tue | invoice FT2 1000.00 due 2026-01-08 by BON of VERDI parent_code=HOLDING
2026-01-13 Tue | cycle | HOLDING email first: FT2, FT1
2026-01-13 Tue | leaves
2026-01-13 Tue | stands FT1 of NERI | 6 days, first, second on 2026-01-19
2026-01-19 Mon | cycle | HOLDING email second: FT1, FT2
""",
        storia=STEPS,
    )


def test_a_letter_never_mixes_creditors_and_lists_currencies_side_by_side(lives):
    lives(
        """
# Neri is a customer of two companies of the group: two letters, each with its own documents and its own minimum.
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON of NERI creditor_code=ALFA email=conti@neri.example
2026-01-12 Mon | invoice FT2 1000.00 due 2026-01-07 by BON of NERI creditor_code=BETA email=conti@neri.example
2026-01-12 Mon | invoice FT3 999.99 due 2026-01-07 by BON of VERDI creditor_code=BETA email=conti@verdi.example
# Rossi owes in two currencies, enough only in both.
2026-01-12 Mon | invoice FT4 600.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT5 700.00 due 2026-01-07 by BON currency=USD
2026-01-12 Mon | cycle | email first: FT4, FT5; ALFA/NERI email first: FT1; BETA/NERI email first: FT2
2026-01-12 Mon | stands FT2 of BETA/NERI | 5 days, first, second on 2026-01-19
""",
        storia=STEPS,
    )


def test_thresholds_compare_in_the_companys_currency_at_the_rate_of_the_day(lives):
    lives(
        """
# 1,200 dollars are 960 euro at 1.25: not enough. A rate that nobody told would count at par.
2026-01-12 Mon | invoice FT1 1200.00 due 2026-01-07 by BON currency=USD
2026-01-12 Mon | does rate set USD 1.25 --source BCE
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | stands FT1 | 5 days, no level, dunnable but minimum_overdue, nothing comes
# On Wednesday the dollar is worth more: 1,090.91 euro.
2026-01-13 Tue | cycle | nothing
2026-01-14 Wed | does rate set USD 1.10
2026-01-14 Wed | cycle | email first: FT1
2026-01-14 Wed | refused rate set EUR 2 | EUR è la valuta dell'azienda
2026-01-14 Wed | refused rate set XXX 2 | XXX non è una valuta nota, o 2 non è maggiore di 0
""",
        storia=STEPS,
    )
