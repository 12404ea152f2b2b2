"""The ageing list (scadenzario): open items by age, grouped as one likes, on any day.

On the day that `portfolio_ageing` was last brought to, its rows are added up; for any other day, or by
original due dates, balances come from the movements. Both tie to the cent; a property test says so. Who asks
for no day in particular (`as_kept`) gets the kept sums as they stand, with the day they stand on.
Whoever sees only part of a customer's items gets those of others in one row of its own (`key` `*`) when
grouping by what items carry, so that totals stay the same whichever way they are grouped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.platform.errors import Refused
from spartito.portfolio.models import Creditor, Standing
from spartito.portfolio.visibility import row_in_scope_sql, sees_everything, visible_sql
from spartito.reference.models import Bucket
from spartito.reference.queries import buckets_on

KEPT = "*"  # stands for the items of visible customers that are somebody else's
ZERO = Decimal(0)
NONE = ""  # stands for items without a salesperson, an area …

# For each key: the column of a line or its customer, and the table that names it.
COLUMNS = {
    "customer": "line.customer_id",
    "collector": "customer.collector_id",
    "salesperson": "line.salesperson_id",
    "area": "line.area_id",
    "division": "line.division_id",
    "sector": "line.sector_id",
    "credit_class": "customer.credit_class_id",
    "creditor": "customer.creditor_id",
}
OF_ITEMS = {"salesperson", "area", "division", "sector"}
NAMES = {
    "customer": "select id, code, name from portfolio_customer",
    "collector": "select id, username as code, full_name as name from access_user",
    "salesperson": "select id, code, name from portfolio_salesperson",
    "area": "select id, code, name from access_orgunit where kind = 'area'",
    "division": "select id, code, name from access_orgunit where kind = 'division'",
    "sector": "select id, code, name from access_orgunit where kind = 'sector'",
    "creditor": "select id, code, name from portfolio_creditor",
}
# Where two creditors use a customer's code, the creditor's stands before it.
TWINS = """
    select customer.id, case
            when exists (
                select from portfolio_customer as twin
                where twin.code = customer.code and twin.creditor_id <> customer.creditor_id
            ) then creditor.code || '/' || customer.code
            else customer.code
        end as code, customer.name
    from portfolio_customer as customer
    inner join portfolio_creditor as creditor on creditor.id = customer.creditor_id
"""
KEYS = tuple(COLUMNS)
DUES = ("agreed", "original")


class AgeingRefused(Refused):
    """The ageing is asked by an unknown key or due date."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `within` narrows to groups already entered, e.g. {"area": "NORD"}; '' = without one.

    `as_kept`: on the day that the last run left, instead of `as_of`, which then only says who may see what.
    """

    by: str
    as_of: date
    due: str = "agreed"
    within: Mapping[str, str] = field(default_factory=dict)
    as_kept: bool = False

    def check(self) -> None:
        """Raises AgeingRefused."""
        for key in (self.by, *self.within):
            if key not in COLUMNS:
                raise AgeingRefused(
                    _("by %(key)s is not one of %(keys)s") % {"key": repr(key), "keys": ", ".join(KEYS)}
                )
        if self.due not in DUES:
            raise AgeingRefused(
                _("due %(due)s is not one of %(dues)s") % {"due": repr(self.due), "dues": ", ".join(DUES)}
            )


def ageing(
    *,
    user: User | None,
    as_of: date,
    by: str = "customer",
    due: str = "agreed",
    within: Mapping[str, str] | None = None,
    sort: str = "overdue",
    limit: int | None = None,
    offset: int = 0,
    as_kept: bool = False,
) -> dict[str, Any]:
    """{date, buckets, rows: [{key, label, total, overdue, items, <bucket>…}], total} in the tenant's currency.

    `user` None is the house itself (the command line); `total` is of all rows, also of those past `limit`, and
    `count` is how many there are. `sort`: a column, largest first, or `label`. `as_kept` takes the sums as they
    stand: `date` says on which day, `is_moving` that only some customers were brought to it yet.
    Raises AgeingRefused.
    """
    asked = Question(by=by, as_of=as_of, due=due, within=within or {}, as_kept=as_kept)
    asked.check()
    buckets = buckets_on(as_of)
    standing = Standing.objects.first()
    source = _source_of(asked, standing)
    names = ("total", "overdue", "items", *(bucket.key for bucket in buckets))
    if by == "customer" and source == POSITIONS and limit is not None and sort in ("total", "overdue"):
        rows = _named(_worst_customers(asked, user, buckets, sort=sort, limit=limit, offset=offset), asked)
        sums = _total(asked, user, buckets, source)
        count = sums["lines"]
    else:
        rows = _in_order(_named(rows_of(*_sums(asked, user, buckets, source)), asked), sort)
        sums = {name: sum((row[name] for row in rows), 0 if name == "items" else ZERO) for name in names}
        count, rows = len(rows), rows[offset : offset + limit if limit is not None else None]
    return {
        "date": standing.latest if as_kept and standing else as_of,
        "is_moving": bool(as_kept and standing and standing.everybody_on != standing.latest),
        "buckets": [bucket.key for bucket in buckets],
        "rows": rows,
        "total": {name: sums[name] or (0 if name == "items" else ZERO) for name in names},
        "count": count,
    }


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from, and how their amounts are read: kept sums with an array of buckets, or single items."""

    lines: str
    total: str
    items: str
    overdue: str
    bucket: str


