"""Whatever stands where in a policy, it is taken or refused with its place named: never a crash."""

from copy import deepcopy
from random import Random
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from spartito.strategies.conditions import FACT_TYPES
from spartito.strategies.policy_text import StrategyRefused, read_policy_text
from spartito.strategies.rules import policy_of

WHOLE = read_policy_text("""
strategy: whole
name: {it: "Tutto", en: "Everything"}
default: false
priority: 10
applies_to: {credit_class: [STD], any: [{overdue: {">=": 10}}, {not: {is_consumer: true}}]}
minimum_overdue: 50.00
minimum_item: 25
contact_limit: {max: 2, days: 7}
days_between_steps: 7
catch_up: one_by_one
task_patience: 10
on_broken_promise: notice
bank_lag: 2
absorb_lower: 15
quiet: [{from: 08-08, to: 08-25, max_step: first}]
after_hold: {dispute: 10}
release: next_working_day
steps:
  - {code: courtesy, days: -3, channel: email, template: courtesy, conditions: {item_amount: {">=": 5000}}}
  - {code: first, name: Primo, days: 5, channel: email, template: first_reminder, to: [owner], copy_to: [salesperson], fallback: [letter]}
  - code: call
    days: 15
    channel: phone
    assign_to: collector
    absorbs: false
    outcomes:
      NR: {retry_in: 2, max: 3, then: next_step}
      PDP: {hold: promise, grace: 3}
      CON: {hold: dispute, review_in: 10, notify: [customer_care]}
      RIF: {go_to: notice}
      ERR: {task: {kind: find_contact, assign_to: collector, in: 1}, then: retry}
      EC: {send: account_statement}
  - {code: tell, days: 20, action: notify, notify: [salesperson]}
  - {code: notice, days: 30, channel: pec, fallback: [registered_letter], template: formal_notice, include: [late_interest], must: true, pay_by: 15, approval: required}
  - {code: block, days: 45, action: order_block, level: 3, min_days: 3}
  - {code: last, days: 60, channel: letter, template: second_reminder, repeat_every: 30, consult: {who: salesperson, working_days: 2, silence: proceed, max_delay: 7}}
on_return: [{code: back, days: 2, channel: phone}]
payment_types:
  RIB: {start_after: returned, shift_days: 2, dunnable: true, templates: {first: second_reminder}, steps: [{code: riba, days: 3, channel: phone}]}
periodic: [{code: statement, every: quarter, month: 1, day: 5, channel: email, template: account_statement, when: {overdue: {">": 0}}}]
""")
WEIRD: list[Any] = [
    None, True, False, 0, -1, 10**12, "", "x", "è", "first", "next_step", "0", [], {}, [[]], [{}], [None], {"a": 1}, [1, "x"],
    {"first": "first"}, {None: None}, {1: 2}, "08-32", "a" * 500, "'; drop table x; --", "%(x)s", "%s", "{}",
]  # fmt: skip


def test_the_whole_of_it_is_a_policy():
    assert len(policy_of(WHOLE, facts=FACT_TYPES).steps) == 7


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


PLACES = places(WHOLE)[1:]


def refusal(given: Any) -> str | None:
    """What is said against a policy, as a text or as plain data; None where nothing is."""
    try:
        policy_of(read_policy_text(given) if isinstance(given, str) else given, facts=FACT_TYPES)
    except StrategyRefused as refused:
        return str(refused).strip()
    return None


@given(place=st.sampled_from(PLACES), weird=st.sampled_from(WEIRD), how=st.integers(0, 2))
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_anything_anywhere_is_taken_or_refused(place, weird, how):
    changed = deepcopy(WHOLE)
    parent = changed
    for key in place[:-1]:
        parent = parent[key]
    if how == 0:
        parent[place[-1]] = deepcopy(weird)
    elif how == 1:
        del parent[place[-1]]
    elif isinstance(parent, dict):
        parent[str(weird)[:40]] = parent[place[-1]]
    assert refusal(changed) != ""


def test_bytes_and_broken_texts_are_refused_and_quickly():
    random = Random(7)
    text = yaml.safe_dump({"strategy": "s", "steps": [{"code": "a", "days": 1, "channel": "phone"}]})
    for _ in range(300):
        letters = list(text)
        for _ in range(random.randint(1, 6)):
            letters[random.randrange(len(letters))] = random.choice("{}[]:,&*!|>'\"%@`\t\n\0#-é")
        assert refusal("".join(letters)) != ""
