"""Measured values beside their bars, as a table for the terminal, Markdown and JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Measure:
    """One value. `bar` is the most allowed (the least where `at_least`); null = for information."""

    part: str
    what: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        if self.bar is None:
            return True
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        if self.met:
            return "met"
        ratio = self.bar / self.value if self.at_least else self.value / self.bar
        return f"missed, {ratio:.1f} ×" if ratio < 100 else "missed"


def keep(*, measures: list[Measure], machine: dict[str, str], path: Path) -> dict:
    """Merges into the JSON of earlier parts: what was measured now replaces the same part and name."""
    kept = json.loads(path.read_text()) if path.exists() else {"measures": []}
    new = {(m.part, m.what) for m in measures}
    old = [m for m in kept["measures"] if (m["part"], m["what"]) not in new]
    kept = {"machine": machine, "measures": old + [asdict(m) for m in measures]}
    kept["measures"].sort(key=lambda m: PARTS.index(m["part"]))
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    return kept


PARTS = ["import", "growth", "pages", "reaction", "letters", "replay"]


def as_text(measures: list[Measure]) -> str:
    rows = [("part", "what", "value", "bar", "")] + [
        (m.part, m.what, f"{m.value:,.2f} {m.unit}", _bar(m), m.verdict) for m in measures
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
            f"Python {machine['python']}, {machine['database']}."
        ),
        "",
        "| part | what | value | bar | | note |",
        "|---|---|---:|---:|---|---|",
    ]
    for row in kept["measures"]:
        m = Measure(**row)
        lines.append(f"| {m.part} | {m.what} | {m.value:,.2f} {m.unit} | {_bar(m)} | {m.verdict} | {m.note} |")
    return "\n".join(lines) + "\n"


def _bar(m: Measure) -> str:
    if m.bar is None:
        return ""
    return f"{'≥' if m.at_least else '≤'} {m.bar:,.2f} {m.unit}"
