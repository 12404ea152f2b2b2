"""Steps that ask something of each document, lived through the command line."""

from tests.scenarios.story import Story


def told(story: str) -> str:
    return "\n".join(line for line in story.strip().splitlines() if line.strip() and not line.startswith("#"))


def live(cli, folder, story: str, policy: str = "") -> None:
    """Lives a story under a policy, or under those every new company begins with."""
    lives = Story(cli, folder, "anna")
    if policy:
        path = folder / "storia.yaml"
        path.write_text(policy)
        lives.run("strategy", "load", path)
        lives.run("strategy", "publish", "storia")
    lives.run("user", "create", "anna", "--profile", "credit_manager")
    assert "\n".join(lives.live(story)) == told(story)


def test_a_new_company_reminds_of_large_invoices_before_their_day(live_tenant, cli, tmp_path):
    live(
        cli,
        tmp_path,
        """
2026-03-02 Mon | invoice FT1 6000.00 due 2026-03-13 by BON
2026-03-02 Mon | invoice FT2 4999.99 due 2026-03-13 by BON
2026-03-02 Mon | invoice FT3 9000.00 due 2026-03-13 by RIB
2026-03-02 Mon | cycle | nothing
2026-03-09 Mon | cycle | nothing
2026-03-09 Mon | says | 2026-03-10 email courtesy
# Three days before: the one of 5,000 and more. The bill goes to the bank by itself, and the small one waits its turn.
2026-03-10 Tue | cycle | email courtesy: FT1
2026-03-10 Tue | leaves
2026-03-10 Tue | level FT1 | courtesy
2026-03-10 Tue | level FT2 | None
2026-03-11 Wed | cycle | nothing
# The first reminder, two working days after the third: seven days after the courtesy, for both.
2026-03-16 Mon | cycle | nothing
2026-03-17 Tue | cycle | nothing
2026-03-18 Wed | cycle | email first: FT1, FT2
""",
    )


BY_AMOUNT = """
strategy: storia
priority: 1
days_between_steps: 3
steps:
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: call, days: 10, channel: phone, conditions: {item_amount: {">=": 1000}}}
  - {code: bank, days: 14, channel: email, template: second_reminder, conditions: {item_payment_type: [RIB, SDDB]}}
  - {code: second, days: 20, channel: email, template: second_reminder}
"""


def test_each_document_is_asked_by_itself(live_tenant, cli, tmp_path):
    live(
        cli,
        tmp_path,
        """
2026-03-02 Mon | invoice FT1 1000.00 due 2026-03-04 by BON
2026-03-02 Mon | invoice FT2 1200.00 due 2026-03-04 by BON
2026-03-02 Mon | invoice FT3 300.00 due 2026-03-04 by RIB
2026-03-09 Mon | cycle | email first: FT1, FT2, FT3
2026-03-09 Mon | leaves
# A part is paid: it is no call's worth any more. The other one is.
2026-03-12 Thu | pays FT1 400.00
2026-03-16 Mon | cycle | phone call
2026-03-16 Mon | level FT1 | first
2026-03-16 Mon | level FT2 | call
2026-03-17 Tue | done
# Only bills and debits get this one; the letter lists what else is overdue.
2026-03-18 Wed | cycle | email bank: FT3, FT1, FT2
2026-03-18 Wed | leaves
2026-03-18 Wed | level FT2 | call
2026-03-18 Wed | level FT3 | bank
2026-03-24 Tue | cycle | email second: FT1, FT2, FT3
""",
        BY_AMOUNT,
    )
