"""Promises: kept, kept in part, broken; and what an order on an item may and may not wait for."""

import pytest

from tests.scenarios.calls import Calls

POLICY = """
strategy: storia
name: {it: "Storia", en: "Story"}
priority: 1
minimum_item: 25.00
days_between_steps: 7
bank_lag: 2
%s
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: call, days: 15, channel: phone, assign_to: collector}
  - {code: second, days: 30, channel: email, template: second_reminder}
  - {code: formal_notice, days: 60, channel: registered_letter, template: formal_notice, must: true}
"""
# Promised on 4 February for Friday 13; the grace is two working days: until Tuesday 17.
BEGINNING = """
2026-01-07 Wed | invoice FT1 1000.00 due 2026-01-20 by BON
2026-01-07 Wed | invoice FT2 600.00 due 2026-01-20 by BON
2026-01-27 Tue | cycle | email first: FT1, FT2
2026-01-27 Tue | leaves
2026-02-04 Wed | cycle | phone call
"""
PROMISED = """
2026-02-04 Wed | call PDP 1600.00 on 2026-02-13 | closed; promise FT1 to 2026-02-17; promise FT2 to 2026-02-17
"""


@pytest.fixture
def lived(live_tenant, cli, tmp_path):
    def live(text: str, keys: str = "") -> None:
        policy = tmp_path / "storia.yaml"
        policy.write_text(POLICY % keys)
        story = Calls(cli, tmp_path, "anna")
        story.run("strategy", "load", policy)
        story.run("strategy", "publish", "storia")
        story.run("user", "create", "anna", "--profile", "credit_manager")
        whole = BEGINNING.strip() + "\n" + text.strip()
        told = story.live(whole)
        assert "\n".join(told) == "\n".join(line for line in whole.splitlines() if line and not line.startswith("#"))

    return live


def test_a_broken_promise_brings_the_next_step_at_once(lived):
    lived(
        PROMISED
        + """
2026-02-05 Thu | why FT1 | aspetta la promessa fino al 17/02/2026; se non è mantenuta, il passo successivo parte subito
2026-02-16 Mon | cycle | nothing
2026-02-17 Tue | cycle | nothing
2026-02-17 Tue | says | 2026-02-18 email second
# The second reminder would be due on 19 February; the promise was not kept.
2026-02-18 Wed | cycle | email second: FT1, FT2
2026-02-18 Wed | leaves
2026-02-19 Thu | cycle | nothing
# From here on its own days count again.
2026-03-20 Fri | says | 2026-03-23 registered_letter formal_notice
2026-03-23 Mon | cycle | registered_letter formal_notice: FT1, FT2
"""
    )


def test_a_step_may_be_named_for_broken_promises(lived):
    lived(
        PROMISED
        + """
2026-02-18 Wed | cycle | registered_letter formal_notice: FT1, FT2
2026-02-18 Wed | leaves
# The formal notice is taken once; nothing comes after it, and nothing milder.
2026-04-20 Mon | cycle | nothing
""",
        "on_broken_promise: formal_notice",
    )


def test_a_kept_promise_is_forgotten(lived):
    lived(
        PROMISED
        + """
2026-02-16 Mon | pays FT1
2026-02-16 Mon | pays FT2
2026-02-16 Mon | cycle | nothing
2026-02-18 Wed | cycle | nothing
2026-02-18 Wed | says | nothing
"""
    )


def test_of_a_promise_kept_in_part_the_rest_is_broken(lived):
    lived(
        """
2026-02-04 Wed | call PDP 1200.00 on 2026-02-13 | closed; promise FT1 to 2026-02-17; promise FT2 200.00 to 2026-02-17
2026-02-16 Mon | pays FT1
2026-02-16 Mon | cycle | nothing
2026-02-18 Wed | cycle | email second: FT2
"""
    )


def test_a_promised_part_that_was_paid_leaves_the_item_its_own_days(lived):
    lived(
        """
2026-02-04 Wed | call PDP 1200.00 on 2026-02-13 | closed; promise FT1 to 2026-02-17; promise FT2 200.00 to 2026-02-17
2026-02-16 Mon | pays FT1
2026-02-16 Mon | pays FT2 200.00
2026-02-16 Mon | cycle | nothing
2026-02-18 Wed | cycle | nothing
2026-02-19 Thu | cycle | email second: FT2
"""
    )


def test_a_released_promise_is_not_broken(lived):
    lived(
        PROMISED
        + """
2026-02-11 Wed | release
2026-02-11 Wed | cycle | nothing
2026-02-18 Wed | cycle | nothing
2026-02-19 Thu | cycle | email second: FT1, FT2
"""
    )


def test_an_order_waits_for_the_contact_limit_and_working_days(lived):
    lived(
        """
2026-02-04 Wed | call PDP 1600.00 on 2026-02-05 | closed; promise FT1 to 2026-02-09; promise FT2 to 2026-02-09
# Two contacts in sixteen days: those of 27 January and 4 February were they, so the order stands until the 12th.
2026-02-10 Tue | cycle | nothing
2026-02-10 Tue | why FT1 | la promessa fino al 09/02/2026 non è stata mantenuta: il passo successivo parte subito, appena è possibile un contatto
2026-02-10 Tue | says | 2026-02-12 email second
2026-02-11 Wed | cycle | nothing
2026-02-12 Thu | cycle | email second: FT1, FT2
""",
        "contact_limit: {max: 2, days: 16}",
    )


def test_a_second_promise_holds_off_what_the_first_one_asked_for(lived):
    lived(
        PROMISED
        + """
2026-02-18 Wed | hold FT1 1000.00 promise to 2026-02-27
2026-02-18 Wed | cycle | email second: FT2
2026-02-18 Wed | leaves
2026-02-27 Fri | cycle | nothing
2026-03-02 Mon | cycle | email second: FT1, FT2
"""
    )
