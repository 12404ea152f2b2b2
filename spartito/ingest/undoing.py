"""Taking an import back: rows it changed get their earlier values, rows it made go, its movements go."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.ingest import staging
from spartito.ingest.freshening import freshen, touched_by
from spartito.ingest.models import Batch, Delivery, Proposal
from spartito.ingest.taking import ImportRefused
from spartito.journal.operations import write
from spartito.platform import locks

# Rows are put back in this order, and taken out in the order of the second list.
RESTORED = (
    "portfolio_customer",
    "portfolio_item",
    "portfolio_movement",
    "portfolio_hold",
    "portfolio_contact",
    "portfolio_salesperson",
)
# What cannot exist without its owner and is made anew by every run goes with it.
DERIVED = {"portfolio_customer": ("portfolio_position", "portfolio_ageing")}


def undo_import(*, batch: int, as_of: date, user: User | None = None) -> dict[str, int | str | list[str]]:
    """Takes a batch back, all of it or nothing; the counts say what was restored, removed and reopened.

    Refused when a later batch changed the same rows, when it was taken back already, and for none of that number.
    Items, customers and payments that later work already stands on (a planned action, an allocation) are
    kept, closed and owing nothing, and a warning says how many.
    """
    with transaction.atomic():
        locks.ledger_exclusive()
        found = Batch.objects.select_for_update().filter(pk=batch).first()
        if found is None:
            raise ImportRefused(_("there is no import %(batch)s") % {"batch": batch})
        if found.status != Batch.Status.DONE:
            raise ImportRefused(_("import %(batch)s was taken back already") % {"batch": batch})
        _refuse_if_touched_later(found)
        touched = touched_by(found.pk)
        result = _take_back(found, as_of=as_of)
        freshen(customers=touched, as_of=as_of)
        found.status = Batch.Status.UNDONE
        found.save(update_fields=["status"])
        write(
            business_date=as_of,
            verb="batch.undone",
            user=user,
            origin="import",
            data={"batch": batch, "file": found.file_name},
        )
    return result


def _refuse_if_touched_later(batch: Batch) -> None:
    later = staging.rows_of(
        """
        with touched as (
            select 'portfolio_item' as room_table, id as row_id from portfolio_item where batch_id = %(batch)s
            union all select 'portfolio_item', item_id from portfolio_movement where batch_id = %(batch)s
            union all select room_table, row_id from ingest_change where batch_id = %(batch)s
        )
        select min(later.id), count(distinct later.row_id) from (
            select later.batch_id as id, later.room_table || later.row_id::text as row_id from ingest_change as later
            inner join touched on touched.room_table = later.room_table and touched.row_id = later.row_id
            where later.batch_id > %(batch)s
            union all
            select movement.batch_id, 'portfolio_item' || movement.item_id::text from portfolio_movement as movement
            inner join touched on touched.room_table = 'portfolio_item' and touched.row_id = movement.item_id
            where movement.batch_id > %(batch)s
        ) as later
        inner join ingest_batch as batch on batch.id = later.id and batch.status = 'done'
        """,
        {"batch": batch.pk},
    )[0]
    if later[0] is not None:
        raise ImportRefused(
            _("import %(later)s changed %(count)s of the same rows later: take that one back first")
            % {"later": later[0], "count": later[1]}
        )


def _take_back(batch: Batch, *, as_of: date) -> dict[str, int | str | list[str]]:
    warnings: list[str] = []
    _give_back_money(batch)
    removed_movements = staging.execute("delete from portfolio_movement where batch_id = %s", [batch.pk])
    staging.execute("delete from portfolio_hold where batch_id = %s", [batch.pk])
    restored = sum(_restore(batch, table) for table in RESTORED)
    _restore_ledger_dates(batch)
    removed, kept = 0, 0
    for model, ids in _made(batch):
        gone, stay = _remove(model, ids)
        removed, kept = removed + gone, kept + len(stay)
        if options(model).db_table == "portfolio_item" and stay:
            _empty_items(stay, as_of=as_of)
    if kept:
        warnings.append(_("%(n)s rows stay, emptied, because later work stands on them") % {"n": kept})
    Delivery.objects.filter(room_table="portfolio_customer", row_id__in=_ids(batch, "portfolio_customer")).update(
        fingerprint=None
    )
    Proposal.objects.filter(batch=batch, decided_on__isnull=True).delete()
    return {
        "batch": batch.pk,
        "restored": restored,
        "removed": removed,
        "kept": kept,
        "movements": removed_movements,
        "warnings": warnings,
    }


def _give_back_money(batch: Batch) -> None:
    """Allocations of this batch's receipts go with them."""
    staging.execute(
        "delete from portfolio_allocation as allocation using portfolio_payment as payment"
        " where payment.id = allocation.payment_id and payment.batch_id = %s",
        [batch.pk],
    )


