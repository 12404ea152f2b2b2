"""What follows from a call: every code of domain 11.4, by a calendar that a credit manager can check by hand."""

import pytest

from tests.scenarios.calls import Calls

POLICY = """
strategy: storia
name: {it: "Storia", en: "Story"}
priority: 1
minimum_item: 25.00
days_between_steps: 7
task_patience: 10
bank_lag: 2
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - code: call
    days: 15
    channel: phone
    assign_to: collector
%s
  - {code: second, days: 25, channel: email, template: second_reminder}
  - {code: formal_notice, days: 40, channel: registered_letter, template: formal_notice, must: true}
  - {code: legal, days: 90, action: propose_legal, conditions: {overdue: {">=": 1000}}}
"""
TOLD = """
    outcomes:
      NR:  {retry_in: 2, max: 3, then: next_step}
      PDP: {hold: promise}
      CON: {hold: dispute, notify: [customer_care]}
      RIF: {go_to: formal_notice}
      LEG: {go_to: legal}
      ERR: {task: {kind: find_contact, assign_to: collector, in: 1}, then: retry}
"""
# Two invoices due on 20 January; the first reminder leaves on 27, the call is planned on 4 February.
BEGINNING = """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-20 by BON
2026-01-07 Wed | invoice FT2 600.00 due 2026-01-20 by BON
2026-01-27 Tue | cycle | email first: FT1, FT2
2026-01-27 Tue | leaves
2026-02-04 Wed | cycle | phone call
"""


@pytest.fixture
def lived(live_tenant, cli, tmp_path):
    """Lives a story under a policy and checks that every line came true."""

    def live(text: str, outcomes: str = "") -> None:
        policy = tmp_path / "storia.yaml"
        policy.write_text(POLICY % outcomes)
        story = Calls(cli, tmp_path, "anna")
        story.run("strategy", "load", policy)
        story.run("strategy", "publish", "storia")
        story.run("user", "create", "anna", "--profile", "credit_manager")
        whole = BEGINNING.strip() + "\n" + text.strip()
        told = story.live(whole)
        assert "\n".join(told) == "\n".join(line for line in whole.splitlines() if line and not line.startswith("#"))

    return live


def test_no_answer_is_tried_three_times_two_days_apart_then_the_next_step_comes(lived):
    lived(
        """
2026-02-04 Wed | call NR | again 2026-02-06
2026-02-05 Thu | cycle | nothing
2026-02-05 Thu | calls | nothing
2026-02-06 Fri | cycle | nothing
2026-02-06 Fri | calls | call
# Two days on is a Sunday: Monday.
2026-02-06 Fri | call NR | again 2026-02-09
2026-02-09 Mon | cycle | nothing
# The third try is the last; the second reminder is due only on 14 February, but it is asked for now.
2026-02-09 Mon | call NR | closed; asks for next_step; planned email second
2026-02-09 Mon | cycle | email second: FT1, FT2
2026-02-09 Mon | leaves
2026-02-10 Tue | cycle | nothing
2026-03-02 Mon | cycle | registered_letter formal_notice: FT1, FT2
""",
        TOLD,
    )


def test_a_refusal_goes_to_the_formal_notice(lived):
    lived(
        """
# The call was the contact of the day: the notice goes on the next.
2026-02-04 Wed | call RIF | closed; asks for formal_notice
2026-02-04 Wed | says | 2026-02-05 registered_letter formal_notice
2026-02-05 Thu | cycle | registered_letter formal_notice: FT1, FT2
2026-02-05 Thu | leaves
# The second reminder lies below and is not sent any more.
2026-03-30 Mon | cycle | nothing
2026-04-20 Mon | cycle | review legal
""",
        TOLD,
    )


def test_a_lawyer_named_is_a_proposal_at_once(lived):
    lived(
        """
2026-02-04 Wed | call LEG | closed; asks for legal; planned propose_legal legal
2026-02-05 Thu | cycle | nothing
""",
        TOLD,
    )


