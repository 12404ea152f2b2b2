"""One pass over a file: rows that did not change are told by their fingerprint, the others judged and staged."""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import gettext as _

from spartito.ingest import mapping, staging
from spartito.ingest.canonical import CUSTOMERS, KINDS
from spartito.ingest.cells import Reference
from spartito.ingest.fingerprints import fingerprints, places_of, seed_of
from spartito.ingest.opening import Opened, creditor_for_rows, reference
from spartito.ingest.verdict import Judged, judge
from spartito.platform.progress import Progress

TABLES = {
    "items": "ingest_staged_item",
    "customers": "ingest_staged_customer",
    "contacts": "ingest_staged_contact",
    "salespeople": "ingest_staged_salesperson",
    "payments": "ingest_staged_payment",
}
KNOWN = {"fingerprint": pl.Int64, "id": pl.Int64, "is_open": pl.Boolean}
CUSTOMER_COLUMNS = [column.name for column in CUSTOMERS]
LATEST = ["latest_salesperson_code", "latest_area_code", "latest_division_code", "latest_sector_code"]
FROM_THE_ITEM = {"salesperson_code", "area_code", "division_code", "sector_code", "payment_type", "currency"}


@dataclass
class Pass:
    """What a pass over a file found. `unseen` are known rows that no unchanged row of the file matched."""

    opened: Opened
    known: pl.DataFrame
    creditor: str
    rows: int = 0
    unreadable: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    rejects: list[dict] = field(default_factory=list)
    rejected_keys: list[pl.DataFrame] = field(default_factory=list)
    keys: list[pl.DataFrame] = field(default_factory=list)
    unchanged: list[pl.DataFrame] = field(default_factory=list)
    codes: pl.DataFrame | None = None
    customers: pl.DataFrame | None = None
    users: set[str] = field(default_factory=set)
    seen_before: pl.DataFrame | None = None

    @property
    def kind(self) -> str:
        return self.opened.kind

    def matched(self) -> pl.DataFrame:
        """(row, id) of the unchanged rows."""
        return pl.concat(self.unchanged) if self.unchanged else pl.DataFrame(schema={"row": pl.Int32, "id": pl.Int64})

    def unseen(self) -> pl.DataFrame:
        """Known rows that no unchanged row matched."""
        return self.known.join(self.matched(), on="id", how="anti")

    def reject(self, rows: list[dict]) -> None:
        self.rejects += rows


def read_through(*, opened: Opened, known: pl.DataFrame, creditor: str, on_progress: Progress | None) -> Pass:
    """Reads the whole file and fills the staging tables of its kind with the rows that are new or changed."""
    done = Pass(opened, known, creditor_for_rows(opened, creditor=creditor))
    if done.kind != "customers":
        extra = ["item_key text"] if done.kind == "items" else []
        staging.make_staging(TABLES[done.kind], KINDS[done.kind], *extra)
    staging.make_code_table()
    codes = reference()
    seed = seed_of(done.kind, opened.spec, creditor=done.creditor)
    for frame, read in opened.source.frames():
        _take_frame(done, frame, seed=seed, codes=codes)
        if on_progress:
            on_progress(_("reading"), read, opened.source.size)
    staging.copy_in("ingest_staged_code", done.codes if done.codes is not None else pl.DataFrame())
    if done.kind == "items" and done.customers is not None:
        staging.copy_in("ingest_staged_customer", done.customers.drop("issue_date", "document_number"))
    return done


def _take_frame(done: Pass, frame: pl.DataFrame, *, seed: bytes, codes: Reference) -> None:
    spec, heads = done.opened.spec, done.opened.source.heads
    frame = mapping.without_skipped(frame, spec, heads)
    done.rows += frame.height
    frame = frame.with_columns(fingerprints(frame, places=places_of(done.kind, spec, heads), seed=seed))
    changed = _without_known(done, frame)
    if changed.is_empty():
        return
    rows = mapping.apply(changed, spec, heads)
    judged = judge(rows, kind=done.kind, spec=spec, reference=codes, creditor=done.creditor)
    _keep_rejects(done, judged, frame)
    _stage(done, judged.good.join(changed.select("row", "fingerprint"), on="row", how="left"))


def _without_known(done: Pass, rows: pl.DataFrame) -> pl.DataFrame:
    """Takes out the rows whose fingerprint is known. Of payments, as many of the same as are known."""
    if done.kind == "payments":
        rows = _numbered(done, rows)
    if done.known.is_empty():
        return rows
    on = ["fingerprint", "nth"] if done.kind == "payments" else ["fingerprint"]
    # A fingerprint that is ambiguous among known rows still matches one row only.
    found = rows.filter(~pl.col("broken")).join(done.known, on=on, how="inner")
    done.unchanged.append(found.select("row", "id"))
    return rows.join(found.select("row"), on="row", how="anti")