POSITIONS = Source(
    "(select customer_id, debits + credits as total, overdue, open_items, buckets from portfolio_position"
    " where open_items > 0)",
    "line.total", "line.open_items", "line.overdue", "line.buckets[{place} + 1]",
)  # fmt: skip
KEPT_SUMS = Source("portfolio_ageing", "line.total", "line.open_items", "line.overdue", "line.buckets[{place} + 1]")


def _source_of(asked: Question, standing: Standing | None) -> Source:
    """One row a customer where that is enough, one a combination of what items carry, or the items themselves."""
    of_items = OF_ITEMS & {asked.by, *asked.within}
    if asked.due == "agreed" and standing and (asked.as_kept or is_kept_for(asked.as_of, standing)):
        return KEPT_SUMS if of_items else POSITIONS
    in_bucket = "case when line.bucket = {place} then line.total end"
    late = "case when line.bucket > 0 then line.total end"
    return Source(f"({open_items_on(asked)})", "line.total", "1", late, in_bucket)


def _amounts(buckets: Sequence[Bucket], source: Source, around: str) -> str:
    """The columns of a row; `around` is `sum({})` for groups, `{}` for a single line."""
    columns = {"total": source.total, "overdue": source.overdue, "items": source.items}
    columns |= {bucket.key: source.bucket.format(place=place) for place, bucket in enumerate(buckets)}
    return ", ".join(f'coalesce({around.format(text)}, 0) as "{name}"' for name, text in columns.items())


def _sums(asked: Question, user: User | None, buckets: Sequence[Bucket], source: Source) -> tuple[str, list[Any]]:
    """Amounts by group_id and is_kept (the items of somebody else)."""
    kept, kept_values = _kept_apart(asked, user)
    where, where_values = conditions_of(asked, user)
    column = COLUMNS[asked.by]
    text = f"""
        select case when {kept} then null else {column} end as group_id, {kept} as is_kept,
            {_amounts(buckets, source, "sum({})")}
        from {source.lines} as line {_customers_for(column, where, kept)}
        where {where}
        group by 1, 2
    """
    return text, [*kept_values, *kept_values, *where_values]


def _total(asked: Question, user: User | None, buckets: Sequence[Bucket], source: Source) -> dict[str, Any]:
    """Amounts of all lines, and how many lines there are."""
    where, values = conditions_of(asked, user)
    text = f"""
        select count(*) as lines, {_amounts(buckets, source, "sum({})")}
        from {source.lines} as line {_customers_for(where)}
        where {where}
    """
    return rows_of(text, values)[0]


def _customers_for(*texts: str) -> str:
    """The join that some conditions need, and most do not."""
    if not any("customer." in text for text in texts):
        return ""
    return "inner join portfolio_customer as customer on customer.id = line.customer_id"


def _worst_customers(
    asked: Question, user: User | None, buckets: Sequence[Bucket], *, sort: str, limit: int, offset: int
) -> list[dict[str, Any]]:
    """The first customers by an amount, without adding anything up: one position each."""
    where, values = conditions_of(asked, user)
    text = f"""
        select line.customer_id as group_id, false as is_kept, {_amounts(buckets, POSITIONS, "{}")}
        from (select *, debits + credits as total from portfolio_position where open_items > 0) as line
        inner join portfolio_customer as customer on customer.id = line.customer_id
        where {where}
        order by line.{sort} desc, line.customer_id
        limit %s offset %s
    """
    return rows_of(text, [*values, limit, offset])


