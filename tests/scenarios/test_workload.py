"""The work of people: whose call it is, who stands in, what is moved, how much fits into a day, what is to be reached."""

POLICY = """
priority: 1
steps:
  - {code: call, days: 5, channel: phone, assign_to: collector}
"""
PEOPLE = """
2026-01-12 Mon | person bruno collector_global
2026-01-12 Mon | person carla collector_global
"""


def test_while_somebody_is_away_the_substitute_makes_the_calls(lives):
    lives(
        PEOPLE
        + """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | imports
2026-01-12 Mon | does assign ROSSI bruno
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | tasks bruno | phone call of 2026-01-12
# Bruno will be away from Wednesday to Friday: on Tuesday nothing changes yet.
2026-01-13 Tue | does absence add bruno --from 2026-01-14 --to 2026-01-16 --substitute carla
2026-01-13 Tue | away | bruno 2026-01-14 2026-01-16 carla
2026-01-13 Tue | tasks bruno | phone call of 2026-01-12 carried over
2026-01-14 Wed | cycle | nothing
2026-01-14 Wed | tasks bruno | nothing
2026-01-14 Wed | tasks carla | phone call of 2026-01-12 carried over
# What is new in those days is hers, too; who is away is given nothing.
2026-01-15 Thu | invoice FT2 500.00 due 2026-01-10 by BON
2026-01-15 Thu | cycle | nothing
2026-01-15 Thu | tasks carla | phone call of 2026-01-12 carried over; phone call of 2026-01-15
2026-01-15 Thu | refused move --from carla --to bruno --user anna --date 2026-01-15 | bruno è assente il 2026-01-15
# He is back a day early: in the same minute his calls are his again.
2026-01-16 Fri | back bruno
2026-01-16 Fri | tasks bruno | phone call of 2026-01-12 carried over; phone call of 2026-01-15 carried over
2026-01-16 Fri | tasks carla | nothing
""",
        storia=POLICY,
    )


def test_work_is_moved_to_a_colleague_or_to_another_day(lives):
    lives(
        PEOPLE
        + """
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 900.00 due 2026-01-07 by BON of NERI
2026-01-12 Mon | imports
2026-01-12 Mon | does assign ROSSI bruno
2026-01-12 Mon | does assign NERI bruno
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | tasks bruno | NERI phone call of 2026-01-12; phone call of 2026-01-12
# Carla has time: the call to Neri is hers. The engine leaves it there the next morning.
2026-01-12 Mon | does move --customer NERI --to carla
2026-01-13 Tue | cycle | nothing
2026-01-13 Tue | tasks bruno | phone call of 2026-01-12 carried over
2026-01-13 Tue | tasks carla | NERI phone call of 2026-01-12 carried over
# Rossi asked to be called on the 24th, a Saturday: Monday, and not on anybody's list until then.
2026-01-13 Tue | does move --customer ROSSI --on 2026-01-24 --because ferie
2026-01-13 Tue | tasks bruno | nothing
2026-01-23 Fri | cycle | nothing
2026-01-23 Fri | tasks bruno | nothing
2026-01-26 Mon | cycle | nothing
2026-01-26 Mon | tasks bruno | phone call of 2026-01-12
# A collector moves their own calls to another day, not those of others, and gives nobody anything.
2026-01-26 Mon | refused move --customer NERI --on 2026-01-27 --because x --user bruno --date 2026-01-26 | non c'è nessuna attività da spostare
2026-01-26 Mon | refused move --customer ROSSI --to carla --user bruno --date 2026-01-26 | bruno non può farlo
2026-01-26 Mon | refused move --customer ROSSI --on 2026-01-27 --user bruno --date 2026-01-26 | scrivi perché: un contatto pianificato si sposta con un motivo
""",
        storia=POLICY,
    )


def test_new_work_goes_where_there_is_time_and_targets_count_what_was_done(lives):
    lives(
        PEOPLE
        + """
# Bruno has a quarter of an hour a day beside other work, Carla the whole day: the first calls are hers.
2026-01-12 Mon | does capacity bruno 15
2026-01-12 Mon | does target set contacts day 2
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | invoice FT2 900.00 due 2026-01-07 by BON of NERI
2026-01-12 Mon | invoice FT3 800.00 due 2026-01-07 by BON of VERDI
2026-01-12 Mon | invoice FT4 700.00 due 2026-01-07 by BON of GIALLI
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | loads bruno carla | 0 4
2026-01-12 Mon | reached | contacts day 0.00 of 2.00
2026-01-12 Mon | contact in DONE
2026-01-12 Mon | contact out DONE
2026-01-12 Mon | reached | contacts day 1.00 of 2.00
2026-01-12 Mon | does target set contacts day 0
2026-01-12 Mon | reached | no target
""",
        storia=POLICY,
    )


def test_what_the_board_decides_is_work_of_its_own_and_the_next_step_waits_for_it(lives):
    lives(
        """
2026-01-12 Mon | person sonia cfo
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | nothing
2026-01-12 Mon | tasks sonia | internal decide of 2026-01-12
2026-01-16 Fri | cycle | nothing
2026-01-16 Fri | reads sonia
2026-01-16 Fri | tasks sonia | nothing
2026-01-16 Fri | cycle | email second: FT1
""",
        storia="""
priority: 1
days_between_steps: 3
steps:
  - {code: decide, days: 5, action: task, assign_to: cfo}
  - {code: second, days: 7, channel: email, template: second_reminder}
""",
    )


def test_who_only_reads_and_decides_records_no_contact(lives):
    lives(
        """
2026-01-12 Mon | person carlo controller
2026-01-12 Mon | invoice FT1 1000.00 due 2026-01-07 by BON
2026-01-12 Mon | cycle | email first: FT1
2026-01-12 Mon | refused contact ROSSI RIF --user carlo --date 2026-01-12 | carlo non può farlo
""",
        storia="""
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
""",
    )
