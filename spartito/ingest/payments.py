"""Taking in money received: laid on the documents it names, or explaining what ledgers had already taken off."""

import polars as pl
from django.utils.translation import gettext as _

from spartito.ingest import staging
from spartito.ingest.reading import KNOWN
from spartito.ingest.taking import Taking, reject_rows


def known_payments() -> pl.DataFrame:
    """Receipts with the fingerprint of their row, numbered among those of the same fingerprint."""
    known = staging.copy_out(
        "select fingerprint, id, true from portfolio_payment where fingerprint is not null order by id",
        {"fingerprint": pl.Int64, "id": pl.Int64, "is_open": pl.String},
    )
    if known.is_empty():
        return pl.DataFrame(schema=KNOWN | {"nth": pl.Int64})
    return known.with_columns(
        is_open=pl.lit(True), nth=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("fingerprint")
    )


def merge_payments(taking: Taking) -> None:
    """Inserts the receipts and allocates them; what finds no item stays unallocated on the customer."""
    taking.run("add_creditors")
    staging.execute(
        "insert into ingest_staged_customer (creditor_code, customer_code)"
        " select distinct creditor_code, customer_code from ingest_staged_payment"
    )
    taking.run("add_customers")
    taking.run("resolve_payments")
    known = [row for (row,) in staging.rows_of("select row from ingest_resolved_payment where is_known")]
    if known:
        reject_rows(taking.done, known, reason=_("came in before with other data: undo that import first"))
        staging.execute("delete from ingest_resolved_payment where is_known")
    staging.execute("analyze ingest_resolved_payment")
    staging.check_keys_by_row(False)
    taking.created = taking.run("insert_payments")[0].rows
    taking.run("find_paid_items")
    staging.execute("analyze ingest_resolved_target")
    taking.run("remember_paid_items")
    for phase in (1, 2, 3):
        for alone in (True, False):
            taking.run("allocate_payments", phase=phase, alone=alone)
    taking.closed = _closing(taking)
    taking.run("settle_payments", "explain_closings", "tell_payments")
    staging.check_keys_by_row(True)
    _warn_about_rest(taking)


def _closing(taking: Taking) -> int:
    """How many items the receipts bring to zero by this day."""
    return staging.rows_of(
        "select count(*) from (select item.id from portfolio_item as item"
        " inner join portfolio_movement as movement on movement.item_id = item.id"
        " where movement.batch_id = %s and movement.is_applied and item.closed_on is null"
        " group by item.id, item.open_amount having item.open_amount + sum(movement.amount) = 0) as closing",
        [taking.batch.pk],
    )[0][0]


def _warn_about_rest(taking: Taking) -> None:
    rows = staging.rows_of(
        "select count(*) from portfolio_payment where batch_id = %s and unallocated > 0", [taking.batch.pk]
    )
    if rows[0][0]:
        taking.warn(
            _("%(n)s payments, or parts of them, found no document: they wait on the customer as unallocated")
            % {"n": rows[0][0]}
        )
