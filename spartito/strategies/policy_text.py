"""A policy's YAML as plain data, read with suspicion: no aliases, no tags, no repeated keys, amounts exact."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from spartito.platform.errors import Refused

LARGEST = 256 * 1024  # characters
DEEPEST = 24  # three groups of conditions within each other, each denied, in a way of a payment type


# The reader in C where there is one: ten times as quick on a text that is too long by far.
Reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLACE = re.compile(r"(?:[\w*-]+(?: [\w*-]+)?: )*")


class StrategyRefused(Refused):
    """The text is not a policy that can be carried out; it names the step and the field.

    `path`: where in the text, as in ("step call", "outcomes", "NR", "go_to"); empty where it is no single place.
    """

    def __init__(self, text: str = "", /, **values: Any) -> None:
        super().__init__(text, **values)
        place = PLACE.match(text % values if values else text)
        self.path = tuple(place.group().split(": ")[:-1]) if place else ()


class _Loader(Reader):  # type: ignore[misc, valid-type]
    """SafeLoader, but a number with decimals is a Decimal and dates stay text."""


def _without_dates_and_clock_numbers() -> dict[str, list[tuple[str, Any]]]:
    unwanted = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge"}
    return {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in unwanted]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _exact_number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | str:
    try:
        return Decimal(node.value.replace("_", ""))
    except InvalidOperation:
        return str(node.value)


def _text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    """Text that can be kept: an escape may write what no text file holds."""
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in node.value):
        raise StrategyRefused(
            "line %(line)s: %(given)a holds what is not text", line=node.start_mark.line + 1, given=node.value
        )
    return str(node.value)


def _mapping_without_repeats(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (dict, list)):
            raise StrategyRefused("line %(line)s: a key must be a word", line=key_node.start_mark.line + 1)
        if key in found:
            raise StrategyRefused("line %(line)s: %(key)r is written twice", line=key_node.start_mark.line + 1, key=key)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.yaml_implicit_resolvers = _without_dates_and_clock_numbers()
_Loader.add_constructor("tag:yaml.org,2002:float", _exact_number)
_Loader.add_constructor("tag:yaml.org,2002:str", _text)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping_without_repeats)


def read_policy_text(source: str, *, first: str = "strategy") -> dict[str, Any]:
    """The text as a dict of text, numbers, lists and dicts; `first` names what it is of. Raises StrategyRefused."""
    if len(source) > LARGEST:
        raise StrategyRefused("the text is longer than %(size)s KB", size=LARGEST // 1024)
    if "\x00" in source:
        raise StrategyRefused("the text holds bytes that are not text")
    try:
        _refuse_aliases_and_depth(source)
        found = yaml.load(source, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as wrong:
        raise _refusal(wrong) from wrong
    except (ValueError, RecursionError) as wrong:
        raise StrategyRefused("not YAML: %(wrong)s", wrong=wrong) from wrong
    if not isinstance(found, dict):
        raise StrategyRefused("not a %(first)s: it must begin with `%(first)s: CODE`", first=first)
    return found


def _refuse_aliases_and_depth(source: str) -> None:
    depth = 0
    event: Any
    for event in yaml.parse(source, Loader=Reader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise StrategyRefused("line %(line)s: anchors and aliases are not allowed", line=event.start_mark.line + 1)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise StrategyRefused(
                "line %(line)s: nested deeper than %(deepest)s", line=event.start_mark.line + 1, deepest=DEEPEST
            )


def _refusal(wrong: yaml.YAMLError) -> StrategyRefused:
    mark = getattr(wrong, "problem_mark", None)
    problem = getattr(wrong, "problem", None) or str(wrong)
    if mark is None:
        return StrategyRefused("not YAML: %(wrong)s", wrong=problem)
    return StrategyRefused("not YAML, line %(line)s: %(wrong)s", line=mark.line + 1, wrong=problem)
