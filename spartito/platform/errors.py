"""The root of all exceptions that tell a person why something was not done."""

from typing import Any


def in_readers_words(text: str, values: dict[str, Any]) -> str:
    """An English msgid in the language in force, with its `values`; English before Django is up."""
    from django.apps import apps
    from django.utils.translation import gettext

    said = gettext(text) if text and apps.ready else text
    return said % values if values else said


class Refused(Exception):
    """The request is understood and turned down; its text is one clear line for a person.

    Rooms derive their own exceptions from this one and keep them beside the operation that raises them.
    The command line prints the text on stderr and exits 1; a page shows it as a message. Nothing was changed.

    The text is in the language in force: worded with `_()`, or, where Django may not be imported (rules, the
    command line's frame), given as the English msgid with its values: `Refused("there is no task %(task)s", task=3)`.
    """

    def __init__(self, text: str = "", /, **values: Any) -> None:
        super().__init__(in_readers_words(text, values))
