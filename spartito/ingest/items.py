"""Taking in the open ledger: snapshot or delta."""

import sys
from array import array
from datetime import date

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spartito.ingest import staging
from spartito.ingest.customers import merge_customers
from spartito.ingest.reading import KNOWN
from spartito.ingest.taking import ImportRefused, Taking, reject_rows
from spartito.platform import money
from spartito.portfolio.models import Creditor
from spartito.portfolio.operations.holds import REVIEW_DAYS

LARGEST_CLOSING = 30  # percent of a creditor's open items that one snapshot may close
WORTH_ANALYSING = 5_000
WORTH_INDEXING = 50_000


def known_items() -> pl.DataFrame:
    """Items with the fingerprint of the row they came from, and all that are open.

    They come as one value a kind: a million rows one by one would take longer than reading the file.
    """
    packed = staging.rows_of(
        "select closed_on is null, string_agg(int8send(coalesce(fingerprint, 0)) || int8send(id), ''::bytea)"
        " from portfolio_item where closed_on is null or fingerprint is not null group by 1"
    )
    frames = [_unpacked(bytes(pairs), is_open=is_open) for is_open, pairs in packed]
    return pl.concat(frames) if frames else pl.DataFrame(schema=KNOWN)


def _unpacked(pairs: bytes, *, is_open: bool) -> pl.DataFrame:
    numbers = array("q", pairs)
    if sys.byteorder == "little":
        numbers.byteswap()
    both = pl.Series(numbers, dtype=pl.Int64)
    return pl.DataFrame({"fingerprint": both.gather_every(2), "id": both.gather_every(2, 1)}).with_columns(
        is_open=pl.lit(is_open)
    )


def merge_items(taking: Taking) -> None:
    """Brings the staged rows into the ledger and, for a snapshot, closes what it no longer has."""
    if taking.done.rows - len(taking.done.matched()) > WORTH_ANALYSING:
        staging.execute("analyze ingest_staged_item")
    staging.check_keys_by_row(False)
    taking.run("add_creditors", "add_units", "add_salespeople")
    merge_customers(taking, from_items=True)
    named = _creditors_named(taking)
    taking.batch.creditor_ids = sorted(named)
    first = [pk for pk, ledger in named.items() if ledger is None]
    is_first = len(first) == len(named) and not _has_items(first)
    if is_first:
        _insert_first_ledger(taking)
    else:
        _merge_with_known(taking, named)
    taking.run("follow_replacements", "inherit_holds", "end_file_holds")
    taking.run("put_file_holds", reviewed=list(REVIEW_DAYS), after=list(REVIEW_DAYS.values()))
    if not is_first:
        taking.run("take_facts_from_items")
    taking.run("tell_journal", first_ledgers=first, all_first=is_first)
    taking.run("note_ledger_dates", creditors=sorted(named))
    staging.check_keys_by_row(True)
    if taking.created > WORTH_ANALYSING:
        items = "" if is_first else "portfolio_item, "  # those of a first ledger were counted when they went in
        staging.execute(f"analyze {items}portfolio_movement, portfolio_customer")


def _has_items(creditors: list[int]) -> bool:
    query = "select exists (select 1 from portfolio_item where creditor_id = any(%s))"
    return bool(staging.rows_of(query, [creditors])[0][0])


def _insert_first_ledger(taking: Taking) -> None:
    """The first ledger of its creditors: there is nothing to compare with, so rows go straight in."""
    with staging.indexes_made_after("portfolio_item", "portfolio_movement", wanted=_is_worth_it(taking)):
        taking.run("insert_first_items")
    query = "select count(*) from portfolio_item where batch_id = %s"
    taking.created = staging.rows_of(query, [taking.batch.pk])[0][0]
    taking.run("resolve_items", all_rows=False)
    staging.execute("analyze portfolio_item")


def _is_worth_it(taking: Taking) -> bool:
    """A large ledger into empty tables: building their indexes once is quicker than a million times a little."""
    if taking.done.rows < WORTH_INDEXING or not staging.may_skip_checks():
        return False
    return not staging.rows_of(
        "select exists (select 1 from portfolio_item) or exists (select 1 from portfolio_movement)"
    )[0][0]


