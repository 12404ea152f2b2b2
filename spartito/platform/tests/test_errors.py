"""A refusal is one line in the language of the person it is told to, wherever in the house it was raised."""

import pytest
from django.utils import translation

from spartito.platform.errors import Refused
from spartito.strategies.policy_text import StrategyRefused, read_policy_text


@pytest.mark.parametrize(
    ("language", "said"),
    [("it", "nessun utente si chiama 50%"), ("en", "no user is called 50%")],
)
def test_a_refusal_speaks_the_language_in_force(language, said):
    with translation.override(language):
        refused = Refused("no user is called %(username)s", username="50%")
    assert str(refused) == said


def test_a_text_without_values_is_told_as_it_is():
    assert str(Refused("100 % of it")) == "100 % of it"


def test_rules_without_django_speak_it_too():
    with translation.override("it"), pytest.raises(StrategyRefused, match="riga 2: 'days' è scritto due volte"):
        read_policy_text("days: 1\ndays: 2\n")
