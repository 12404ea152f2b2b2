"""Rules 7 and 8: what waits for a call that nobody made, for how long, and that nothing happens twice."""

from spartito.journal.models import Entry

POLICY = """
priority: 1
task_patience: 10
days_between_steps: 3
contact_limit: {max: 2, days: 7}
steps:
  - {code: first, days: 3, channel: email, template: first_reminder}
  - {code: call, days: 5, channel: phone, assign_to: collector}
  - {code: second, days: 12, channel: email, template: second_reminder}
"""
# FT1 and FT2 move with the call of the 12th; FT3 is only mentioned in it.
CALLED = """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON level=first level_date=2026-01-09
2026-01-12 Mon | invoice FT2 500.00 due 2026-01-07 by BON level=first level_date=2026-01-09
2026-01-12 Mon | invoice FT3 300.00 due 2026-01-10 by BON
2026-01-12 Mon | cycle | phone call
2026-01-12 Mon | work | 2 documenti per 1.500,00 EUR, il più vecchio scaduto da 5 giorni
"""


def test_an_open_call_holds_what_moved_with_it_for_ten_days(lives):
    lives(
        CALLED
        + """
# Their second reminder would be due on the 19th; it waits for the call, ten days at most. FT3 goes its own way.
2026-01-12 Mon | stands FT1 | 5 days, call, second on 2026-01-22
2026-01-13 Tue | cycle | email first: FT3, FT1, FT2
2026-01-13 Tue | leaves
2026-01-19 Mon | cycle | phone call
2026-01-19 Mon | tasks | phone call of 2026-01-12 carried over; phone call of 2026-01-19
2026-01-21 Wed | cycle | nothing
2026-01-22 Thu | cycle | email second: FT1, FT2, FT3
2026-01-22 Thu | leaves
# The calls stay on the list: somebody has to make them, or drop them.
2026-01-22 Thu | tasks | phone call of 2026-01-12 carried over; phone call of 2026-01-19 carried over
""",
        storia=POLICY,
    )


def test_a_call_that_was_made_holds_nothing(lives):
    lives(
        CALLED
        + """
2026-01-13 Tue | done
2026-01-13 Tue | stands FT1 | 6 days, call, second on 2026-01-19
2026-01-13 Tue | tasks | nothing
""",
        storia=POLICY,
    )


def test_a_call_goes_when_the_last_of_its_documents_goes(lives):
    lives(
        CALLED
        + """
# FT3 was only mentioned: it does not keep the call.
2026-01-13 Tue | pays FT1
2026-01-13 Tue | cycle | email first: FT3, FT2
2026-01-13 Tue | tasks | phone call of 2026-01-12 carried over
2026-01-13 Tue | work | documento FT2 di 500,00 EUR, scaduto da 6 giorni
2026-01-14 Wed | sets hold dispute FT2 | dispute FT2 review 2026-02-13
2026-01-14 Wed | tasks | nothing
2026-01-14 Wed | stands FT2 | 7 days, first, not dunnable: hold, nothing comes
""",
        storia=POLICY,
    )


def test_however_often_it_is_tried_a_call_is_one_contact(lives):
    lives(
        CALLED
        + """
2026-01-12 Mon | call NR | again 2026-01-13
# Two contacts a week: the call of the 12th, tried twice, is one, so the letter for FT3 may go.
2026-01-13 Tue | call NR | again 2026-01-14; planned email first
2026-01-13 Tue | cycle | email first: FT3, FT1, FT2
2026-01-13 Tue | leaves
# The third try was the last: the next step comes at once, but the week has had its two contacts until the 18th.
2026-01-14 Wed | call NR | closed; asks for next_step
2026-01-14 Wed | says | 2026-01-19 email second
2026-01-14 Wed | stands FT1 | 7 days, call, second on 2026-01-19
2026-01-16 Fri | cycle | nothing
2026-01-19 Mon | cycle | email second: FT1, FT2, FT3
""",
        storia=POLICY,
    )


def test_a_second_run_of_the_day_does_nothing_twice(lives):
    lives(
        CALLED
        + """
2026-01-12 Mon | cycle | phone call
2026-01-12 Mon | tasks | phone call of 2026-01-12
2026-01-12 Mon | stands FT1 | 5 days, call, second on 2026-01-22
2026-01-12 Mon | done
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | tasks | nothing
""",
        storia=POLICY,
    )


