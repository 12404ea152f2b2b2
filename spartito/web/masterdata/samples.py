"""A template shown without a message to fill it: fields stand as their names."""

from typing import Any

from spartito.communications.rules import filled


def sample_blocks(body: str) -> list[dict[str, Any]]:
    """The blocks of a text with every field as `‹its name›`."""
    found: list[dict[str, Any]] = []
    for block in filled(body, lambda name: f"‹{name}›"):
        if block.kind == "field":
            found.append({"kind": "place", "name": block.name})
        elif block.kind == "list":
            found.append({"kind": "list", "items": [list(item) for item in block.items]})
        else:
            found.append({"kind": block.kind, "runs": list(block.runs)})
    return found
