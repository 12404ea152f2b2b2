"""The set-based work of an import, one statement a file.

An import's temporary tables begin with `ingest_staged_`, `ingest_resolved_`, `ingest_unseen_` and
`ingest_ledger_`; they are gone with its transaction.
"""

from pathlib import Path

from spartito.platform.sql import Step

HERE = Path(__file__).parent


def steps(*names: str) -> list[Step]:
    """Steps of this folder by name."""
    return [Step(f"ingest.{name}", HERE / f"{name}.sql") for name in names]
