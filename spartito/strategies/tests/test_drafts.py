"""A draft is changed beside the text in force, and put in force by who may."""

import pytest

from spartito.access.models import User
from spartito.strategies import drafts, editing
from spartito.strategies.differences import differences
from spartito.strategies.models import Strategy, Version
from spartito.strategies.operations import check_policy
from spartito.strategies.policy_text import StrategyRefused
from spartito.tenants.models import Tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(tenant, english) -> Version:
    return drafts.open_draft(code="standard", user=None)


@pytest.fixture
def two_persons(tenant) -> tuple[User, User]:
    tenant.second_person_publishes = True
    Tenant.objects.filter(pk=tenant.pk).update(second_person_publishes=True)
    return User.objects.create(username="one"), User.objects.create(username="two")


def change(draft: Version, how, **kw) -> Version:
    return drafts.change_draft(
        code="standard", user=None, seen=drafts.fingerprint(draft.source), change=lambda text: how(text, **kw)
    )


def steps(version: Version) -> list[tuple[str, int]]:
    return list(version.steps.order_by("position").values_list("code", "days"))


def test_a_draft_begins_as_the_text_in_force_and_is_opened_once(draft):
    live = Strategy.objects.get(code="standard").live_version
    assert (draft.source, draft.number) == (live.source, live.number + 1)
    assert drafts.open_draft(code="standard", user=None).pk == draft.pk


def test_a_step_moved_to_another_day_stands_where_its_day_puts_it(draft):
    moved = change(draft, editing.with_step_moved, code="call", days=25)
    assert [code for code, _days in steps(moved)][1:4] == ["first", "second", "call"]
    assert dict(steps(moved))["call"] == 25


def test_a_step_of_the_same_day_stands_before_the_one_it_was_dropped_on(draft):
    moved = change(draft, editing.with_step_moved, code="block", days=30, before="call_block")
    assert [code for code, _days in steps(moved)][3:6] == ["second", "block", "call_block"]


def test_a_change_leaves_the_rest_of_the_text_as_it_was_written(draft):
    changed = change(draft, editing.with_step, code="second", values={"days": 22, "min_days": 9, "include": None})
    before, after = draft.source.splitlines(), changed.source.splitlines()
    assert len(before) == len(after)
    assert [line for line in after if line not in before] == [
        '  - {code: second, name: {it: "2° sollecito", en: "Second reminder"}, days: 22, channel: email, template: second_reminder, fallback: [letter], min_days: 9}'
    ]
    assert after[0].startswith("#")


def test_a_new_step_and_one_less(draft):
    more = change(draft, editing.with_new_step, values={"code": "sms", "days": 5, "channel": "sms", "template": "first_reminder"})  # fmt: skip
    assert steps(more)[2] == ("sms", 5)
    less = change(more, editing.without_step, code="sms")
    assert steps(less) == steps(Strategy.objects.get(code="standard").live_version)


def test_what_is_no_policy_is_refused_and_nothing_is_kept(draft):
    with pytest.raises(StrategyRefused, match="step call: channel"):
        change(draft, editing.with_step, code="call", values={"channel": "pigeon"})
    draft.refresh_from_db()
    assert draft.source == Strategy.objects.get(code="standard").live_version.source


def test_nobody_writes_over_what_another_changed_meanwhile(draft):
    change(draft, editing.with_values, values={"task_patience": 12})
    with pytest.raises(StrategyRefused, match="meanwhile"):
        change(draft, editing.with_values, values={"task_patience": 14})
    assert drafts.open_draft(code="standard", user=None).task_patience == 12


def test_another_person_puts_it_in_force_where_two_are_wanted(draft, two_persons):
    one, two = two_persons
    seen = drafts.fingerprint(draft.source)
    with pytest.raises(StrategyRefused):
        drafts.publish_draft(code="standard", user=two, seen=seen)
    drafts.submit_draft(code="standard", user=one, seen=seen, comment="Ready")
    with pytest.raises(StrategyRefused):
        drafts.publish_draft(code="standard", user=one, seen=seen)
    assert drafts.publish_draft(code="standard", user=two, seen=seen).status == "published"


def test_a_change_takes_the_submission_back(draft, two_persons):
    one, _two = two_persons
    drafts.submit_draft(code="standard", user=one, seen=drafts.fingerprint(draft.source))
    changed = change(draft, editing.with_values, values={"task_patience": 12})
    assert changed.submitted_at is None


def test_the_second_of_two_who_publish_is_told(draft):
    seen = drafts.fingerprint(draft.source)
    drafts.publish_draft(code="standard", user=None, seen=seen)
    with pytest.raises(StrategyRefused, match="has no draft"):
        drafts.publish_draft(code="standard", user=None, seen=seen)


def test_differences_name_the_step_and_the_key():
    text = "strategy: a\nsteps:\n  - {code: x, days: 5, channel: email}\n  - {code: y, days: 9, channel: phone}\n"
    after = editing.with_step(text, code="y", values={"days": 12, "pay_by": 3})
    after = editing.with_new_step(after, values={"code": "z", "days": 20, "channel": "letter"})
    after = editing.without_step(after, code="x")
    found = differences(check_text(text), check_text(after))
    assert [(each.kind, each.code, each.key, each.before, each.after) for each in found if each.kind == "changed"] == [
        ("changed", "y", "days", 9, 12),
        ("changed", "y", "pay_by", None, 3),
    ]
    assert {(each.kind, each.code) for each in found if each.kind != "changed"} == {("added", "z"), ("removed", "x")}


def check_text(text: str):
    from spartito.strategies.policy_text import read_policy_text
    from spartito.strategies.rules import policy_of

    return policy_of(read_policy_text(text), facts={})


def test_the_same_text_shows_no_difference(draft):
    policy = check_policy(source=draft.source)
    assert differences(policy, check_policy(source=draft.source)) == []


def test_steps_of_what_came_back_are_compared_one_by_one_and_further_keys_by_name(tenant):
    text = "strategy: s\nsteps: [{code: a, days: 1, channel: phone}]\n"
    more = (
        text
        + "quiet: [{from: 08-08, to: 08-25}]\non_return: [{code: b, days: 1, channel: phone}]\n"
        + "payment_types: {RIB: {steps: [{code: c, days: 2, channel: phone}]}, BON: {shift_days: 3}}\n"
    )
    found = differences(check_policy(source=text), check_policy(source=more))
    assert [(each.kind, each.part, each.code, each.key) for each in found] == [
        ("changed", "", "", "quiet"),
        ("added", "payment_type", "BON", ""),
        ("added", "step", "b", ""),
        ("added", "step", "c", ""),
    ]
