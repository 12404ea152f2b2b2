"""`python -m bench [--only PART …] [--items N …] [--json]`."""

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "reference"


def main() -> int:
    arguments = _arguments()
    os.environ.setdefault("SPARTITO_HOME", str(ROOT / "var" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spartito.config.settings")
    os.environ.setdefault("SPARTITO_LOG_LEVEL", "warning")
    from spartito.cli.frame import open_house

    open_house()
    if arguments.invoice_a_day:
        from bench import invoice_a_day

        invoice_a_day.tell(pays=not arguments.never_pays, full=arguments.full)
        return 0
    from bench import machine, results

    measures = _measure(arguments)
    kept = results.keep(measures=measures, machine=machine.describe(), path=arguments.out / "bench.json")
    (arguments.out / "bench.md").write_text(results.as_markdown(kept))
    print(json.dumps(kept) if arguments.json else results.as_text(measures))
    return 0


def _arguments() -> argparse.Namespace:
    from bench.results import PARTS

    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[p for p in PARTS if p != "growth"], help="these parts alone")
    parser.add_argument("--items", nargs="+", type=int, default=[100_000, 1_000_000], help="sizes of the ledger")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of bench.md and bench.json")
    parser.add_argument("--invoice-a-day", action="store_true", help="tell that story instead")
    parser.add_argument("--never-pays", action="store_true", help="in that story")
    parser.add_argument("--full", action="store_true", help="with the text of the messages")
    return parser.parse_args()


def _measure(arguments: argparse.Namespace) -> list:
    """Runs the parts in order; a part that fails is told and the others go on."""
    from django_tenants.utils import tenant_context

    from bench import imports, letters, pages, reaction, replay
    from bench.ledger import make_ledger
    from spartito.platform.home import folder
    from spartito.tenants.models import Tenant

    wanted = arguments.only or ["import", "pages", "reaction", "letters", "replay"]
    ledgers = [make_ledger(items=items, folder=folder("bench-files")) for items in arguments.items]
    measures = []
    if "import" in wanted:
        each = [imports.measure(ledger=ledger) for ledger in ledgers]
        measures += [measure for one in each for measure in one]
        if len(each) == 2 and arguments.items[1] == 10 * arguments.items[0]:
            measures += imports.growth(each[0], each[1])
    for part, module in (("pages", pages), ("reaction", reaction)):
        if part in wanted:
            for ledger in ledgers:
                with tenant_context(Tenant.objects.get(slug=imports.slug_of(ledger))):
                    measures += module.measure(ledger=ledger)
    if "letters" in wanted:
        measures += letters.measure()
    if "replay" in wanted:
        measures += replay.measure()
    return measures


if __name__ == "__main__":
    sys.exit(main())