def _named(rows: list[dict[str, Any]], asked: Question) -> list[dict[str, Any]]:
    """The rows with `id`, `key` and `label` first, in place of the group's id."""
    ids = [row["group_id"] for row in rows if row["group_id"] is not None]
    found = rows_of(f"select id, code, name from ({_names_of(asked.by)}) as named where id = any(%s)", [ids])
    names = {row["id"]: (row["code"], row["name"] or row["code"]) for row in found}
    named = []
    for row in rows:
        pk, kept = row.pop("group_id"), row.pop("is_kept")
        key, label = (KEPT, _("Items of others")) if kept else names.get(pk, (NONE, _("None")))
        named.append({"id": pk, "key": key, "label": label, **row})
    return named


def _in_order(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    rows.sort(key=lambda row: row["key"])
    if sort == "label" or not rows or sort not in rows[0]:
        return sorted(rows, key=lambda row: str(row["label"]).casefold())
    return sorted(rows, key=lambda row: row[sort], reverse=True)


@cache
def _open_items_sql() -> str:
    return (Path(__file__).parent / "open_items_on.sql").read_text(encoding="utf-8")


def open_items_on(asked: Question, *, is_kept: bool = False) -> str:
    """The select with its date and its choice of due date (both checked) written in."""
    day = f"date '{asked.as_of.isoformat()}'"
    text = _open_items_sql().replace("%(as_of)s", day).replace("%(due)s", f"'{asked.due}'")
    return text.replace("%(is_kept)s", "true" if is_kept else "false")


def customers_near(asked: Question, user: User | None) -> tuple[str, list[Any]]:
    """Leads from the groups entered to the customers concerned, as an array worked out first: an index finds their items."""
    conditions: list[str] = ["true"]
    values: list[Any] = []
    for key, code in asked.within.items():
        rows = "portfolio_ageing as line" if key in OF_ITEMS else "portfolio_customer as customer"
        customer = "line.customer_id" if key in OF_ITEMS else "customer.id"
        column = "customer.id" if key == "customer" else COLUMNS[key]
        of_group = f"in (select id from ({_names_of(key)}) as named where code = %s)" if code else "is null"
        conditions.append(f"line.customer_id = any(array(select {customer} from {rows} where {column} {of_group}))")
        values += [code] if code else []
    if user is not None and not sees_everything(user, asked.as_of):
        sql, visible_values = visible_sql(user, asked.as_of)
        conditions.append(f"line.customer_id = any(array({sql}))")
        values += visible_values
    return " and ".join(conditions), values


def _kept_apart(asked: Question, user: User | None) -> tuple[str, list[Any]]:
    """Whether a line is somebody else's: only asked where the groups are of items and the user sees a part."""
    if user is None or asked.by not in OF_ITEMS or sees_everything(user, asked.as_of):
        return "false", []
    sql, values = row_in_scope_sql(user, asked.as_of)
    return f"not coalesce({sql}, false)", values


def conditions_of(asked: Question, user: User | None) -> tuple[str, list[Any]]:
    """Lines of visible customers, in the groups entered; a group of items holds only those in scope.

    Customers come as an array worked out first, so that an index finds their lines and nobody else's are read.
    """
    conditions: list[str] = ["true"]
    values: list[Any] = []
    if user is not None and not sees_everything(user, asked.as_of):
        sql, values = visible_sql(user, asked.as_of)
        conditions.append(f"line.customer_id = any(array({sql}))")
    for key, code in asked.within.items():
        if code == NONE:
            conditions.append(f"{COLUMNS[key]} is null")
            continue
        conditions.append(f"{COLUMNS[key]} in (select id from ({_names_of(key)}) as named where code = %s)")
        values = [*values, code]
        if key in OF_ITEMS and user is not None and not sees_everything(user, asked.as_of):
            scope, scope_values = row_in_scope_sql(user, asked.as_of)
            conditions.append(f"({scope})")
            values = [*values, *scope_values]
    return " and ".join(conditions), values


def is_kept_for(day: date, standing: Standing | None) -> bool:
    """Whether positions, and with them the kept sums, stand on this day for every customer."""
    return standing is not None and standing.everybody_on == standing.latest == day


def _names_of(key: str) -> str:
    """A select of id, code and name, in the reader's language."""
    if key == "credit_class":
        name = "name_it" if (get_language() or "it").startswith("it") else "name_en"
        return f"select id, code, {name} as name from portfolio_creditclass"
    if key == "customer" and Creditor.objects.count() > 1:
        return TWINS
    return NAMES[key]


def rows_of(sql: str, params: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
