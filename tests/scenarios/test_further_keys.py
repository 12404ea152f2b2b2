"""Keys that few strategies use, each lived through the command line."""

import pytest

from tests.scenarios.story import Story


@pytest.fixture
def lived(live_tenant, cli, tmp_path):
    """Lives a story under a policy and compares every line with what really happened."""

    def live(policy: str, story: str) -> Story:
        path = tmp_path / "storia.yaml"
        path.write_text(policy)
        told = Story(cli, tmp_path, "anna")
        told.run("strategy", "load", path)
        told.run("strategy", "publish", "storia")
        told.run("user", "create", "anna", "--profile", "credit_manager")
        lines = [line for line in story.strip().splitlines() if line.strip() and not line.startswith("#")]
        assert "\n".join(told.live(story)) == "\n".join(lines)
        return told

    return live


QUIET = """
strategy: storia
priority: 1
quiet: [{from: 08-08, to: 08-25, max_step: first}, {from: 12-24, to: 01-06}]
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 15, channel: email, template: second_reminder}
  - {code: block, days: 20, action: order_block, level: 2}
  - {code: third, days: 30, channel: email, template: second_reminder}
"""


def test_quiet_days_hold_back_all_but_the_first_reminder(lived):
    lived(
        QUIET,
        """
2026-07-20 Mon | invoice FT1 1000.00 due 2026-07-24 by BON
2026-07-20 Mon | invoice FT2 500.00 due 2026-08-07 by BON
2026-07-29 Wed | cycle | email first: FT1
2026-07-29 Wed | leaves
# From 8 to 25 August nobody gets more than a first reminder: the second of FT1, due on the 8th, waits.
2026-08-10 Mon | cycle | nothing
2026-08-10 Mon | waits FT1 | quiet
2026-08-12 Wed | cycle | email first: FT2, FT1
2026-08-12 Wed | leaves
2026-08-25 Tue | cycle | nothing
2026-08-25 Tue | says | 2026-08-26 email second
# The first working day after: both are due by now, in one letter.
2026-08-26 Wed | cycle | email second: FT1, FT2
2026-08-26 Wed | leaves
# A measure is no contact; quiet days do not hold it.
2026-09-02 Wed | cycle | nothing
2026-09-09 Wed | cycle | email third: FT1, FT2
2026-09-09 Wed | leaves
2026-11-20 Fri | invoice FT3 700.00 due 2026-12-21 by BON
2026-12-23 Wed | cycle | nothing
# Over Christmas nobody is written to, over the new year too.
2026-12-28 Mon | cycle | nothing
2027-01-05 Tue | cycle | nothing
2027-01-05 Tue | waits FT3 | quiet
2027-01-05 Tue | says | 2027-01-07 email first
2027-01-07 Thu | cycle | email first: FT3, FT1, FT2
""",
    )


def test_a_call_that_absorbs_nothing_leaves_the_letter_its_day(lived):
    lived(
        """
strategy: storia
priority: 1
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: second, days: 20, channel: email, template: second_reminder}
  - {code: call, days: 30, channel: phone, absorbs: false}
""",
        """
2026-03-02 Mon | invoice FT1 1000.00 due 2026-02-05 by BON
2026-03-02 Mon | cycle | email first: FT1
2026-03-02 Mon | leaves
2026-03-09 Mon | cycle | email second: FT1
2026-03-09 Mon | leaves
2026-03-16 Mon | invoice FT2 500.00 due 2026-03-11 by BON
# FT1 is due at the call, FT2 at its first reminder: both happen, and the letter names FT1 too.
2026-03-16 Mon | cycle | email first: FT2, FT1; phone call
# A second run of the day adds nothing.
2026-03-16 Mon | cycle | email first: FT2, FT1; phone call
2026-03-17 Tue | cycle | nothing
""",
    )
