"""What one cell says: for each kind of column the typed value and, where it says nothing usable, why.

Everything is an expression over a whole column (polars), so a million rows cost a second or two. A cell
that is empty is null and never wrong here; whether it may be empty is decided in verdict.py.
"""

from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from spartito.ingest.canonical import FALSE, TRUE, Column, normal

PLAIN = r"^-?[0-9]{1,13}([.,][0-9]{1,2})?$"  # means the same whatever the decimal sign; \d would take ٣ too
MONEY = pl.Decimal(18, 2)
NOISE = r"[\s\u{a0}\u{202f}'’_]|€|\$|£|(?i)EUR|USD|CHF|GBP"
SLASHED = r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T].*)?$"
ISO = r"^\d{4}-\d\d-\d\d$"
EARLIEST, LATEST = 1970, 2100


@dataclass(frozen=True)
class Reference:
    """What codes there are: canonical code by normalised code or name."""

    currencies: frozenset[str] = frozenset({"EUR"})
    credit_classes: dict[str, str] = field(default_factory=dict)
    payment_types: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """The value of a column and what is wrong with it (null = nothing)."""

    value: pl.Expr
    error: pl.Expr


def cell(column: Column, raw: pl.Expr, *, reference: Reference, decimal: str, dates: str) -> Cell:
    """The typed reading of one column; `raw` is trimmed text."""
    if column.kind == "money":
        return money(raw, decimal=decimal)
    if column.kind == "date":
        return day(raw, order=dates)
    if column.kind == "bool":
        return one_of(raw, dict.fromkeys(TRUE, "true") | dict.fromkeys(FALSE, "false"), _("is neither yes nor no"))
    tables = {
        "choice": (column.choices, _("is not one of the known values")),
        "credit_class": (reference.credit_classes, _("is an unknown credit class")),
        "payment_type": (reference.payment_types, _("is an unknown payment type")),
        "country": (reference.countries, _("is an unknown country")),
        "language": (reference.languages, _("is an unknown language")),
        "currency": ({normal(c): c for c in reference.currencies}, _("is an unknown currency")),
    }
    if column.kind in tables:
        return one_of(raw, *tables[column.kind])
    return text(raw, longest=column.longest)


def text(raw: pl.Expr, *, longest: int) -> Cell:
    """Text as it came, without control characters; an apostrophe that our exports put is taken off."""
    clean = raw.str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "").str.replace(r"^'(\s*[=+\-@|])", "$1")
    wrong = pl.when(clean.str.len_chars() > longest).then(pl.lit(_("is longer than %(n)s characters") % {"n": longest}))
    return Cell(pl.when(clean != "").then(clean), wrong)


def one_of(raw: pl.Expr, table: dict[str, str], reason: str) -> Cell:
    """A value of a closed list, found without case, accents and punctuation."""
    key = normalised(raw)
    value = key.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)
    return Cell(value, pl.when((raw != "") & value.is_null()).then(pl.lit(reason)))


def normalised(raw: pl.Expr) -> pl.Expr:
    """canonical.normal for a whole column; the few distinct values are worked out once each."""
    return raw.map_batches(_normal_each, return_dtype=pl.String)


def _normal_each(cells: pl.Series) -> pl.Series:
    table = {value: normal(value) for value in cells.unique().to_list() if value is not None}
    return cells.replace(list(table), list(table.values())) if table else cells


# --- amounts ---------------------------------------------------------------------------------------------


def money(raw: pl.Expr, *, decimal: str) -> Cell:
    """An amount. `decimal` is the column's decimal sign, empty when nothing told: then 1.234 is refused as unclear."""
    spoken = get_language()

    def told(cells: pl.Series, name: str) -> pl.Series:
        with override(spoken):  # polars calls from threads of its own, which do not know the language
            return _amounts(cells, decimal).struct.field(name)

    return Cell(
        raw.map_batches(lambda cells: told(cells, "value"), return_dtype=MONEY),
        raw.map_batches(lambda cells: told(cells, "error"), return_dtype=pl.String),
    )


