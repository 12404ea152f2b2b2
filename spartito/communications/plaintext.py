"""Blocks as the plain text alternative of an e-mail."""

from typing import Any

Block = dict[str, Any]


def plain_text(blocks: list[Block]) -> str:
    """Blocks as text of at most some 100 columns; tables line up."""
    parts = []
    for block in blocks:
        if block["kind"] in ("p", "h"):
            parts.append(_text(block["runs"]))
        elif block["kind"] == "list":
            parts.append("\n".join(f"- {_text(item)}" for item in block["items"]))
        elif block["kind"] == "table":
            parts.append(_text_table(block))
        elif block["kind"] == "payment":
            parts.append(
                "\n".join([f"{block['title']}:", *(f"  {line['label']}: {line['value']}" for line in block["lines"])])
            )
    return "\n\n".join(part for part in parts if part) + "\n"


def _text(runs: list[dict[str, Any]]) -> str:
    return "".join("\n" if run.get("br") else run["text"] for run in runs)


def _text_table(block: Block) -> str:
    lines = [block["head"], *block["rows"]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(block["head"]))]
    shown = [
        "  ".join(
            cell.rjust(width) if side == "right" else cell.ljust(width)
            for cell, width, side in zip(line, widths, block["align"], strict=True)
        ).rstrip()
        for line in lines
    ]
    shown.insert(1, "-" * max(len(line) for line in shown))
    totals = [f"{total['label']}: {total['amount']}" for total in block["totals"]]
    return "\n".join(
        [*([block["title"]] if block["title"] else []), *shown, *totals, *([block["note"]] if block["note"] else [])]
    )
