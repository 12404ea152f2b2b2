"""A mapping: how a foreign file becomes a canonical one.

    columns:    {open_amount: Residuo, due_date: Scadenza}    canonical column: head in the file
    constants:  {currency: EUR, creditor_code: ROSSI}          the same value in every row
    decimal:    ","                                            or per column {open_amount: ",", amount: "."}
    dates:      dmy                                            dmy, mdy or ymd; or per column {due_date: mdy}
    values:     {document_type: {FV: invoice, NA: credit_note}}
    sign:       {column: D/A, negative: [A, AVERE]}            amounts of these rows are turned negative
    negate:     true                                           all amounts change sign (a ledger of payables)
    negative_is: credit_note                                   what a negative row is where no type is given
    difference: {open_amount: [Dare, Avere]}                   first head less second
    skip:       {Stato: [C, CHIUSA]}                           rows left out
    delimiter, encoding, sheet                                 only where recognising them fails

A key that is not in this list is refused by name. What is left out is guessed from heads and values.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from django.utils.translation import gettext as _

from spartito.ingest.canonical import columns_of, normal
from spartito.platform.errors import Refused

DATE_ORDERS = ("dmy", "mdy", "ymd")
AMOUNTS = ("open_amount", "amount", "withheld", "vat_split", "retention")


class MappingRefused(Refused):
    """The mapping is not usable: unknown key, column, head or format."""


@dataclass(frozen=True)
class Spec:
    """One mapping, checked. Build it with `from_dict`."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    decimal: str | dict[str, str] = ""
    dates: str | dict[str, str] = ""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    sign: dict[str, Any] = field(default_factory=dict)
    negate: bool = False
    negative_is: str = ""
    difference: dict[str, list[str]] = field(default_factory=dict)
    skip: dict[str, list[str]] = field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Only what is said."""
        return {key: value for key, value in asdict(self).items() if value}

    def digest(self) -> str:
        """A text that is the same for the same reading of a row; delimiter, encoding and decimal sign do not matter.

        Nor does `dmy`, which is how dates are read when nothing is said: one odd date in a file must not make
        every other row look changed.
        """
        said = {
            k: v for k, v in self.as_dict().items() if k not in ("delimiter", "encoding", "sheet", "decimal", "dates")
        }
        orders = self.dates if isinstance(self.dates, dict) else dict.fromkeys(["*"] if self.dates else [], self.dates)
        if told := {name: order for name, order in orders.items() if order != "dmy"}:
            said["dates"] = told
        return json.dumps(said, sort_keys=True, ensure_ascii=False)

    def decimal_of(self, column: str) -> str:
        return self.decimal.get(column, "") if isinstance(self.decimal, dict) else self.decimal

    def dates_of(self, column: str) -> str:
        return self.dates.get(column, "") if isinstance(self.dates, dict) else self.dates

    def mapped(self) -> set[str]:
        """Canonical columns that this mapping fills."""
        return {*self.columns, *self.constants, *self.difference}

    def heads(self) -> list[str]:
        """Heads of the file that this mapping reads, each once."""
        pairs = [head for pair in self.difference.values() for head in pair]
        sign = [self.sign["column"]] if self.sign else []
        return list(dict.fromkeys([*self.columns.values(), *pairs, *self.skip, *sign]))


def from_dict(data: object, *, kind: str) -> Spec:
    """A checked mapping of a kind. Raises MappingRefused, naming the key that is wrong."""
    if not isinstance(data, dict):
        raise MappingRefused(_("a mapping is an object with the keys of docs/reference/files.md"))
    known = set(Spec.__dataclass_fields__)
    for key in data:
        if key not in known:
            raise MappingRefused(_("mapping: %(key)s is not a key") % {"key": key})
    for key in ("columns", "constants", "values", "difference", "skip", "sign"):
        if not isinstance(data.get(key, {}), dict):
            raise MappingRefused(_("mapping: %(key)s must be an object") % {"key": key})
    canonical = columns_of(kind)
    for key in ("columns", "constants", "values", "difference"):
        for name in data.get(key, {}):
            if name not in canonical:
                raise MappingRefused(_("mapping: %(name)s is not a column of %(kind)s") % {"name": name, "kind": kind})
    _check_formats(data)
    return Spec(**_as_text(data))


def _check_formats(data: dict[str, Any]) -> None:
    decimals = data.get("decimal", "")
    for each in decimals.values() if isinstance(decimals, dict) else [decimals]:
        if each not in ("", ",", "."):
            raise MappingRefused(_("mapping: decimal is %(value)s, must be , or .") % {"value": each})
    dates = data.get("dates", "")
    for each in dates.values() if isinstance(dates, dict) else [dates]:
        if each and each not in DATE_ORDERS:
            raise MappingRefused(_("mapping: dates is %(value)s, must be dmy, mdy or ymd") % {"value": each})
    for name, pair in data.get("difference", {}).items():
        if not isinstance(pair, list) or len(pair) != 2:
            raise MappingRefused(_("mapping: difference of %(name)s needs two heads") % {"name": name})
    if data.get("negative_is", "") not in ("", "credit_note", "advance", "payment"):
        raise MappingRefused(_("mapping: negative_is must be credit_note, advance or payment"))
    sign = data.get("sign", {})
    if sign and not (sign.get("column") and isinstance(sign.get("negative"), list)):
        raise MappingRefused(_("mapping: sign needs column and negative"))


def _as_text(data: dict[str, Any]) -> dict[str, Any]:
    """YAML reads `1` and `no` as a number and a truth; a mapping means the text."""
    result = dict(data)
    for key in ("columns", "constants"):
        result[key] = {name: str(value) for name, value in data.get(key, {}).items()}
    result["skip"] = {
        head: [str(v) for v in (values if isinstance(values, list) else [values])]
        for head, values in data.get("skip", {}).items()
    }
    return result


def from_file(path: Path, *, kind: str) -> Spec:
    """A mapping written as YAML or JSON. Raises MappingRefused."""
    try:
        return from_dict(yaml.safe_load(path.read_text(encoding="utf-8")), kind=kind)
    except (OSError, UnicodeDecodeError) as wrong:
        raise MappingRefused(_("mapping %(file)s cannot be read") % {"file": path}) from wrong
    except yaml.YAMLError as wrong:
        raise MappingRefused(_("mapping %(file)s is neither YAML nor JSON") % {"file": path}) from wrong


def without_skipped(frame: pl.DataFrame, spec: Spec, heads: list[str]) -> pl.DataFrame:
    """The frame without the rows that the mapping leaves out."""
    for head, unwanted in spec.skip.items():
        frame = frame.filter(~pl.col(str(place_of(heads, head))).str.strip_chars().is_in(unwanted))
    return frame


def apply(frame: pl.DataFrame, spec: Spec, heads: list[str]) -> pl.DataFrame:
    """The frame with canonical columns as the file wrote them, trimmed, values translated; `row` and `broken` stay."""

    def cell(head: str) -> pl.Expr:
        return pl.col(str(place_of(heads, head))).str.strip_chars()

    frame = without_skipped(frame, spec, heads)
    made = {name: cell(head) for name, head in spec.columns.items()}
    made |= {name: pl.lit(value) for name, value in spec.constants.items()}
    for name, table in spec.values.items():
        if name in made:
            made[name] = made[name].replace({str(k): str(v) for k, v in table.items()})
    for name, (plus, minus) in spec.difference.items():
        made[name] = pl.concat_str([cell(plus), pl.lit("\x1e"), cell(minus)])
    if spec.sign:
        negative = cell(spec.sign["column"]).is_in([str(v) for v in spec.sign["negative"]])
        made |= {n: pl.when(negative).then(_turned(made[n])).otherwise(made[n]) for n in AMOUNTS[:2] if n in made}
    if spec.negate:
        made |= {n: _turned(made[n]) for n in AMOUNTS if n in made}
    return frame.select("row", "broken", **{n: e.str.strip_prefix("'") if _risky(n) else e for n, e in made.items()})


def _risky(name: str) -> bool:
    """Amounts may carry the apostrophe that our own exports put before a sign."""
    return name in AMOUNTS


def _turned(amount: pl.Expr) -> pl.Expr:
    """The same amount with the other sign, still as text."""
    body = amount.str.strip_chars("-() ")
    is_negative = amount.str.contains(r"^\(.*\)$|^-|-$")
    return pl.when(is_negative | (body == "")).then(body).otherwise(pl.concat_str([pl.lit("-"), body]))


def place_of(heads: list[str], head: str) -> int:
    """The place of a head, written exactly or at least alike; of two the first. Raises MappingRefused."""
    places = positions(heads)
    if head in places:
        return places[head]
    for other, at in places.items():
        if normal(other) == normal(head):
            return at
    raise MappingRefused(_("the file has no column %(head)s") % {"head": head})


def positions(heads: list[str]) -> dict[str, int]:
    """Head → place of its column; of two with the same head the first."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        if head:
            found.setdefault(head, at)
    return found