def _amounts(cells: pl.Series, decimal: str) -> pl.Series:
    """Values and errors of a column: plain and empty cells at once, the few others by all the rules of _amount."""
    frame = pl.DataFrame({"raw": cells})
    told = pl.when(pl.col("raw").str.contains(PLAIN)).then(pl.col("raw").str.replace(",", ".", literal=True))
    frame = frame.with_columns(told.cast(MONEY, strict=False).alias("value"))
    odd = frame.filter(pl.col("value").is_null() & (pl.col("raw") != ""))["raw"].unique()
    if odd.is_empty():
        return frame.select(pl.struct("value", pl.lit(None, dtype=pl.String).alias("error"))).to_series()
    read = pl.DataFrame({"raw": odd, "both": _odd_amounts(odd, decimal)}).unnest("both")
    found = frame.join(read, on="raw", how="left", maintain_order="left")
    return found.select(pl.struct(pl.coalesce("value", "value_right").alias("value"), "error")).to_series()


def _odd_amounts(cells: pl.Series, decimal: str) -> pl.Series:
    """The difference of two amounts is written with a record separator between."""
    if cells.str.contains("\x1e", literal=True).any():
        pair = pl.DataFrame({"both": cells}).with_columns(pl.col("both").str.split_exact("\x1e", 1)).unnest("both")
        plus, minus = (_amounts(pair[f"field_{n}"], decimal).struct.unnest() for n in (0, 1))
        value = plus["value"].fill_null(0) - minus["value"].fill_null(0)
        error = pl.select(pl.coalesce(plus["error"], minus["error"])).to_series()
        return pl.DataFrame({"value": value.cast(MONEY), "error": error}).to_struct("m")
    return pl.DataFrame({"raw": cells}).select(_amount(pl.col("raw"), decimal)).to_series()


def _amount(raw: pl.Expr, decimal: str) -> pl.Expr:
    bare = raw.str.replace_all(NOISE, "").str.replace_all("[−–—]", "-")
    negative = bare.str.contains(r"^\(.*\)$|^-|-$")
    body = bare.str.replace(r"^\((.*)\)$", "$1").str.strip_chars("-+")
    nothing = (bare != "") & (body == "")
    number = _with_point(body, decimal)
    readable = number.str.contains(r"^[0-9]+(\.[0-9]*)?$|^\.[0-9]+$")
    whole, cents = number.str.extract(r"^0*(\d*)"), number.str.extract(r"\.(\d*)$").str.strip_chars_end("0")
    error = (
        pl.when((raw == "") | nothing).then(None)
        .when(number == "?").then(pl.lit(_("is unclear: thousands or decimals? Say the decimal sign in the mapping")))
        .when(~readable).then(pl.lit(_("is not an amount")))
        .when(whole.str.len_chars() > 13).then(pl.lit(_("is too large")))
        .when(cents.str.len_chars() > 2).then(pl.lit(_("has more than two decimals")))
    )  # fmt: skip
    signed = pl.concat_str([pl.when(negative).then(pl.lit("-")).otherwise(pl.lit("")), number])
    fits = readable & (whole.str.len_chars() <= 13) & (cents.fill_null("").str.len_chars() <= 2)
    trimmed = pl.when(fits).then(
        signed.str.replace(r"(\.\d\d)0+$", "$1").str.replace(r"\.$", "").str.replace(r"^(-?)\.", "${1}0.")
    )
    value = pl.when(nothing).then(pl.lit("0")).otherwise(trimmed).cast(MONEY, strict=False)
    no_number = pl.when(value.is_null() & (raw != "")).then(pl.lit(_("is not an amount")))
    return pl.struct(value.alias("value"), pl.coalesce(error, no_number).alias("error"))


