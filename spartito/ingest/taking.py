"""What every kind of import shares: the counts, duplicates inside the file, undo notes, the lines of a result."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spartito.access.models import User
from spartito.ingest import mapping, staging
from spartito.ingest.merge import steps
from spartito.ingest.models import Batch
from spartito.ingest.opening import tenant_in_force, unknown_users
from spartito.ingest.reading import TABLES, Pass, raw_rows
from spartito.ingest.verdict import judge
from spartito.platform.errors import Refused
from spartito.platform.progress import Progress
from spartito.platform.sql import StepResult, run_steps
from spartito.portfolio.models import Creditor
from spartito.reference.queries import without_rate


class ImportRefused(Refused):
    """The file cannot go in as it is: too many unreadable rows, a safeguard of the ledger, a date that is not possible."""


@dataclass
class Taking:
    """One import under way."""

    batch: Batch
    done: Pass
    as_of: date
    user: User | None
    force: bool = False
    on_progress: Progress | None = None
    warnings: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    closed: int = 0
    reopened: int = 0
    not_closed: int = 0
    told_again: int = 0

    def run(self, *names: str, **params: object) -> list[StepResult]:
        """Runs merge steps by name."""
        tenant = self.batch_params() | params
        return run_steps(steps(*names), as_of=self.as_of, params=tenant, on_progress=self.on_progress)

    def batch_params(self) -> dict[str, Any]:
        return {
            "batch": self.batch.pk,
            "user_id": self.user.pk if self.user else None,
            "actor": str(self.user) if self.user else self.batch.file_name[:200],
            "language": tenant_in_force().language,
            "currency": tenant_in_force().currency,
        }

    def forget_unchanged(self, table: str) -> int:
        """How many rows this file told as they were; they are not changed by it, and no undo of theirs is kept."""
        return self.run("forget_unchanged_rows", room_table=table)[0].rows

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def refuse_unreadable(done: Pass) -> None:
    """More than half of the rows unreadable: the file is not what it is taken for. Raises ImportRefused."""
    if done.rows == 0:
        raise ImportRefused(_("the file has no rows"))
    if done.unreadable * 2 > done.rows:
        first = next(iter(done.rejects))
        raise ImportRefused(
            _(
                "%(bad)s of %(rows)s rows cannot be read, for instance row %(row)s: %(field)s %(error)s. Is the mapping right?"
            )
            % {
                "bad": done.unreadable,
                "rows": done.rows,
                "row": first["row"],
                "field": first["field"],
                "error": first["error"],
            }
        )


def reject_duplicates(done: Pass) -> None:
    """Rows of the file with the same key: none of them goes in."""
    twice: list[int] = []
    if done.keys:
        twice = pl.concat(done.keys).filter(pl.col("key").is_duplicated())["row"].to_list()
    same = done.matched()
    if done.kind != "payments":
        twice += same.filter(pl.col("id").is_duplicated())["row"].to_list()
    reject_rows(done, twice, reason=_("is there twice: another row has the same key"))


def reject_rows(done: Pass, numbers: list[int], *, reason: str) -> None:
    """Takes rows back out of the staging table and notes them as rejected, with their keys."""
    if not numbers:
        return
    staging.execute(f"delete from {TABLES[done.kind]} where row = any(%s)", [numbers])
    if done.kind == "items":
        staging.execute(
            "delete from ingest_staged_customer as named where not exists (select 1 from ingest_staged_item as told"
            " where told.creditor_code = named.creditor_code and told.customer_code = named.customer_code)"
        )
    field_name = {
        "items": "document_number",
        "payments": "external_id",
        "salespeople": "salesperson_code",
        "contacts": "name",
    }
    name = field_name.get(done.kind, "customer_code")
    wanted = set(numbers)
    for frame, _read in done.opened.source.frames():
        here = frame.filter(pl.col("row").is_in(list(wanted)))
        if here.is_empty():
            continue
        rows = mapping.apply(here, done.opened.spec, done.opened.source.heads)
        raws = raw_rows(here, done.opened.source.heads, here["row"].to_list())
        told = {line["row"]: line for line in rows.to_dicts()}
        done.reject(
            [
                {
                    "row": n,
                    "field": name,
                    "value": str(told.get(n, {}).get(name, ""))[:300],
                    "error": reason,
                    "raw": raw,
                }
                for n, raw in raws.items()
            ]
        )
        _keep_keys(done, rows)


def _keep_keys(done: Pass, rows: pl.DataFrame) -> None:
    from spartito.ingest.opening import reference

    if done.kind == "items":
        good = judge(rows, kind="items", spec=done.opened.spec, reference=reference(), creditor=done.creditor).good
        done.rejected_keys.append(good.select("row", "creditor_code", "customer_code", "external_id", "item_key"))


def warn_about_rows(taking: Taking) -> None:
    """What a person should know of the rows that went in."""
    counts: Counter[str] = taking.done.warnings
    turned, not_owed = counts["credit_turned"], counts["not_owed"]
    if turned:
        taking.warn(ngettext("%(n)s credit had a positive amount and was read as negative",
                             "%(n)s credits had a positive amount and were read as negative", turned) % {"n": turned})  # fmt: skip
    if not_owed:
        taking.warn(ngettext("%(n)s item is open only for withholding, split VAT or retention: it is not overdue",
                             "%(n)s items are open only for withholding, split VAT or retention: they are not overdue", not_owed) % {"n": not_owed})  # fmt: skip
    if doubts := taking.done.opened.guess.doubts:
        taking.warn(
            _("the order of day and month is not certain in %(names)s: read as day first")
            % {"names": ", ".join(doubts)}
        )
    if unknown := unknown_users(taking.done.users):
        taking.warn(_("unknown users were left out: %(names)s") % {"names": ", ".join(sorted(unknown)[:10])})


def codes_of_creditors() -> set[str]:
    return set(Creditor.objects.values_list("code", flat=True))


def warn_about_new_creditors(taking: Taking, *, known: set[str]) -> None:
    """Creditors are created from their codes (design, section 7); a code mistyped would be one more, so it is said."""
    if made := codes_of_creditors() - known:
        names = {"new": ", ".join(sorted(made)), "known": ", ".join(sorted(known)) or "-"}
        taking.warn(
            ngettext(
                "%(new)s was no creditor until now (known: %(known)s) and was created: if it is a slip, undo the import and retire it",
                "%(new)s were no creditors until now (known: %(known)s) and were created: if one is a slip, undo the import and retire it",
                len(made),
            )
            % names
        )


def warn_about_missing_rates(taking: Taking) -> None:
    """Currencies of new and changed rows that count one to one, for want of an exchange rate."""
    if taking.done.kind not in ("items", "payments"):
        return
    query = (
        "select distinct coalesce(told.currency, creditor.currency)"
        f" from {TABLES[taking.done.kind]} as told"
        " inner join portfolio_creditor as creditor on creditor.code = told.creditor_code"
    )
    named = [code for (code,) in staging.rows_of(query)]
    if missing := without_rate(named, day=taking.as_of, home=tenant_in_force().currency):
        taking.warn(
            _("no exchange rate is known for %(codes)s: amounts count one to one until one is set (spartito rate set)")
            % {"codes": ", ".join(missing)}
        )
