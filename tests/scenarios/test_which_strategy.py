"""Rule 1: whose policy a customer follows, and how often that may change."""

STEPS = """
name: {it: "Prova", en: "Trial"}
priority: %s
applies_to: %s
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 20, channel: email, template: second_reminder}
"""


def test_by_hand_then_by_group_then_by_priority_then_the_default(lives):
    lives(
        """
# Both policies want resellers, with the same priority: the first by its code.
2026-01-07 Wed | invoice FT1 1000.00 due 2026-03-10 by BON credit_class=AGE
2026-01-07 Wed | cycle | nothing
2026-01-07 Wed | follows | alfa 1
# Nothing is made for foreign customers: the policy marked as default.
2026-01-07 Wed | customer NERI credit_class=EST
2026-01-07 Wed | invoice FT2 1000.00 due 2026-03-10 by BON of NERI
2026-01-08 Thu | cycle | nothing
2026-01-08 Thu | follows NERI | standard 1
# What the credit manager wrote on the parent company holds for its group, what stands on the customer goes before.
2026-01-09 Fri | customer HOLDING strategy_code=beta
2026-01-09 Fri | customer NERI credit_class=EST parent_code=HOLDING
2026-01-09 Fri | cycle | nothing
2026-01-09 Fri | follows NERI | beta 1
2026-01-12 Mon | customer NERI credit_class=EST parent_code=HOLDING strategy_code=gamma
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | follows NERI | gamma 1
# A code nobody published is passed over.
2026-01-13 Tue | customer NERI credit_class=EST parent_code=HOLDING strategy_code=omega
2026-01-13 Tue | cycle | nothing
2026-01-13 Tue | follows NERI | beta 1
""",
        beta=STEPS % (50, "{credit_class: [AGE]}"),
        alfa=STEPS % (50, "{credit_class: [AGE]}"),
        gamma=STEPS % (70, "{credit_class: [GDO]}"),
    )


def test_facts_change_the_policy_at_most_once_in_seven_days(lives):
    lives(
        """
2026-01-07 Wed | customer ROSSI rating=A
2026-01-07 Wed | invoice FT1 1000.00 due 2026-03-10 by BON
2026-01-07 Wed | cycle | nothing
2026-01-07 Wed | follows | good 1
# The rating falls: at once.
2026-01-12 Mon | customer ROSSI rating=D
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | follows | bad 1
# It rises again two days later: not before the seven days from the 12th are over.
2026-01-14 Wed | customer ROSSI rating=A
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | follows | bad 1
2026-01-18 Sun | cycle | nothing
2026-01-18 Sun | follows | bad 1
2026-01-19 Mon | cycle | nothing
2026-01-19 Mon | follows | good 1
# By hand it changes at once, however lately it did.
2026-01-20 Tue | customer ROSSI rating=A strategy_code=bad
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | follows | bad 1
2026-01-21 Wed | customer ROSSI rating=A strategy_code=good
2026-01-21 Wed | cycle | nothing
2026-01-21 Wed | follows | good 1
""",
        good=STEPS % (10, "{rating: [A, B]}"),
        bad=STEPS % (20, "{rating: [C, D]}"),
    )


def test_a_company_of_the_group_is_reminded_of_nothing_from_the_same_day(lives):
    lives(
        """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-10 by BON credit_class=STD
2026-01-14 Wed | cycle | nothing
2026-01-15 Thu | cycle | email first: FT1
2026-01-15 Thu | follows | all 1
2026-01-16 Fri | alters FT1 credit_class=GRP
2026-01-16 Fri | cycle | nothing
2026-01-16 Fri | follows | nobody
2026-01-16 Fri | stands FT1 | 6 days, no level, not dunnable: no_strategy, nothing comes
# It was never a reminder: the letter had not left, and is taken back.
2026-01-16 Fri | message first | withdrawn
""",
        all=STEPS % (5, "{}"),
    )