def _with_point(body: pl.Expr, decimal: str) -> pl.Expr:
    """The number with a point for its decimals and no thousands; `?` where one separator could be either."""
    commas, points = body.str.count_matches(",", literal=True), body.str.count_matches(".", literal=True)
    italian, english = (
        body.str.replace_all(".", "", literal=True).str.replace(",", "."),
        body.str.replace_all(",", "", literal=True),
    )
    one_group = body.str.contains(r"^\d{1,3}[.,]\d{3}$")
    thousands = body.str.contains(r"^\d{1,3}([.,]\d{3})+$")
    comma_only, point_only = (commas > 0) & (points == 0), (points > 0) & (commas == 0)
    comma_last = body.str.contains(r",[^.,]*$")
    unclear = pl.lit("?") if not decimal else italian if decimal == "," else english
    return (
        pl.when((commas > 0) & (points > 0)).then(pl.when(comma_last).then(italian).otherwise(english))
        .when((commas > 1) & thousands).then(english)
        .when((points > 1) & thousands).then(italian)
        .when(comma_only & one_group).then(unclear)
        .when(point_only & one_group & body.str.ends_with("0") & pl.lit(not decimal)).then(pl.lit("?"))
        .when(point_only & one_group & pl.lit(decimal == ",")).then(italian)
        .when(comma_only).then(italian)
        .otherwise(body)
    )  # fmt: skip


# --- dates -----------------------------------------------------------------------------------------------


def day(raw: pl.Expr, *, order: str) -> Cell:
    """A date; `order` (dmy, mdy) says how 03/04/2026 is meant, day first unless said."""
    value = raw.map_batches(lambda cells: _days(cells, order), return_dtype=pl.Date)
    year = value.dt.year()
    error = (
        pl.when(raw == "").then(None)
        .when(value.is_null() & raw.str.contains(SLASHED)).then(pl.lit(_("is a day that does not exist")))
        .when(value.is_null()).then(pl.lit(_("is not a date")))
        .when(year < EARLIEST).then(pl.lit(_("is before 1970")))
        .when(year > LATEST).then(pl.lit(_("is after 2100")))
    )  # fmt: skip
    return Cell(value, error)


def _days(cells: pl.Series, order: str) -> pl.Series:
    """The days of a column; what is not written as ISO is worked out once for each distinct text."""
    if cells.str.contains(ISO).all():
        return cells.str.to_date("%Y-%m-%d", strict=False)
    texts = pl.DataFrame({"raw": cells.unique()}).filter(pl.col("raw") != "")
    days = texts.select("raw", day=_iso(pl.col("raw"), order).str.to_date("%Y-%m-%d", strict=False))
    return pl.DataFrame({"raw": cells}).join(days, on="raw", how="left", maintain_order="left")["day"]


def _iso(raw: pl.Expr, order: str) -> pl.Expr:
    first, second, third = (raw.str.extract(SLASHED, n) for n in (1, 2, 3))
    year_first = first.str.len_chars() == 4
    month_first = order == "mdy"
    year = pl.when(year_first).then(first).otherwise(third)
    year = pl.when(year.str.len_chars() == 2).then(
        pl.concat_str([pl.when(year.cast(pl.Int32, strict=False) < 70).then(pl.lit("20")).otherwise(pl.lit("19")), year])
    ).otherwise(year)  # fmt: skip
    month = pl.when(year_first).then(second).otherwise(first if month_first else second)
    date = pl.when(year_first).then(third).otherwise(second if month_first else first)
    joined = pl.concat_str([year.str.zfill(4), month.str.zfill(2), date.str.zfill(2)], separator="-")
    compact = raw.str.replace(r"^((?:19|20)\d\d)(\d\d)(\d\d)$", "$1-$2-$3")
    good = (year.str.len_chars() == 4) & (month.str.len_chars() <= 2) & (date.str.len_chars() <= 2)
    return pl.when(raw.str.contains(SLASHED) & good).then(joined).when(compact.str.contains(ISO)).then(compact)
