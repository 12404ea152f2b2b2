"""Amounts and days as a person says them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from spartito.platform import money
from spartito.web import words
from spartito.web.templatetags.labels import verb_name
from spartito.web.timeline import SAYINGS
from spartito.web.wording import VERBS

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "italian", "english"),
    [
        (0, "oggi", "today"),
        (1, "domani", "tomorrow"),
        (-1, "ieri", "yesterday"),
        (3, "tra 3 giorni", "in 3 days"),
        (-12, "12 giorni fa", "12 days ago"),
        (40, "31 dic", "31 Dec"),
        (-400, "17 ott 2025", "17 Oct 2025"),
    ],
)
def test_days_are_said(days, italian, english):
    day = TODAY + timedelta(days=days)
    with translation.override("it"):
        assert words.spoken(day, TODAY) == italian
    with translation.override("en"):
        assert words.spoken(day, TODAY) == english


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2), st.sampled_from(["it", "en"]))
@settings(max_examples=50)
def test_amounts_are_written_as_everywhere_else(amount, language):
    """The quick way of lists writes what `platform.money` writes in letters."""
    with translation.override(language):
        assert words.amount(amount) == money.written(amount, language=language).replace("−0,00", "0,00").replace(
            "−0.00", "0.00"
        )


def test_short_amounts_for_axes():
    with translation.override("it"):
        assert [words.compact(Decimal(n)) for n in (80, 12_345, 1_234_567)] == ["80", "12 k", "1,2 M"]


def test_steps_are_named_and_unknown_ones_read_as_written():
    with translation.override("it"):
        assert words.step("first") == "1° sollecito"
        assert words.step("terza_chiamata") == "terza chiamata"
        assert words.step("", "letter") == "lettera"


def test_the_number_of_a_row_is_written_bare_and_a_count_with_its_thousands():
    with translation.override("it"):
        page = engines["django"].from_string('<input value="{{ row }}"> {{ row|localized }}').render({"row": 1998})
    assert page == '<input value="1998"> 1.998'


@pytest.mark.parametrize("verb", sorted({*SAYINGS, *VERBS}))
def test_every_verb_of_the_journal_has_a_name(verb: str) -> None:
    with translation.override("it"):
        named = verb_name(verb)
    assert named
    assert named != verb.replace(".", ": ").replace("_", " ")