def _merge_with_known(taking: Taking, named: dict[int, date | None]) -> None:
    taking.run("resolve_items", all_rows=True)
    if _reject_second_rows(taking):
        staging.execute("drop table ingest_resolved_item")
        taking.run("resolve_items", all_rows=True)
    staging.execute("analyze ingest_resolved_item")
    _refuse_old_ledger(taking, named)
    _find_unseen(taking, named)
    staging.execute("analyze ingest_unseen_item")
    staging.make_table("ingest_ledger_change", "item_id bigint, change numeric(16, 2), waits boolean")
    taking.run("remember_items")
    query = "select count(*) filter (where is_new), count(*) filter (where not is_new) from ingest_resolved_item"
    taking.created, taking.updated = staging.rows_of(query)[0]
    taking.run("settle_items", "update_items", "insert_items")
    taking.closed = taking.run("close_absent_items")[0].rows + _closed_by_rows(taking)
    taking.run("remember_waiting_money", "explain_by_waiting_money")
    taking.told_again = taking.forget_unchanged("portfolio_item")
    taking.updated -= taking.told_again
    taking.reopened = _count_moved(taking, "reopened")
    taking.updated -= taking.reopened
    _warn_about_waiting(taking)


def _creditors_named(taking: Taking) -> dict[int, date | None]:
    """The creditors this file speaks of, with the date of their last ledger."""
    codes = set(taking.done.codes["creditor_code"].drop_nulls()) if taking.done.codes is not None else set()
    for keys in taking.done.rejected_keys:
        codes |= set(keys["creditor_code"].drop_nulls())
    matched = taking.done.matched()
    if taking.done.creditor:
        codes.add(taking.done.creditor)
    named = dict(Creditor.objects.filter(code__in=codes).values_list("pk", "ledger_date"))
    if not matched.is_empty() and "creditor_code" in taking.done.opened.spec.mapped():
        found = staging.rows_of(
            "select distinct creditor.id, creditor.ledger_date from portfolio_creditor as creditor where exists"
            " (select 1 from portfolio_item as item where item.creditor_id = creditor.id and item.id = any(%s))",
            [matched["id"].to_list()],
        )
        named |= dict(found)
    return named


def _reject_second_rows(taking: Taking) -> bool:
    """Rows whose item another, unchanged row of the file stands for as well: both are rejected, the item stays."""
    matched = taking.done.matched()
    if matched.is_empty():
        return False
    staged = staging.copy_out(
        "select row, item_id from ingest_resolved_item where not is_new", {"row": pl.Int32, "item_id": pl.Int64}
    )
    both = staged.join(matched.rename({"row": "other"}), left_on="item_id", right_on="id")
    rows = [*both["row"].to_list(), *both["other"].to_list()]
    reject_rows(taking.done, rows, reason=_("is there twice: another row has the same key"))
    return bool(rows)


def _refuse_old_ledger(taking: Taking, named: dict[int, date | None]) -> None:
    if taking.force or taking.batch.mode != "snapshot":
        return
    for creditor, ledger in named.items():
        if ledger is not None and taking.as_of < ledger:
            code = Creditor.objects.get(pk=creditor).code
            raise ImportRefused(
                _(
                    "%(creditor)s has a ledger of %(last)s already: this one of %(day)s is older (--force takes it all the same)"
                )
                % {"creditor": code, "last": ledger, "day": taking.as_of}
            )


def _find_unseen(taking: Taking, named: dict[int, date | None]) -> None:
    """Fills `ingest_unseen_item` with the open items that a snapshot no longer has; checks how many."""
    staging.make_table("ingest_unseen_item", "item_id bigint primary key")
    if taking.batch.mode != "snapshot":
        return
    candidates = taking.done.unseen().filter(pl.col("is_open")).select(item_id="id")
    staging.make_table("ingest_unseen_candidate", "item_id bigint")
    staging.copy_in("ingest_unseen_candidate", candidates)
    staging.execute("analyze ingest_unseen_candidate")
    _keep_rejected_items(taking)
    staging.execute(
        "insert into ingest_unseen_item select candidate.item_id from ingest_unseen_candidate as candidate"
        " inner join portfolio_item as item on item.id = candidate.item_id"
        " where item.creditor_id = any(%s) and not exists"
        " (select 1 from ingest_resolved_item as told where told.item_id = candidate.item_id)",
        [sorted(named)],
    )
    _close_nothing_of_unclear_creditors(taking)
    if not taking.force:
        _refuse_large_closing(taking)