def test_a_wrong_number_is_searched_and_the_call_made_again(lived):
    lived(
        """
2026-02-04 Wed | call ERR | again 2026-02-06; task wrong_number for collector 2026-02-05
2026-02-05 Thu | cycle | nothing
2026-02-06 Fri | calls | call
2026-02-06 Fri | call DONE | closed
2026-02-16 Mon | cycle | email second: FT1, FT2
""",
        TOLD,
    )


def test_several_results_of_one_call_act_on_their_own_documents(lived):
    lived(
        """
2026-02-04 Wed | call PDP 1000.00 on 2026-02-13 of FT1 + CON of FT2 | closed; promise FT1 to 2026-02-17; dispute FT2 review 2026-03-06; task notify for customer_care 2026-02-04
2026-02-16 Mon | cycle | nothing
2026-02-16 Mon | pays FT1
2026-02-18 Wed | cycle | nothing
""",
        TOLD,
    )


def test_an_outcome_is_taken_back_with_all_it_led_to(lived):
    lived(
        """
2026-02-04 Wed | call RIF | closed; asks for formal_notice
2026-02-04 Wed | undo | open
2026-02-04 Wed | call PDP 1600.00 on 2026-02-13 | closed; promise FT1 to 2026-02-17; promise FT2 to 2026-02-17
2026-02-04 Wed | undo | open
# Until the day ends: what was planned because of it goes too.
2026-02-05 Thu | cycle | nothing
2026-02-05 Thu | call RIF | closed; asks for formal_notice; planned registered_letter formal_notice
2026-02-05 Thu | undo | open
2026-02-05 Thu | message formal_notice | withdrawn
2026-02-05 Thu | call DONE | closed
2026-02-16 Mon | cycle | email second: FT1, FT2
""",
        TOLD,
    )


@pytest.mark.parametrize(
    ("code", "followed"),
    [
        ("DONE", "closed"),
        ("POST on 2026-02-10", "again 2026-02-10"),
        ("NR", "again 2026-02-05"),
        ("OCC", "again 2026-02-05"),
        ("SEG", "again 2026-02-06"),
        ("ERR", "again 2026-02-05; task wrong_number for collector 2026-02-04"),
        ("REF", "again 2026-02-05; task wrong_number for collector 2026-02-04"),
        ("RIC on 2026-02-10 at 15:30", "again 2026-02-10 at 15:30"),
        ("PDP 1200.00 on 2026-02-13", "closed; promise FT1 to 2026-02-17; promise FT2 200.00 to 2026-02-17"),
        ("PAG", "closed; payment_check FT1 to 2026-02-11; payment_check FT2 to 2026-02-11; task payment_check for cash_clerk 2026-02-04"),
        ("CON of FT2", "closed; dispute FT2 review 2026-03-06; task notify for customer_care 2026-02-04"),
        ("PIA", "closed; manual FT1 review 2026-02-11; manual FT2 review 2026-02-11; task plan_proposal for collector 2026-02-05"),
        ("EC", "again 2026-02-09; sends"),
        ("FAT of FT1", "again 2026-02-09; task send_copy for collector 2026-02-04"),
        ("DIF", "closed; task review for credit_manager 2026-02-05; task notify for salesperson 2026-02-04"),
        ("RIF", "closed; task notify for credit_manager 2026-02-04; asks for next_step"),
        ("LEG", "closed; manual FT1 review 2026-02-11; manual FT2 review 2026-02-11; task review for credit_manager 2026-02-04"),
        ("CES", "closed; manual FT1 review 2026-02-11; manual FT2 review 2026-02-11; task review for credit_manager 2026-02-04"),
        ("NDC", "closed; do_not_contact review 2026-02-11; task review for credit_manager 2026-02-04"),
    ],
)  # fmt: skip
def test_what_the_house_does_where_the_step_says_nothing(lived, code, followed):
    lived(f"2026-02-04 Wed | call {code} | {followed}")
