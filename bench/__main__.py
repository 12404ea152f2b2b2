"""`python -m bench [--quick] [--only PART,…] [--items N,…] [--minutes M] [--json]`."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.parts import LIMITS, SIZELESS, limit_of, measure_here, run_part
from bench.results import Measure

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "reference"
QUICK, WHOLE = [100_000], [100_000, 1_000_000]


def main() -> int:
    arguments = _arguments()
    os.environ.setdefault("SPARTITO_HOME", str(ROOT / "var" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spartito.config.settings")
    os.environ.setdefault("SPARTITO_LOG_LEVEL", "warning")
    os.chdir(ROOT)
    from spartito.cli.frame import open_house

    stop = _stops_server()
    open_house()
    if arguments.part:
        measure_here(part=arguments.part, items=arguments.items[0], into=arguments.into)
        return 0
    if arguments.invoice_a_day:
        from bench import invoice_a_day

        invoice_a_day.tell(pays=not arguments.never_pays, makes_calls=not arguments.no_calls, full=arguments.full)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a part under way is ended too
    try:
        return _bench(arguments)
    finally:
        stop()


def _bench(arguments: argparse.Namespace) -> int:
    """Runs the parts, keeps and prints what they measured; 1 when a part did not finish."""
    from bench import machine, results

    measures = _measure(arguments)
    afresh = set(arguments.only) == set(LIMITS)
    path = arguments.out / "bench.json"
    kept = results.keep(measures=measures, machine=machine.describe(), path=path, afresh=afresh)
    (arguments.out / "bench.md").write_text(results.as_markdown(kept))
    print(json.dumps(kept) if arguments.json else results.as_text(measures))
    return int(any(measure.value is None for measure in measures))


def _stops_server() -> Callable[[], object]:
    """Stops the embedded server at the end unless it ran before."""
    from spartito.platform.database import embedded

    ours = not os.environ.get("DATABASE_URL") and embedded().pid() is None
    return lambda: embedded().stop() if ours else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", type=_parts, default=list(LIMITS), help="these parts alone, with commas")
    parser.add_argument("--items", type=_sizes, default=WHOLE, help="sizes of the ledger, with commas")
    parser.add_argument("--quick", dest="items", action="store_const", const=QUICK, help="100,000 items alone")
    parser.add_argument("--minutes", type=float, default=60, help="the most the whole may take")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of bench.md and bench.json")
    parser.add_argument("--invoice-a-day", action="store_true", help="tell that story instead")
    parser.add_argument("--never-pays", action="store_true", help="in that story")
    parser.add_argument("--no-calls", action="store_true", help="in that story: the collector's tasks stay open")
    parser.add_argument("--full", action="store_true", help="with the text of the messages")
    parser.add_argument("--part", choices=list(LIMITS), help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _parts(text: str) -> list[str]:
    parts = text.split(",")
    if unknown := set(parts) - set(LIMITS):
        raise argparse.ArgumentTypeError(
            f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(LIMITS)}"
        )
    return parts


def _sizes(text: str) -> list[int]:
    return [int(size.replace("_", "")) for size in text.split(",")]


def _measure(arguments: argparse.Namespace) -> list[Measure]:
    """Every wanted part, the small sizes first, so that what takes longest comes last."""
    from bench.imports import growth

    first, *larger = sorted(arguments.items)
    wanted = [part for part in LIMITS if part in arguments.only]
    jobs = [(part, 0 if part in SIZELESS else first) for part in wanted]
    jobs += [(part, size) for size in larger for part in wanted if part not in SIZELESS]
    if "import" not in wanted and set(wanted) - set(SIZELESS):
        _fill(arguments.items)
    until = time.monotonic() + arguments.minutes * 60
    measures: list[Measure] = []
    for part, items in jobs:
        measures += _one(part, items, until)
    return measures + growth(measures, sizes=(first, *larger))


def _one(part: str, items: int, until: float) -> list[Measure]:
    """One part; a line on stderr says how it went."""
    started = time.monotonic()
    what = f"{part}, {items:,} items" if items else part
    print(f"{time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)
    found = run_part(part=part, items=items, seconds=min(limit_of(part, items), until - started))
    failures = "".join(f": not finished, {m.note}" for m in found if m.value is None)
    print(
        f"{time.strftime('%H:%M:%S')} {what}: {time.monotonic() - started:.0f} s{failures}", file=sys.stderr, flush=True
    )
    return found


def _fill(sizes: list[int]) -> None:
    """Without the import part, the tenants of an earlier call serve; those that are missing are made first."""
    from bench.imports import slug_of
    from spartito.tenants.models import Tenant

    for size in sizes:
        if not Tenant.objects.filter(slug=slug_of(size)).exists():
            _one("import", size, time.monotonic() + limit_of("import", size))


if __name__ == "__main__":
    sys.exit(main())
