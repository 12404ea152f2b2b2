"""Rule 11: a policy changes while documents are under way in it."""

FIRST = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: third, days: 25, channel: email, template: second_reminder}
"""
SECOND = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: reminder, days: 12, channel: email, template: second_reminder}
  - {code: call, days: 20, channel: phone}
  - {code: final, days: 40, channel: registered_letter, template: formal_notice}
"""
THIRD = """
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: call, days: 20, channel: phone}
  - {code: final, days: 30, channel: registered_letter, template: formal_notice}
"""
OTHER = """
priority: 2
steps:
  - {code: call, days: 3, channel: phone}
  - {code: final, days: 22, channel: registered_letter, template: formal_notice}
"""


def test_documents_keep_their_step_or_take_the_one_their_days_answer_to(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2025-12-28 by BON level=first level_date=2026-01-05
2026-01-12 Mon | invoice FT2 500.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email second: FT1, FT2
2026-01-12 Mon | leaves
2026-01-12 Mon | follows | storia 1
# The new text has no second reminder. FT1 stands where 15 days stand there: at the reminder of the twelfth; the call
# comes next, a week after the letter it had. FT2's first reminder is there as before.
2026-01-13 Tue | publishes storia_2
2026-01-13 Tue | cycle | nothing
2026-01-13 Tue | follows | storia 2
2026-01-13 Tue | stands FT1 | 16 days, second, call on 2026-01-19
2026-01-13 Tue | stands FT2 | 6 days, first, reminder on 2026-01-19
2026-01-19 Mon | cycle | phone call
2026-01-19 Mon | done
# A third text, without that reminder: FT2 stands at the first one, its second comes a week after.
2026-01-20 Tue | publishes storia_3
2026-01-20 Tue | cycle | nothing
2026-01-20 Tue | stands FT1 | 23 days, call, final on 2026-01-27
2026-01-20 Tue | stands FT2 | 13 days, reminder, second on 2026-01-26
# Another policy altogether, by hand: what is called alike is the same step.
2026-01-21 Wed | customer ROSSI strategy_code=altra
2026-01-21 Wed | cycle | nothing
2026-01-21 Wed | follows | altra 1
2026-01-21 Wed | stands FT1 | 24 days, call, final on 2026-01-26
2026-01-21 Wed | stands FT2 | 14 days, reminder, final on 2026-01-29
2026-01-26 Mon | cycle | registered_letter final: FT1, FT2
2026-01-26 Mon | leaves
# Back again: what was taken is not taken twice. FT1 is in a formal notice: no milder letter names it.
2026-01-27 Tue | customer ROSSI strategy_code=storia
2026-01-27 Tue | cycle | email second: FT2
2026-01-27 Tue | stands FT1 | 30 days, final, nothing comes
""",
        storia=FIRST,
        storia_2=SECOND,
        storia_3=THIRD,
        altra=OTHER,
    )


def test_a_promise_that_breaks_on_the_day_of_the_change_is_answered_by_the_new_policy(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1
2026-01-12 Mon | leaves
2026-01-12 Mon | sets hold promise FT1 to 2026-01-14 | promise FT1 to 2026-01-14
2026-01-14 Wed | cycle | nothing
# Not kept; before the night the manager gave Rossi the other policy, whose word on broken promises is the final notice.
2026-01-15 Thu | customer ROSSI strategy_code=altra
2026-01-15 Thu | cycle | registered_letter final: FT1
""",
        storia="on_broken_promise: second\n" + FIRST.strip(),
        altra="on_broken_promise: final\n" + OTHER.strip(),
    )