def options(model: type[Model]) -> Any:
    """What Django knows of a model."""
    return model._meta  # noqa: SLF001 - Django's own public name


def _restore(batch: Batch, table: str) -> int:
    """Gives the rows of a table back every value noted before the batch; movements it took away come back."""
    if table == "portfolio_movement":
        staging.execute(
            "insert into portfolio_movement select earlier.* from ingest_change as change"
            " cross join lateral jsonb_populate_record(null::portfolio_movement, change.before) as earlier"
            " where change.batch_id = %s and change.room_table = 'portfolio_movement'"
            " and not exists (select 1 from portfolio_movement as movement where movement.id = change.row_id)",
            [batch.pk],
        )
    model = next(m for m in apps.get_models() if options(m).db_table == table)
    names = [field.column for field in options(model).concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f'earlier."{name}"' for name in names)
    return staging.execute(
        f"update {table} as row set ({columns}) ="
        f" (select {values} from jsonb_populate_record(row.*, change.before) as earlier)"
        " from ingest_change as change where change.batch_id = %s and change.room_table = %s and change.before is not null"
        " and jsonb_typeof(change.before) = 'object' and row.id = change.row_id",
        [batch.pk, table],
    )


def _restore_ledger_dates(batch: Batch) -> None:
    """A creditor's ledger is as old again as its last import that stands."""
    if batch.kind != "items":
        return
    staging.execute(
        "update portfolio_creditor as creditor set ledger_date = (select max(other.business_date) from ingest_batch as other"
        " where other.kind = 'items' and other.status = 'done' and other.id <> %s and creditor.id = any(other.creditor_ids))"
        " where creditor.id = any(%s)",
        [batch.pk, batch.creditor_ids],
    )


def _made(batch: Batch) -> Iterator[tuple[type[Model], list[int]]]:
    """What the batch made, what depends on others first."""
    for label in ("portfolio.Item", "portfolio.Payment"):
        model = apps.get_model(label)
        yield model, list(model.objects.filter(batch_id=batch.pk).values_list("pk", flat=True))
    for label in ("portfolio.Contact", "portfolio.Customer", "portfolio.Salesperson"):
        model = apps.get_model(label)
        yield model, _ids(batch, options(model).db_table)


def _ids(batch: Batch, table: str) -> list[int]:
    made = staging.rows_of(
        "select row_id from ingest_change where batch_id = %s and room_table = %s"
        " and (before is null or jsonb_typeof(before) = 'null') order by row_id",
        [batch.pk, table],
    )
    return [pk for (pk,) in made]


def _remove(model: type[Model], ids: list[int]) -> tuple[int, list[int]]:
    """Deletes the rows that nothing points to; returns how many went and which stay."""
    if not ids:
        return 0, []
    table = options(model).db_table
    for derived in DERIVED.get(table, ()):
        staging.execute(f"delete from {derived} where customer_id = any(%s)", [ids])
    pointing = []
    for relation in options(model).related_objects:
        other, column = options(relation.related_model).db_table, relation.field.column
        is_itself = " and other.id <> row.id" if other == table else ""
        pointing.append(f'exists (select 1 from {other} as other where other."{column}" = row.id{is_itself})')
    free = f"select row.id from {table} as row where row.id = any(%s) and not ({' or '.join(pointing)})"
    gone = [pk for (pk,) in staging.rows_of(free, [ids])]
    staging.execute(f"delete from {table} where id = any(%s)", [gone])
    staging.execute("delete from ingest_delivery where room_table = %s and row_id = any(%s)", [table, gone])
    return len(gone), sorted(set(ids) - set(gone))


def _empty_items(ids: list[int], *, as_of: date) -> None:
    """Items that later work stands on keep their row; without movements they owe nothing."""
    staging.execute(
        "update portfolio_item set open_amount = 0, closed_on = %s, closing_cause = 'unknown', is_inferred = true,"
        " fingerprint = null where id = any(%s)",
        [as_of, ids],
    )
