"""Measured values beside their bars, as a table for the terminal, Markdown and JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Measure:
    """One value. `bar` is the most allowed (the least where `at_least`); null = for information.

    `value` is null where a part did not finish: `note` says why. `items` is the ledger's size, 0 without one.
    """

    part: str
    what: str
    value: float | None
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""
    items: int = 0

    @property
    def met(self) -> bool:
        if self.bar is None or self.value is None:
            return self.value is not None
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    @property
    def verdict(self) -> str:
        if self.bar is None or self.value is None:
            return "" if self.value is not None else "not finished"
        if self.met:
            return "met"
        ratio = self.bar / self.value if self.at_least else self.value / self.bar
        return f"missed, {ratio:.1f} ×" if ratio < 100 else "missed"


def keep(*, measures: list[Measure], machine: dict[str, str], path: Path, afresh: bool) -> dict:
    """Merges into the JSON of earlier calls: what was measured now replaces the same part at the same size; all of it when `afresh`."""
    kept = json.loads(path.read_text()) if path.exists() and not afresh else {"measures": []}
    new = {(m.part, m.items) for m in measures}
    old = [m for m in kept["measures"] if (m["part"], m["items"]) not in new]
    kept = {"machine": machine, "measures": old + [asdict(m) for m in measures]}
    kept["measures"].sort(key=lambda m: (PARTS.index(m["part"]), m["items"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    return kept


PARTS = ["import", "growth", "pages", "reaction", "publish", "rehearsal", "letters", "replay"]


def as_text(measures: list[Measure]) -> str:
    rows = [("part", "what", "value", "bar", "")] + [
        (m.part, _what(m), _value(m), _bar(m), _verdict_in_words(m)) for m in measures
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_markdown(kept: dict) -> str:
    """The page `docs/reference/bench.md`."""
    machine = kept["machine"]
    lines = [
        "# Benchmark",
        "",
        (
            "Written by `make bench`; the bars are those of the design. Seconds of one machine compare with nothing else: "
            "the ratios to raw `COPY`, measured in the same run, do."
        ),
        "",
        (
            f"Machine: {machine['cores']} cores ({machine['processor']}), {machine['memory']} of memory, {machine['system']}, "
            f"Python {machine['python']}, {machine['database']}; load average of the last 15 minutes {machine['load']}, "
            "so a value well above the number of cores tells of other work beside."
        ),
        "",
        "| part | what | value | bar | | note |",
        "|---|---|---:|---:|---|---|",
    ]
    for row in kept["measures"]:
        m = Measure(**row)
        lines.append(f"| {m.part} | {_what(m)} | {_value(m)} | {_bar(m)} | {m.verdict} | {m.note} |")
    return "\n".join(lines) + "\n"


def _what(m: Measure) -> str:
    return f"{m.what}, {m.items:,} items" if m.what == "not finished" and m.items else m.what


def _value(m: Measure) -> str:
    return "" if m.value is None else f"{m.value:,.2f} {m.unit}"


def _verdict_in_words(m: Measure) -> str:
    return f"{m.verdict}: {m.note}" if m.value is None else m.verdict


def _bar(m: Measure) -> str:
    if m.bar is None:
        return ""
    return f"{'≥' if m.at_least else '≤'} {m.bar:,.2f} {m.unit}"
