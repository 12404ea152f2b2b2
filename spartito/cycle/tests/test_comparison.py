"""Two policies on the same past: lived on copies, with the payments as they fell."""

from datetime import date, timedelta

import pytest

from spartito.cycle.comparison import compare
from spartito.cycle.rehearsal import RehearsalRefused
from spartito.cycle.replay import replay
from spartito.cycle.tests.test_rehearsal import LIVE, NO_CALL, SECOND_LETTER
from spartito.cycle.tests.traces import fingerprint_of_everything
from spartito.strategies.operations import load_strategy, publish_strategy
from tests.builders import customer, invoice, move

pytestmark = pytest.mark.usefixtures("english")
START, END = date(2026, 1, 5), date(2026, 3, 31)


def past(tenant):
    """Due on 5 January: one pays 2 days late, one after the first reminder, one after the call, one never."""
    load_strategy(source=LIVE)
    publish_strategy(code="prova")
    where = {"address": "Via Roma 1", "city": "Bologna", "postal_code": "40100"}
    for code, late in (("A", 2), ("B", 8), ("C", 20), ("D", None)):
        who = customer(code, email=f"{code}@cliente.example", **where)
        item = invoice(who, f"F{code}", issued=date(2025, 12, 1), due=START, amount=100)
        if late is not None:
            move(item, on=START + timedelta(late), by=-100)


def test_what_each_would_have_done_and_what_was_paid_before_each_step(tenant):
    past(tenant)
    replay(tenant=tenant, start=START, end=END)
    told = compare(first=LIVE, second=NO_CALL, start=START, end=END)
    assert (told["items"], told["paid_items"], told["days_late"]) == (4, 3, 10)
    with_call, without = told["first"], told["second"]
    assert (with_call["messages"], with_call["calls"]) == (4, 2)  # B, C, D reminded; C, D called; D given notice
    assert (without["messages"], without["calls"]) == (4, 0)
    steps = {row["step"]: (row["reached"], row["paid_before"]) for row in with_call["steps"]}
    assert steps == {"first": (3, 25), "call": (2, 50), "formal_notice": (1, 75)}
    assert with_call["needless"] == 2  # B's reminder, C's call: both paid within a week of it
    assert without["cost"] == with_call["cost"] > 0


def test_the_policy_that_was_in_force_does_what_it_did(tenant):
    past(tenant)
    planned = replay(tenant=tenant, start=START, end=END)["planned"]
    told = compare(first=LIVE, second=SECOND_LETTER, start=START, end=END)
    assert told["first"]["messages"] + told["first"]["calls"] == planned
    assert told["second"]["messages"] == told["first"]["messages"] + 1


def test_it_leaves_no_trace(live_tenant, cli, tmp_path):
    live_tenant.clock = "last_run"
    live_tenant.save()
    past(live_tenant)
    replay(tenant=live_tenant, start=START, end=END)
    for name, text in (("a", LIVE), ("b", NO_CALL)):
        (tmp_path / f"{name}.yaml").write_text(text)
    before = fingerprint_of_everything()
    told = cli("strategy", "compare", tmp_path / "a.yaml", tmp_path / "b.yaml", "--from", START, "--to", END).json
    assert told["first"]["calls"] == 2
    assert fingerprint_of_everything() == before


def test_a_range_that_ends_before_it_starts_is_refused(tenant):
    past(tenant)
    with pytest.raises(RehearsalRefused, match="must end after it starts"):
        compare(first=LIVE, second=NO_CALL, start=END, end=START)
