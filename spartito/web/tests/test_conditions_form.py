"""Conditions in forms: groups within groups, changed in place, and a text that stays what it says."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from spartito.strategies.conditions_text import condition_of
from spartito.strategies.facts import FACT_TYPES
from spartito.web.strategies.condition_tree import Comparison, Group, plain_of, shape_of, tree_in, tree_of
from spartito.web.tests.drafting import CALL, DRAFT, LIMITS, counted, save, the_draft

NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(-1000, 100000, places=2)
LEAVES = st.one_of(
    st.tuples(st.sampled_from(["overdue", "days_overdue"]), st.sampled_from([">=", ">", "<=", "<", "=", "!="]), NUMBERS).map(
        lambda each: {each[0]: {each[1]: each[2]}}
    ),
    st.lists(st.sampled_from(["A", "Nord, Est", 'dice "sì"', "ü"]), min_size=1, unique=True).map(lambda codes: {"area": codes}),
    st.lists(st.sampled_from(["STD", "EST"]), min_size=1, unique=True).map(lambda codes: {"credit_class": {"not in": codes}}),
    st.booleans().map(lambda said: {"is_consumer": said}),
)  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=12,
)


def normal(plain: Any) -> dict[str, Any]:
    return condition_of(plain, facts=FACT_TYPES, where="conditions")


def sent(tree: Group) -> QueryDict:
    """What a page with this tree sends."""
    data = QueryDict(mutable=True)
    data["together"] = tree.kind

    def put(part: Comparison | Group) -> None:
        if isinstance(part, Group):
            data[f"group_{part.key}"] = part.kind
            for each in part.parts:
                put(each)
        else:
            data[f"fact_{part.key}"], data[f"sign_{part.key}"] = part.fact, part.sign
            data.setlist(f"value_{part.key}", part.values)

    for part in tree.parts:
        put(part)
    return data


@given(plain=CONDITIONS, language=st.sampled_from(["it", "en"]))
def test_a_condition_written_in_a_form_and_read_again_is_the_same(plain: Any, language: str) -> None:
    with override(language):
        shown = tree_of(normal(plain))
        back = tree_in(sent(shown))
        assert shape_of(back) == shape_of(shown), "unchanged, so the text is left as it is written"
        written = plain_of(back, allowed=list(FACT_TYPES))
        again = tree_of(normal(written))
        assert shape_of(tree_of(normal(plain_of(again, allowed=list(FACT_TYPES))))) == shape_of(again)
        assert not [each.error for each in back.comparisons() if each.error]


NESTED = {
    "fact_0": "overdue", "sign_0": ">=", "value_0": "1.000",
    "group_1": "any",
    "fact_1-0": "credit_class", "sign_1-0": "in", "value_1-0": ["STD", "EST"],
    "group_1-1": "none",
    "fact_1-1-0": "is_consumer", "sign_1-1-0": "=", "value_1-1-0": "yes",
    "fact_1-1-1": "broken_promises_12m", "sign_1-1-1": ">", "value_1-1-1": "2",
}  # fmt: skip
NESTED_PLAIN = {
    "overdue": {">=": 1000},
    "any": [
        {"credit_class": ["STD", "EST"]},
        {"not": {"any": [{"is_consumer": True}, {"broken_promises_12m": {">": 2}}]}},
    ],
}


@pytest.mark.django_db
def test_groups_within_groups_are_written_in_the_form_and_stay_when_it_is_saved_again(editor: Client) -> None:
    page = save(editor, "steps/call/", **CALL, **NESTED)
    assert the_draft().steps.get(code="call").conditions == normal(NESTED_PLAIN)
    assert "e (classe di credito" in page, "a group stands in brackets"
    before = the_draft().source
    form = editor.get(f"{DRAFT}steps/call/").content.decode()
    assert 'name="group_1-1"' in form
    save(editor, "steps/call/", **CALL, **NESTED)
    assert the_draft().source == before


@pytest.mark.django_db
def test_groups_as_deep_as_the_buttons_make_them_fit_into_the_text(editor: Client) -> None:
    deep = {"group_0": "none", "group_0-0": "none", "group_0-0-0": "none"}
    for place in ("0-1", "0-0-1", "0-0-0-0", "0-0-0-1"):
        deep |= {f"fact_{place}": "overdue", f"sign_{place}": ">=", f"value_{place}": "1"}
    save(editor, "steps/new/", code="deep", days=6, what="phone", track="RIB*returned", together="all", **deep)
    asked = the_draft().steps.get(code="deep").conditions
    assert asked["not"]["any"][0]["not"]["any"][0]["not"]["any"][1]["value"] == "1"
    page = editor.get(f"{DRAFT}steps/deep/").content.decode()
    assert 'id="group_in_0-0"' in page
    assert 'id="group_in_0-0-0"' not in page, "no deeper group is offered"


@pytest.mark.django_db
def test_a_condition_written_by_hand_keeps_its_spelling_while_the_form_changes_something_else(editor: Client) -> None:
    text = the_draft().source
    start = text.index("code: call")
    line = text[start : text.index("\n", start)]
    by_hand = (
        line.rstrip("}").split(", conditions")[0] + ", conditions: {not: {all: [overdue: {'>=': 5.00}, rating: A]}}}"
    )
    save(editor, "text/", source=text.replace(line, by_hand))
    assert "{'>=': 5.00}" in the_draft().source
    form = {"group_0": "not_all", "fact_0-0": "overdue", "sign_0-0": ">=", "value_0-0": "5", "fact_0-1": "rating",
            "sign_0-1": "in", "value_0-1": "A"}  # fmt: skip
    save(editor, "steps/call/", **{**CALL, "days": 13}, **form)
    assert the_draft().steps.get(code="call").days == 13
    assert "{not: {all: [overdue: {'>=': 5.00}, rating: A]}}" in the_draft().source
    save(editor, "steps/call/", **CALL, **{**form, "value_0-0": "6"})
    assert "{not: {overdue: {'>=': 6}, rating: [A]}}" in the_draft().source.replace('">="', "'>='").replace(
        ">=:", "'>=':"
    )


@pytest.mark.django_db
def test_buttons_change_the_shape_and_save_nothing(editor: Client) -> None:
    before = the_draft().source
    page = save(editor, "steps/call/", days="", fact_0="overdue", sign_0=">=", value_0="tanto", shape="group:")
    assert 'value="tanto"' in page, "what was written is there again"
    assert 'name="fact_1-0"' in page
    assert "field-error" not in page, "nothing is checked yet"
    assert 'autofocus><option value="">–</option>' in page.split('id="id_fact_1-0"')[1][:400], (
        "the new row has the focus"
    )
    page = save(
        editor, "steps/call/", fact_0="overdue", value_0="1", group_1="any", **{"fact_1-0": "rating"}, shape="drop:0"
    )
    assert 'name="fact_0-0"' in page, "places are counted anew"
    assert 'name="fact_1' not in page
    assert the_draft().source == before


@pytest.mark.django_db
def test_another_fact_brings_its_own_comparisons_and_values(editor: Client) -> None:
    page = save(editor, "steps/call/", fact_0="credit_class", sign_0=">=", value_0="1000", shape="look:0:number")
    assert 'type="checkbox" name="value_0" value="STD"' in page
    assert "1000" not in page.split('id="condition"')[1].split("</fieldset>")[0], "what was asked of a number is gone"
    page = save(editor, "steps/call/", fact_0="is_consumer", sign_0="in", value_0="STD", shape="look:0:text")
    assert '<select class="form-select" id="id_value_0" name="value_0">' in page


@pytest.mark.django_db
def test_what_is_wrong_in_a_group_is_said_there(editor: Client) -> None:
    page = save(editor, "steps/call/", **CALL, **{**NESTED, "value_1-1-1": "molte"})
    row = page.split('id="id_value_1-1-1"')[1][:600]
    assert "Non è un numero." in row
    assert 'aria-describedby="id_value_1-1-1_about"' in row
    assert the_draft().steps.get(code="call").days == 10


@pytest.mark.django_db
def test_who_fits_groups_is_counted(editor: Client, ledger: object) -> None:
    asked = {"group_0": "none", "fact_0-0": "overdue", "sign_0-0": ">", "value_0-0": "0"}
    assert "<strong>0</strong> di" in counted(editor, **asked) or "<strong>" in counted(editor, **asked)
    everybody = counted(editor, fact_0="overdue", sign_0=">=", value_0="0")
    some = counted(editor, fact_0="overdue", sign_0=">", value_0="0")
    none = counted(editor, **asked)
    number = [int(each.split("<strong>")[1].split("<")[0]) for each in (everybody, some, none)]
    assert number[0] == number[1] + number[2]


TEXT = {"name": "Estratto conto", "every": "quarter", "of_quarter": "2", "of_year": "7", "day": 5, "channel": "email",
        "fallback": ["letter"], "template": "account_statement", "lists": "open", "together": "all",
        "fact_0": "open_items", "sign_0": ">=", "value_0": "3"}  # fmt: skip


@pytest.mark.django_db
def test_a_text_of_the_calendar_is_made_changed_and_taken_out(editor: Client) -> None:
    page = save(editor, "calendar/new/", code="statement", **TEXT)
    text = the_draft().periodics.get()
    assert (text.every, text.month, text.day, text.within, text.fallback) == ("quarter", 2, 5, 14, ["letter"])
    assert text.conditions == {"fact": "open_items", "operator": ">=", "value": "3"}
    assert "ogni trimestre, il 5 del mese 2; si prova per 14 giorni" in page
    before = the_draft().source
    save(editor, "calendar/statement/", **TEXT)
    assert the_draft().source == before, "the same form saved again writes the same text"
    save(editor, "calendar/statement/", **{**TEXT, "every": "month", "within": 3, "fallback": [], "name": ""})
    text = the_draft().periodics.get()
    assert (text.every, text.month, text.within, text.fallback, text.params) == ("month", 1, 3, [], {})
    page = save(editor, "calendar/statement/drop/")
    assert not the_draft().periodics.exists()
    assert "periodic" not in the_draft().source


@pytest.mark.django_db
def test_what_is_wrong_in_a_text_of_the_calendar_is_said_beside_its_field(editor: Client) -> None:
    page = save(editor, "calendar/new/", code="call", **TEXT)
    field = page.split('name="code"')[1].split("</div></div>")[0]
    assert "field-error" in field
    page = save(editor, "calendar/new/", code="statement", **{**TEXT, "day": 31})
    assert "field-error" in page.split('name="day"')[1].split("</div></div>")[0]
    assert not the_draft().periodics.exists()


@pytest.mark.django_db
def test_education_is_begun_changed_and_ended(editor: Client) -> None:
    who = {"together": "all", "fact_0": "late_payer", "sign_0": "=", "value_0": "yes"}
    page = save(editor, "education/", is_on="on", hold_out="", together="all")
    assert "Indica sotto chi entra" in page
    save(editor, "education/", is_on="on", hold_out=20, **who)
    assert the_draft().further["education"]["hold_out"] == 20
    read = editor.get(f"/t/test/strategies/standard/{the_draft().number}/").content.decode()
    assert "ritardatario abituale" in read, "whoever reads the strategy sees whom it teaches"
    page = save(editor, "education/", is_on="on", hold_out=90, **who)
    assert "field-error" in page.split('name="hold_out"')[1].split("</div></div>")[0]
    before = the_draft().source
    save(editor, "education/", is_on="on", hold_out=20, **who)
    assert the_draft().source == before
    save(editor, "education/", **who)
    assert "education" not in the_draft().further


@pytest.mark.django_db
def test_the_mark_for_everybody_else_and_the_name(editor: Client) -> None:
    save(editor, "limits/", **LIMITS)
    assert "default: false" not in the_draft().source
    page = save(
        editor,
        "limits/",
        **{key: value for key, value in LIMITS.items() if key != "default"},
    )
    assert the_draft().marks_default is False
    assert "tutti gli altri" not in page.split('class="page-about"')[1].split("</p>")[0]
    page = save(editor, "limits/", **{**LIMITS, "name": "Tutti quanti"})
    assert the_draft().marks_default is True
    assert "<ins>Tutti quanti</ins>" in page


@pytest.mark.django_db
def test_a_second_strategy_for_everybody_else_is_refused_beside_the_mark(manager: Client) -> None:
    from spartito.strategies.models import Strategy

    other = Strategy.objects.exclude(is_default=True).filter(live_version__isnull=False).first()
    assert other is not None
    manager.post(f"/t/test/strategies/{other.code}/draft/begin/")
    draft = other.versions.get(status="draft")
    from spartito.strategies.drafts import fingerprint

    form = {**LIMITS, "seen": fingerprint(draft.source), "on_broken_promise": "next_step", "priority": draft.priority}
    page = manager.post(f"/t/test/strategies/{other.code}/draft/limits/", form, follow=True).content.decode()
    assert "field-error" in page.split('name="default"')[1].split("</div></div>")[0]
