"""What a policy's text may not say: each refusal names the step and the field."""

from pathlib import Path

import pytest

from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.policy_text import StrategyRefused, read_policy_text
from spartito.strategies.rules import policy_of

pytestmark = pytest.mark.usefixtures("english")

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.yaml"))
GOOD = "strategy: s\nsteps:\n  - {code: first, days: 5, channel: email, template: first_reminder}\n"


def read(text: str):
    return policy_of(read_policy_text(text), facts=FACT_TYPES)


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_seeds_always_limit_contacts(path):
    policy = read(path.read_text(encoding="utf-8"))
    assert policy.contact_max is not None
    assert (policy.minimum_item, policy.bank_lag, policy.absorb_lower) == (25, 2, 15)


def test_left_out_means():
    policy = read(GOOD)
    assert (policy.minimum_overdue, policy.minimum_item, policy.contact_max, policy.days_between_steps) == (
        0,
        0,
        None,
        7,
    )
    assert (policy.catch_up, policy.task_patience, policy.bank_lag, policy.absorb_lower) == ("one_by_one", 10, 0, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must begin"),
        ("strategy: s\nsteps: []\n", "at least one step"),
        (GOOD + "colour: red\n", "colour: not a known key"),
        (GOOD + "quiet: {from: 08-08, to: 08-25}\n", "quiet: must be a list"),
        (GOOD + "quiet: [{from: 08-08, to: 08-32}]\n", "quiet: period 1: to: '08-32' is not a day of every year"),
        (GOOD + "quiet: [{from: 02-29, to: 03-05}]\n", "quiet: period 1: from: '02-29' is not a day of every year"),
        (GOOD + "quiet: [{from: 08-08}]\n", "quiet: period 1: to: None is not a day"),
        (GOOD + "quiet: [{from: 08-08, to: 08-25, max_step: third}]\n", "quiet: period 1: max_step: 'third'"),
        (GOOD + "quiet: [{from: 08-08, to: 08-25, top: first}]\n", "quiet: period 1: top: not a known key"),
        (GOOD + "contact_limit: {max: 0, days: 7}\n", "contact_limit: max: 0 is not between"),
        (GOOD + "minimum_item: -1\n", "minimum_item"),
        (GOOD + "minimum_item: 1.005\n", "minimum_item"),
        (GOOD + "strategy: t\n", "line 4: 'strategy' is written twice"),
        (GOOD + "catch_up: sometimes\n", "catch_up: 'sometimes' is not one of"),
        (GOOD + "on_broken_promise: first\n", "on_broken_promise: 'first' is not supported yet"),
        (GOOD + "applies_to: {shoe_size: [44]}\n", "applies_to: shoe_size: not a known fact"),
        (GOOD + "applies_to: {overdue: {in: [1]}}\n", "'in' cannot be asked"),
        (GOOD.replace("email", "pigeon"), "step first: channel: 'pigeon'"),
        (GOOD.replace("days: 5, ", ""), "step first: days: missing"),
        (GOOD.replace("days: 5", "days: soon"), "step first: days: 'soon' is not a whole number"),
        (GOOD.replace("days: 5", "days: yes"), "step first: days: True is not a whole number"),
        (GOOD.replace("template: first_reminder", "template: 'a b'"), "step first: template: 'a b' is not a code"),
        (GOOD + "  - {code: first, days: 9, channel: phone}\n", "step first: code: used by 2 steps"),
        (GOOD + "  - {code: next, days: 4, channel: phone}\n", "step next: days: 4 comes after 5 of step first"),
        (GOOD + "  - {code: next, days: 9}\n", "step next: channel: a step has either"),
        (GOOD.replace("email", "email, absorbs: false"), "step first: absorbs: only of channel phone"),
        (GOOD + "  - {code: next, days: 9, action: order_block}\n", "step next: level"),
        (GOOD + "  - {code: next, days: 9, action: task, approval: required}\n", "step next: approval: not supported yet"),
        (GOOD + "  - {code: next, days: 9, channel: phone, outcomes: {NR: {retry_in: 2}}}\n", "step next: outcomes: NR"),
        (GOOD + "  - {code: next, days: 9, channel: phone, assign_to: santa}\n", "step next: assign_to: 'santa'"),
        ("a: &a [x]\nb: *a\n", "line 1: anchors and aliases"),
        ("[" * 50, "nested deeper"),
        ("strategy: [\n", "not YAML, line"),
        ("strategy: !!python/object/apply:os.system [ls]\n", "not YAML"),
        ("x" * 300_000, "longer than"),
    ],
)  # fmt: skip
def test_refused_by_name(text, says):
    with pytest.raises(StrategyRefused) as refused:
        read(text)
    assert says in str(refused.value)
