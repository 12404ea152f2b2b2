"""What a policy's text may not say: each refusal names the step and the field."""

from pathlib import Path

import pytest

from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.policy_text import StrategyRefused, read_policy_text
from spartito.strategies.rules import policy_of

pytestmark = pytest.mark.usefixtures("english")

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.yaml"))
GOOD = "strategy: s\nsteps:\n  - {code: first, days: 5, channel: email, template: first_reminder}\n"
CALL = GOOD + "  - {code: call, days: 15, channel: phone, outcomes: {%s}}\n"


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
        (GOOD + "on_broken_promise: last\n", "on_broken_promise: 'last' is neither next_step nor one of its steps"),
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
        (GOOD.replace("email", "email, repeat_every: 9") + "  - {code: next, days: 9, channel: phone}\n", "step first: repeat_every: only of the last"),
        (GOOD + "  - {code: next, days: 9, action: propose_legal, repeat_every: 9}\n", "step next: repeat_every: not of action"),
        (GOOD.replace("days: 5", "days: -5, repeat_every: 9"), "step first: repeat_every: only after the due date"),
        (GOOD.replace("email", "email, repeat_every: 0"), "step first: repeat_every: 0 is not between"),
        (GOOD + "payment_types: {RIB: {steps: []}}\n", "payment_types: RIB: steps: at least one step"),
        (GOOD + "payment_types: {RIB: {steps: [{code: first, days: 3, channel: phone}]}}\n", "step first: code: used by 2 steps"),
        (GOOD + "payment_types: {RIB: {on_return: [{code: r, days: 3}]}}\n", "step r: channel: a step has either"),
        (GOOD + "on_return: [{code: r, days: 3, channel: phone}, {code: r2, days: 1, channel: phone}]\n", "step r2: days: 1 comes after 3"),
        (GOOD + "payment_types: {RIB: {templates: {second: x}}}\n", "payment_types: RIB: templates: second is not a written step"),
        (GOOD + "payment_types: {RIB: {templates: [x]}}\n", "payment_types: RIB: templates: must be a mapping"),
        (GOOD + "steps2: []\n", "steps2: not a known key"),
        (GOOD + "".join(f"  - {{code: s{n}, days: 9, channel: phone}}\n" for n in range(10_000)).replace("9", "9")[:200_000].rsplit("  - ", 1)[0], "steps: more than 60"),
        (GOOD.replace("email", "email, consult: {who: santa}"), "step first: consult: who: 'santa' is not one of"),
        (GOOD.replace("email", "email, consult: {silence: never}"), "step first: consult: silence: 'never' is not one of"),
        (GOOD.replace("email", "email, consult: {days: 2}"), "step first: consult: days: not a known key"),
        (GOOD.replace("email", "email, consult: salesperson"), "step first: consult: must be a mapping"),
        (GOOD + "  - {code: next, days: 9, action: task, consult: {}}\n", "step next: consult: only of a contact"),
        (GOOD + "after_hold: 10\n", "after_hold: must be a mapping"),
        (GOOD + "after_hold: {hope: 10}\n", "after_hold: hope: not a known key"),
        (GOOD + "after_hold: {dispute: -1}\n", "after_hold: dispute: -1 is not between"),
        (GOOD + "release: soon\n", "release: 'soon' is not one of at_once, next_working_day"),
        (GOOD + "  - {code: next, days: 9, action: order_block}\n", "step next: level"),
        (GOOD.replace("email", "email, approval: yes"), "step first: approval: True is not one of required"),
        (GOOD + "  - {code: next, days: 9, action: task, approval: required}\n", "step next: approval: only of a contact"),
        (CALL % "XX: {}", "step call: outcomes: XX is not an outcome"),
        (CALL % "NR: soon", "step call: outcomes: NR: must be a mapping"),
        (CALL % "NR: {again: 2}", "step call: outcomes: NR: again: not a known key"),
        (CALL % "NR: {retry_in: 0}", "step call: outcomes: NR: retry_in: 0 is not between 1"),
        (CALL % "NR: {retry_in: two}", "step call: outcomes: NR: retry_in: 'two' is not a whole number"),
        (CALL % "NR: {max: 3}", "step call: outcomes: NR: max: does not go with what is said of retry_in"),
        (CALL % "NR: {retry_in: 1, then: last}", "step call: outcomes: NR: then: there is no step last"),
        (CALL % "RIF: {go_to: last}", "step call: outcomes: RIF: go_to: there is no step last"),
        (CALL % "RIF: {go_to: retry}", "step call: outcomes: RIF: go_to: there is no step retry"),
        (CALL % "RIF: {go_to: call}", "step call: outcomes: RIF: go_to: call leads back to call"),
        (CALL % "RIF: {go_to: again}" + "  - {code: again, days: 30, channel: phone, outcomes: {NR: {go_to: call}}}\n", "step again: outcomes: NR: go_to: call leads back to again: it would never end"),
        (CALL % "PDP: {hold: hope}", "step call: outcomes: PDP: hold: 'hope' is not one of"),
        (CALL % "CON: {hold: dispute, grace: 2}", "step call: outcomes: CON: grace: does not go with"),
        (CALL % "CON: {notify: [santa]}", "step call: outcomes: CON: notify: 'santa' is not one of"),
        (CALL % "ERR: {task: {in: 1}}", "step call: outcomes: ERR: task: kind: missing"),
        (CALL % "ERR: {task: {kind: wait}}", "step call: outcomes: ERR: task: kind: 'wait' is not one of"),
        (GOOD.replace("days: 5,", "days: 5, outcomes: {NR: {}},"), "step first: outcomes: only of a step that makes a task"),
        (GOOD + "  - {code: next, days: 9, channel: phone, assign_to: santa}\n", "step next: assign_to: 'santa'"),
        (GOOD + "  - {code: next, days: 9, action: task, assign_to: auditor}\n", "step next: assign_to: 'auditor'"),
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


def test_an_outcome_says_what_follows():
    said = "NR: {retry_in: 2, max: 3, then: next_step}, RIF: {go_to: notice}, ERR: {task: {kind: find_contact, in: 1}, then: retry}"
    policy = read(CALL % said + "  - {code: notice, days: 40, channel: letter}\non_broken_promise: notice\n")
    assert policy.on_broken_promise == "notice"
    assert policy.steps[1].params["outcomes"] == {
        "NR": {"retry_in": 2, "max": 3, "then": "next_step"},
        "RIF": {"go_to": "notice"},
        "ERR": {"task": {"kind": "find_contact", "assign_to": "collector", "in": 1}, "then": "retry"},
    }
