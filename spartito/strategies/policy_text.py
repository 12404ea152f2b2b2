"""A policy's YAML as plain data, read with suspicion: no aliases, no tags, no repeated keys, amounts exact."""

from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from spartito.platform.errors import Refused

LARGEST = 256 * 1024  # characters
DEEPEST = 12


class StrategyRefused(Refused):
    """The text is not a policy that can be carried out; it names the step and the field."""


class _Loader(yaml.SafeLoader):
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


def _mapping_without_repeats(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (dict, list)):
            raise StrategyRefused(f"line {key_node.start_mark.line + 1}: a key must be a word")
        if key in found:
            raise StrategyRefused(f"line {key_node.start_mark.line + 1}: {key!r} is written twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.yaml_implicit_resolvers = _without_dates_and_clock_numbers()
_Loader.add_constructor("tag:yaml.org,2002:float", _exact_number)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping_without_repeats)


def read_policy_text(source: str) -> dict[str, Any]:
    """The text as a dict of text, numbers, lists and dicts. Raises StrategyRefused."""
    if len(source) > LARGEST:
        raise StrategyRefused(f"the text is longer than {LARGEST // 1024} KB")
    if "\x00" in source:
        raise StrategyRefused("the text holds bytes that are not text")
    try:
        _refuse_aliases_and_depth(source)
        found = yaml.load(source, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as wrong:
        raise StrategyRefused(_where(wrong)) from wrong
    except (ValueError, RecursionError) as wrong:
        raise StrategyRefused(f"not YAML: {wrong}") from wrong
    if not isinstance(found, dict):
        raise StrategyRefused("not a strategy: it must begin with `strategy: CODE`")
    return found


def _refuse_aliases_and_depth(source: str) -> None:
    depth = 0
    event: Any
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise StrategyRefused(f"line {event.start_mark.line + 1}: anchors and aliases are not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise StrategyRefused(f"line {event.start_mark.line + 1}: nested deeper than {DEEPEST}")


def _where(wrong: yaml.YAMLError) -> str:
    mark = getattr(wrong, "problem_mark", None)
    problem = getattr(wrong, "problem", None) or str(wrong)
    return f"not YAML, line {mark.line + 1}: {problem}" if mark else f"not YAML: {problem}"