def _keep_rejected_items(taking: Taking) -> None:
    """A rejected row whose key can be read leaves its item as it was."""
    keys = [k.select("creditor_code", "customer_code", "external_id", "item_key") for k in taking.done.rejected_keys]
    if not keys:
        return
    staging.make_table(
        "ingest_staged_reject", "creditor_code text, customer_code text, external_id text, item_key text"
    )
    staging.copy_in("ingest_staged_reject", pl.concat(keys).filter(pl.col("item_key").is_not_null()))
    staging.execute(
        "delete from ingest_unseen_candidate as candidate using portfolio_item as item, portfolio_creditor as creditor,"
        " portfolio_customer as customer, ingest_staged_reject as told"
        " where item.id = candidate.item_id and creditor.id = item.creditor_id and customer.id = item.customer_id"
        " and creditor.code = told.creditor_code and told.item_key = item.item_key"
        " and (customer.code = told.customer_code or told.external_id is not null)"
    )


def _close_nothing_of_unclear_creditors(taking: Taking) -> None:
    """Where a rejected row's key cannot be read, nothing of its creditor is closed, and the result says so."""
    unclear: set[str | None] = set()
    for keys in taking.done.rejected_keys:
        unclear |= set(keys.filter(pl.col("item_key").is_null())["creditor_code"].to_list())
    if not unclear:
        return
    every = None in unclear
    taking.not_closed = staging.execute(
        "delete from ingest_unseen_item as unseen using portfolio_item as item, portfolio_creditor as creditor"
        " where item.id = unseen.item_id and creditor.id = item.creditor_id and (%s or creditor.code = any(%s))",
        [every, [code for code in unclear if code]],
    )
    if taking.not_closed:
        taking.warn(
            ngettext("%(n)s item that the file no longer has was not closed: a rejected row might be it",
                     "%(n)s items that the file no longer has were not closed: a rejected row might be one of them",
                     taking.not_closed) % {"n": taking.not_closed}
        )  # fmt: skip


def _refuse_large_closing(taking: Taking) -> None:
    closing = staging.rows_of(
        "select creditor.id, creditor.code, count(*), sum(item.open_amount) from ingest_unseen_item as unseen"
        " inner join portfolio_item as item on item.id = unseen.item_id"
        " inner join portfolio_creditor as creditor on creditor.id = item.creditor_id"
        " where item.closed_on is null group by creditor.id, creditor.code order by creditor.code"
    )
    for pk, code, count, amount in closing:
        query = "select count(*) from portfolio_item where creditor_id = %s and closed_on is null"
        open_items = staging.rows_of(query, [pk])[0][0]
        if count * 100 > open_items * LARGEST_CLOSING:
            raise ImportRefused(
                _("the snapshot would close %(closing)s of %(open)s open items of %(creditor)s (%(amount)s), more than %(limit)s %%: is it complete? (--force takes it all the same)")
                % {"closing": count, "open": open_items, "creditor": code, "amount": money.written(amount), "limit": LARGEST_CLOSING}
            )  # fmt: skip


def _warn_about_waiting(taking: Taking) -> None:
    waiting = staging.rows_of("select count(*) from ingest_ledger_change where waits")[0][0]
    if waiting:
        taking.warn(
            ngettext("%(n)s item is still open in the ledger though a payment of the last days came in: the payment stands",
                     "%(n)s items are still open in the ledger though payments of the last days came in: the payments stand",
                     waiting) % {"n": waiting}
        )  # fmt: skip


def _closed_by_rows(taking: Taking) -> int:
    """Items that a row of the file itself brought to zero."""
    return staging.rows_of(
        "select count(*) from ingest_ledger_change as changed inner join portfolio_item as item on item.id = changed.item_id"
        " where changed.change <> 0 and item.closed_on = %s",
        [taking.as_of],
    )[0][0]


def _count_moved(taking: Taking, cause: str) -> int:
    return staging.rows_of(
        "select count(*) from portfolio_movement where batch_id = %s and cause = %s", [taking.batch.pk, cause]
    )[0][0]
