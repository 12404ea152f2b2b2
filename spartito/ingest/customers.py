"""Taking in customers, from their own file or with their items, without overwriting what a person corrected."""

import polars as pl

from spartito.ingest import staging
from spartito.ingest.reading import KNOWN
from spartito.ingest.taking import Taking


def known_deliveries(table: str) -> pl.DataFrame:
    """Rows of a room's table with the fingerprint of the row they came from."""
    known = staging.copy_out(
        "select fingerprint, row_id from ingest_delivery where room_table = %s and fingerprint is not null",
        {"fingerprint": pl.Int64, "id": pl.Int64},
        [table],
    )
    return known.with_columns(is_open=pl.lit(True)) if not known.is_empty() else pl.DataFrame(schema=KNOWN)


def merge_customers(taking: Taking, *, from_items: bool = False) -> None:
    """Creates customers that are new (payers and parents too) and brings what the file says of each."""
    staging.execute("analyze ingest_staged_customer")
    taking.run("add_parties")
    made = sum(step.rows for step in taking.run("add_customers", "add_related_customers"))
    taking.run("resolve_customers")
    staging.execute("analyze ingest_resolved_customer")
    if from_items:
        _leave_unsaid_customers()
    taking.run("keep_corrections", check_all=False)
    taking.run("remember_customers", "merge_customers", "tie_parties", "propose_differences", "note_deliveries")
    told_again = taking.forget_unchanged("portfolio_customer")
    if not from_items:
        taking.created, taking.told_again = made, told_again
        taking.updated = _count_known() - told_again


def _leave_unsaid_customers() -> None:
    """With items: customers of whom the rows say nothing new need no work."""
    staging.execute("delete from ingest_resolved_customer where not is_new and (said = '{}' or said_before @> said)")


def _count_known() -> int:
    return staging.rows_of("select count(*) from ingest_resolved_customer where not is_new")[0][0]


def merge_customer_file(taking: Taking) -> None:
    taking.run("add_creditors", "add_units", "add_salespeople")
    merge_customers(taking)