def _numbered(done: Pass, rows: pl.DataFrame) -> pl.DataFrame:
    """`nth`: which of several same rows this is, over the whole file."""
    rows = rows.with_columns(nth=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("fingerprint"))
    if done.seen_before is not None:
        rows = rows.join(done.seen_before, on="fingerprint", how="left").with_columns(
            nth=pl.col("nth") + pl.col("times").fill_null(0)
        ).drop("times")  # fmt: skip
    times = rows.group_by("fingerprint").agg(times=pl.col("nth").max())
    earlier = [done.seen_before] if done.seen_before is not None else []
    done.seen_before = pl.concat([*earlier, times]).group_by("fingerprint").agg(pl.col("times").max())
    return rows


def _keep_rejects(done: Pass, judged: Judged, frame: pl.DataFrame) -> None:
    done.warnings += judged.warnings
    if judged.rejects.is_empty():
        return
    done.unreadable += judged.unreadable
    raws = raw_rows(frame, done.opened.source.heads, judged.rejects["row"].to_list())
    done.reject([{**line, "raw": raws[line["row"]]} for line in judged.rejects.to_dicts()])
    if done.kind == "items":
        done.rejected_keys.append(judged.rejected_keys)


def raw_rows(frame: pl.DataFrame, heads: list[str], numbers: list[int]) -> dict[int, dict[str, str]]:
    """The rows as the file has them: head → cell."""
    wanted = frame.filter(pl.col("row").is_in(numbers)).to_dicts()
    return {line["row"]: {head: line[str(at)] for at, head in enumerate(heads) if head} for line in wanted}


def _stage(done: Pass, good: pl.DataFrame) -> None:
    if good.is_empty():
        return
    staging.copy_in(TABLES[done.kind], good.select(staging.columns_staged(done.kind, good)))
    if (key := duplicate_key(done.kind)) is not None:
        done.keys.append(good.filter(key.is_not_null()).select("row", key=key.hash(seed=0)))
    names = [name for name in staging.CODES if name in good.columns]
    codes = good.select(names).unique().with_columns(
        [pl.lit(None, dtype=pl.String).alias(name) for name in staging.CODES if name not in names]
    ).select(staging.CODES)  # fmt: skip
    done.codes = codes if done.codes is None else pl.concat([done.codes, codes]).unique()
    user = {"assigned_to", "username"} & set(good.columns)
    for name in user:
        done.users |= set(good[name].drop_nulls().unique().to_list())
    if done.kind == "items":
        _keep_customers(done, good)


def duplicate_key(kind: str) -> pl.Expr | None:
    """What may stand only once in a file (null = may repeat); None when everything may."""
    text = {
        "items": [pl.col("creditor_code"), pl.when(~pl.col("item_key").str.starts_with("x:")).then(pl.col("customer_code")).otherwise(pl.lit("")), pl.col("item_key")],
        "customers": [pl.col("creditor_code"), pl.col("customer_code")],
        "salespeople": [pl.col("salesperson_code")],
        "payments": [pl.col("creditor_code"), pl.col("external_id")],
        "contacts": [pl.col("creditor_code"), pl.col("customer_code"), pl.coalesce(pl.concat_str([pl.lit("x:"), pl.col("external_id")]), pl.concat_str([pl.col("role").fill_null("accounting"), pl.lit("|"), pl.col("name")]))],
    }[kind]  # fmt: skip
    whole = pl.concat_str(text, separator="\x1f")
    return pl.when(pl.col("external_id").is_not_null()).then(whole) if kind == "payments" else whole


def _keep_customers(done: Pass, good: pl.DataFrame) -> None:
    """Of each customer the row of its latest item (issue date, number, row); facts of the item become `latest_…`."""
    names = ["row", "issue_date", "document_number"]
    names += [name for name in CUSTOMER_COLUMNS if name in good.columns and name not in FROM_THE_ITEM]
    facts = [
        pl.col(name.removeprefix("latest_")).alias(name)
        for name in LATEST
        if name.removeprefix("latest_") in good.columns
    ]
    rows = good.select(*names, *facts)
    if done.customers is not None:
        rows = pl.concat([done.customers, rows])
    order = ["issue_date", "document_number", "row"]
    done.customers = rows.sort(order, nulls_last=False).unique(
        ["creditor_code", "customer_code"], keep="last", maintain_order=False
    )
