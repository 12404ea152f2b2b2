"""The verdict on every row of a frame: typed rows that may go in, and rows that may not, with field and reason."""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import gettext as _

from spartito.ingest.canonical import KINDS, Column, columns_of
from spartito.ingest.cells import Reference, cell
from spartito.ingest.mapping import Spec

CREDITS = ["credit_note", "advance", "payment"]
DEBITS = ["invoice", "debit_note"]
NOT_NEGATIVE = {"withheld", "vat_split", "retention", "credit_limit", "insured_limit"}
KEY_FIELDS = {
    "customer_code",
    "document_number",
    "document_type",
    "issue_date",
    "instalment",
    "creditor_code",
    "external_id",
}
ERROR = "!"


@dataclass
class Judged:
    """What one frame became. `rejects`: row, field, value, error; `good`: typed canonical columns and `row`."""

    good: pl.DataFrame
    rejects: pl.DataFrame
    rejected_keys: pl.DataFrame
    unreadable: int = 0
    warnings: Counter[str] = field(default_factory=Counter)


def judge(rows: pl.DataFrame, *, kind: str, spec: Spec, reference: Reference, creditor: str = "") -> Judged:
    """Types and checks `rows` (raw canonical text, `row`, `broken`). `creditor`: the code for rows that name none."""
    columns = [c for c in KINDS[kind] if c.name in rows.columns]
    typed = _typed(rows, columns, spec=spec, reference=reference)
    missing = [c for c in KINDS[kind] if c.name not in rows.columns and c.name != "creditor_code"]
    empty: dict[str, pl.DataType] = {"money": pl.Decimal(18, 2), "date": pl.Date()}
    typed = typed.with_columns(
        [pl.lit(None, dtype=empty.get(c.kind, pl.String())).alias(c.name) for c in missing]
        + (
            []
            if "creditor_code" in rows.columns or kind == "salespeople"
            else [pl.lit(None, dtype=pl.String).alias("creditor_code")]
        )
    )
    if "creditor_code" in typed.columns:
        typed = _with_creditor(typed, creditor)
    warnings: Counter[str] = Counter()
    if kind in RULES:
        typed = RULES[kind](typed, spec, warnings)
    return _divide(typed, rows, kind=kind, columns=columns, warnings=warnings)


def _typed(rows: pl.DataFrame, columns: list[Column], *, spec: Spec, reference: Reference) -> pl.DataFrame:
    made: list[pl.Expr] = []
    for column in columns:
        raw = pl.col(column.name)
        read = cell(
            column, raw, reference=reference, decimal=spec.decimal_of(column.name), dates=spec.dates_of(column.name)
        )
        wrong = read.error
        if column.required:
            wrong = pl.when(raw == "").then(pl.lit(_("is missing"))).otherwise(wrong)
        if column.name in NOT_NEGATIVE:
            wrong = pl.coalesce(wrong, pl.when(read.value < 0).then(pl.lit(_("is negative"))))
        made += [read.value.alias(column.name), wrong.alias(ERROR + column.name)]
    return rows.select("row", "broken", *made)


def _with_creditor(typed: pl.DataFrame, creditor: str) -> pl.DataFrame:
    code = pl.col("creditor_code")
    filled = typed.with_columns(code.fill_null(creditor) if creditor else code)
    return filled.with_columns(
        (pl.when(code.is_null()).then(pl.lit(_("is missing: there is more than one creditor")))).alias(
            ERROR + "creditor_code"
        )
        if ERROR + "creditor_code" not in typed.columns
        else pl.coalesce(
            ERROR + "creditor_code",
            pl.when(code.is_null()).then(pl.lit(_("is missing: there is more than one creditor"))),
        ).alias(ERROR + "creditor_code")
    )


# --- rules of a kind -------------------------------------------------------------------------------------


def _items(typed: pl.DataFrame, spec: Spec, warnings: Counter[str]) -> pl.DataFrame:
    """Credits are negative, invoices are not; amounts that nobody has to pay are not overdue."""
    kind, owed, amount = pl.col("document_type"), pl.col("open_amount"), pl.col("amount")
    otherwise = pl.when(owed < 0).then(pl.lit(spec.negative_is or "invoice")).otherwise(pl.lit("invoice"))
    typed = typed.with_columns(kind.fill_null(otherwise), amount.fill_null(owed))
    credit, debit = kind.is_in(CREDITS), kind.is_in(DEBITS)
    turned = typed.select((credit & (owed > 0)).sum()).item()
    warnings["credit_turned"] += turned or 0
    typed = typed.with_columns(
        pl.when(credit & (owed > 0)).then(-owed).otherwise(owed).alias("open_amount"),
        pl.when(credit & (amount > 0)).then(-amount).otherwise(amount).alias("amount"),
    )
    wrong = pl.lit(_("is negative: an invoice cannot be; is it a credit note?"))
    typed = typed.with_columns(
        pl.coalesce(ERROR + "open_amount", pl.when(debit & (owed < 0)).then(wrong)).alias(ERROR + "open_amount"),
        pl.when(debit & (amount < 0) & (owed >= 0)).then(wrong).alias("!negative"),
    )
    if ERROR + "amount" in typed.columns:
        typed = typed.with_columns(pl.coalesce(ERROR + "amount", "!negative").alias(ERROR + "amount"))
    withheld = [pl.col(name).fill_null(0) for name in ("withheld", "vat_split", "retention")]
    not_owed = debit & (owed > 0) & (pl.sum_horizontal(withheld) > 0) & (owed <= pl.sum_horizontal(withheld))
    warnings["not_owed"] += typed.select(not_owed.sum()).item() or 0
    return typed.drop("!negative").with_columns(item_key().alias("item_key"))