def test_a_call_that_repeats_itself_takes_the_place_of_the_one_nobody_made(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | phone call
# Again every three days, but an open call is waited for ten days; then there is one call for it, and not two.
2026-01-21 Wed | cycle | nothing
2026-01-22 Thu | cycle | phone call
2026-01-22 Thu | tasks | phone call of 2026-01-22
# The call of the 22nd has no part in the one for FT2, nor does that take its place.
2026-01-26 Mon | invoice FT2 500.00 due 2026-01-21 by BON
2026-01-26 Mon | cycle | phone call
2026-01-26 Mon | tasks | phone call of 2026-01-22 carried over; phone call of 2026-01-26
2026-02-02 Mon | cycle | phone call
2026-02-02 Mon | tasks | phone call of 2026-01-26 carried over; phone call of 2026-02-02
# Both are due: one call for the two.
2026-02-20 Fri | cycle | phone call
2026-02-20 Fri | tasks | phone call of 2026-02-20
""",
        storia="""
priority: 1
task_patience: 10
steps:
  - {code: call, days: 5, channel: phone, repeat_every: 3}
""",
    )


def test_a_call_that_gave_its_place_to_one_taken_back_is_wanted_again(lives):
    house = lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | phone call
2026-01-13 Tue | contact in RIC 2026-01-14
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | tasks | phone call of 2026-01-12 carried over; phone of 2026-01-14
""",
        storia="""
priority: 1
steps:
  - {code: call, days: 5, channel: phone, repeat_every: 30}
""",
    )
    rows = house.run("worklist", "--user", "anna", "--date", "2026-01-14")["tasks"]
    called_back = next(row["id"] for row in rows if not row["step"])
    by_anna = ("--user", "anna", "--date", "2026-01-14")
    assert house.run("outcome", called_back, "RIF", *by_anna)["planned"]  # the next step, which is the same again
    house.run("undo", called_back, *by_anna)
    told = Entry.objects.filter(verb__startswith="task.re").values_list("verb", "data__step", "data__because")
    assert list(told) == [("task.reopened", "call", "undone")]
    today = house.live("2026-01-14 Wed | tasks | \n2026-01-15 Thu | cycle |\n2026-01-15 Thu | tasks |")
    assert today == [
        "2026-01-14 Wed | tasks | phone call of 2026-01-12 carried over; phone of 2026-01-14",
        "2026-01-15 Thu | cycle | nothing",
        "2026-01-15 Thu | tasks | phone call of 2026-01-12 carried over; phone of 2026-01-14 carried over",
    ]


def test_a_call_to_a_customer_that_came_to_the_account_gives_its_place_to_the_accounts_own(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 900.00 due 2026-01-07 by BON of NERI
2026-01-12 Mon | cycle | phone call; NERI phone call
2026-01-13 Tue | customer NERI payer_code=ROSSI
2026-01-22 Thu | cycle | phone call
2026-01-22 Thu | tasks | phone call of 2026-01-22
""",
        storia="""
priority: 1
task_patience: 10
steps:
  - {code: call, days: 5, channel: phone, repeat_every: 3}
""",
    )


def test_what_was_held_when_its_call_gave_its_place_is_called_about_after_the_hold(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 900.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | phone call
2026-01-13 Tue | sets hold dispute FT2 | dispute FT2 review 2026-02-12
2026-01-22 Thu | cycle | phone call
2026-01-22 Thu | tasks | phone call of 2026-01-22
2026-01-23 Fri | lifts dispute | planned 1
2026-01-23 Fri | tasks | phone call of 2026-01-22 carried over; phone call of 2026-01-23
2026-02-02 Mon | cycle | phone call
2026-02-02 Mon | tasks | phone call of 2026-02-02
""",
        storia="""
priority: 1
task_patience: 10
steps:
  - {code: call, days: 5, channel: phone, repeat_every: 3}
""",
    )


def test_parts_on_hold_that_cover_a_document_leave_nothing_of_it_to_call_about(lives):
    lives(
        """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 900.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | phone call
2026-01-13 Tue | sets hold dispute FT2 400.00 | dispute FT2 400.00 review 2026-02-12
2026-01-13 Tue | sets hold manual FT2 500.00 | manual FT2 500.00 review 2026-01-27
2026-01-22 Thu | cycle | phone call
2026-01-22 Thu | tasks | phone call of 2026-01-22
""",
        storia="""
priority: 1
task_patience: 10
steps:
  - {code: call, days: 5, channel: phone, repeat_every: 3}
""",
    )