def item_key() -> pl.Expr:
    """`x:<external_id>`, else `type|number|year|instalment` (portfolio.Item)."""
    year = pl.col("issue_date").dt.year().cast(pl.String).fill_null("")
    parts = ["document_type", "document_number"]
    composed = pl.concat_str([*[pl.col(p) for p in parts], year, pl.col("instalment").fill_null("")], separator="|")
    return (
        pl.when(pl.col("external_id").is_not_null())
        .then(pl.concat_str([pl.lit("x:"), pl.col("external_id")]))
        .otherwise(composed)
    )


def _payments(typed: pl.DataFrame, spec: Spec, warnings: Counter[str]) -> pl.DataFrame:
    """Money received is positive and more than nothing."""
    wrong = pl.when(pl.col("amount") <= 0).then(pl.lit(_("must be more than zero")))
    return typed.with_columns(pl.coalesce(ERROR + "amount", wrong).alias(ERROR + "amount"))


def _customers(typed: pl.DataFrame, spec: Spec, warnings: Counter[str]) -> pl.DataFrame:
    """Nobody is their own payer or parent: such a code says nothing."""
    code = pl.col("customer_code")
    return typed.with_columns(
        [pl.when(pl.col(name) != code).then(pl.col(name)).alias(name) for name in ("payer_code", "parent_code")]
    )


RULES = {"items": _items, "payments": _payments, "customers": _customers}


# --- good and bad ----------------------------------------------------------------------------------------


def _divide(
    typed: pl.DataFrame, rows: pl.DataFrame, *, kind: str, columns: list[Column], warnings: Counter[str]
) -> Judged:
    broken = pl.when(pl.col("broken")).then(pl.lit(_("has more cells than there are columns")))
    typed = typed.with_columns(broken.alias("!row"))
    # In the order a person reads: the whole row first, then column by column.
    names = ["row", *[c.name for c in columns], *(["creditor_code"] if "!creditor_code" in typed.columns else [])]
    names = [name for name in dict.fromkeys(names) if ERROR + name in typed.columns]
    is_bad = pl.any_horizontal([pl.col(ERROR + name).is_not_null() for name in names])
    bad, good = typed.filter(is_bad), typed.filter(~is_bad)
    good = good.select(pl.exclude("broken", r"^!.*$"))
    if bad.is_empty():
        return Judged(good, rejects_frame([]), bad, warnings=warnings)
    raw = {line["row"]: line for line in rows.filter(pl.col("row").is_in(bad["row"].implode())).to_dicts()}
    rejects = [_reject(line, raw[line["row"]], names) for line in bad.to_dicts()]
    return Judged(good, rejects_frame(rejects), _readable_keys(bad, kind), _unreadable(bad, raw, kind), warnings)


def _reject(line: dict, raw: dict, names: list[str]) -> dict:
    """The first thing wrong, with the others named behind it."""
    wrong = [(name, line[ERROR + name]) for name in names if line[ERROR + name]]
    (name, error), others = wrong[0], wrong[1:]
    if others:
        error += "; " + _("also") + " " + ", ".join(f"{other} {reason}" for other, reason in others[:3])
    value = str(raw.get(name, "") if name != "row" else "").replace("\x1e", " / ")
    return {"row": line["row"], "field": name, "value": value[:300], "error": error[:300]}


def rejects_frame(rejects: list[dict]) -> pl.DataFrame:
    schema = {"row": pl.Int32, "field": pl.String, "value": pl.String, "error": pl.String}
    return pl.DataFrame(rejects, schema=schema)


def _readable_keys(bad: pl.DataFrame, kind: str) -> pl.DataFrame:
    """(creditor, customer, key) of the rejected items; key null where it cannot be told."""
    if kind != "items":
        return bad.clear()
    errors = [pl.col(ERROR + name).is_not_null() for name in KEY_FIELDS if ERROR + name in bad.columns]
    told = ~pl.any_horizontal(pl.col("broken"), *errors) & pl.col("customer_code").is_not_null()
    told &= pl.col("document_number").is_not_null() | pl.col("external_id").is_not_null()
    key = pl.when(told).then(pl.col("item_key")).alias("item_key")
    return bad.select("row", "creditor_code", "customer_code", "external_id", key)


def _unreadable(bad: pl.DataFrame, raw: dict[int, dict], kind: str) -> int:
    """How many rows are not even of the right shape: torn apart, or a required cell empty or of another nature."""
    required = [c for c in columns_of(kind).values() if c.required]
    return sum(
        line["broken"] or any(_is_foreign(raw[line["row"]].get(c.name, ""), c) for c in required)
        for line in bad.to_dicts()
    )


def _is_foreign(value: str, column: Column) -> bool:
    if not value:
        return True
    return column.kind in ("money", "date") and not any(c.isdigit() for c in value) and value not in "-–—"
