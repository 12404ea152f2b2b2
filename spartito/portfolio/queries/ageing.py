"""The ageing list (scadenzario): open items by age, grouped as one likes, on any day.

On the day that `portfolio_ageing` was last brought to, its rows are added up; for any other day, or by
original due dates, balances come from the movements. Both tie to the cent; a property test says so.
Whoever sees only part of a customer's items gets those of others in one row of its own (`key` `*`) when
grouping by what items carry, so that totals stay the same whichever way they are grouped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.platform.errors import Refused
from spartito.portfolio.models import Creditor
from spartito.portfolio.visibility import row_in_scope_sql, sees_everything, visible_sql
from spartito.reference.models import Bucket
from spartito.reference.queries import buckets_on

KEPT = "*"  # stands for the items of visible customers that are somebody else's
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
    """What is asked: `within` narrows to groups already entered, e.g. {"area": "NORD"}; '' = without one."""

    by: str
    as_of: date
    due: str = "agreed"
    within: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raises AgeingRefused."""
        for key in (self.by, *self.within):
            if key not in COLUMNS:
                raise AgeingRefused(f"by {key!r} is not one of {', '.join(KEYS)}")
        if self.due not in DUES:
            raise AgeingRefused(f"due {self.due!r} is not one of {', '.join(DUES)}")


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
) -> dict[str, Any]:
    """{date, buckets, rows: [{key, label, total, overdue, items, <bucket>…}], total} in the tenant's currency.

    `user` None is the house itself (the command line); `total` is of all rows, also of those past `limit`.
    `sort`: a column, largest first, or `label`. Raises AgeingRefused.
    """
    asked = Question(by=by, as_of=as_of, due=due, within=within or {})
    asked.check()
    buckets = buckets_on(as_of)
    rows = _run(*_report(asked, user, buckets, sort=sort, limit=limit, offset=offset))
    total = next((row for row in rows if row.pop("is_total")), None) or _nothing(buckets)
    groups = [row for row in rows if row is not total]
    for row in groups:
        _label(row, asked)
        row.pop("is_total", None)
    names = ("total", "overdue", "items", *(bucket.key for bucket in buckets))
    return {
        "date": as_of,
        "buckets": [bucket.key for bucket in buckets],
        "rows": groups,
        "total": {name: total[name] for name in names},
    }


def _report(
    asked: Question, user: User | None, buckets: Sequence[Bucket], *, sort: str, limit: int | None, offset: int
) -> tuple[str, list[Any]]:
    """Groups and, by a second grouping set of the same scan, the total."""
    source, values = _lines(asked, user, buckets)
    columns = {"total", "overdue", "items", *(bucket.key for bucket in buckets)}
    order = f'"{sort}" desc' if sort in columns else "label"
    keys = ", ".join(f'sums."{bucket.key}"' for bucket in buckets)
    text = f"""
        with sums as ({source}),
        named as (
            select
                sums.group_id as id, coalesce(name.code, '') as key, coalesce(nullif(name.name, ''), name.code) as label,
                sums.is_kept, sums.total, sums.overdue, sums.items, {keys}, sums.is_total
            from sums
            left join ({_names_of(asked.by)}) as name on name.id = sums.group_id and not sums.is_total
        ),
        ordered as (
            select * from named where not is_total order by {order}, key limit %s offset %s
        )
        select * from ordered union all select * from named where is_total
    """
    return text, [*values, limit, offset]


def _lines(asked: Question, user: User | None, buckets: Sequence[Bucket]) -> tuple[str, list[Any]]:
    """Sums of lines by group, narrowed to what the user may see and to the groups entered."""
    fast = asked.due == "agreed" and _is_kept_for(asked.as_of)
    kept, kept_values = _kept_apart(asked, user)
    where, where_values = _where(asked, user)
    source = "portfolio_ageing" if fast else f"({_open_items_on(asked)})"
    text = f"""
        select group_id, is_kept, grouping(group_id) = 1 as is_total, {_sums(buckets, fast=fast)}
        from (
            select line.*, case when {kept} then null else {COLUMNS[asked.by]} end as group_id, {kept} as is_kept
            from {source} as line
            inner join portfolio_customer as customer on customer.id = line.customer_id
            where {where}
        ) as line
        group by grouping sets ((group_id, is_kept), ())
    """
    return text, [*kept_values, *kept_values, *where_values]


def _sums(buckets: Sequence[Bucket], *, fast: bool) -> str:
    """Total, overdue, items and one sum a bucket: of kept sums, or of single items with their bucket."""
    if fast:
        sums = {"total": "sum(line.total)", "overdue": "sum(line.overdue)", "items": "sum(line.open_items)"}
        sums |= {bucket.key: f"sum(line.buckets[{place}])" for place, bucket in enumerate(buckets, 1)}
    else:
        of_bucket = "sum(line.total) filter (where line.bucket {})"
        sums = {"total": "sum(line.total)", "overdue": of_bucket.format("> 0"), "items": "count(*)"}
        sums |= {bucket.key: of_bucket.format(f"= {place}") for place, bucket in enumerate(buckets)}
    return ", ".join(f'coalesce({text}, 0) as "{name}"' for name, text in sums.items())


@cache
def _open_items_sql() -> str:
    return (Path(__file__).parent / "open_items_on.sql").read_text(encoding="utf-8")


def _open_items_on(asked: Question) -> str:
    """The select with its date and its choice of due date (both checked) written in."""
    day = f"date '{asked.as_of.isoformat()}'"
    return _open_items_sql().replace("%(as_of)s", day).replace("%(due)s", f"'{asked.due}'")


def _kept_apart(asked: Question, user: User | None) -> tuple[str, list[Any]]:
    """Whether a line is somebody else's: only asked where the groups are of items and the user sees a part."""
    if user is None or asked.by not in OF_ITEMS or sees_everything(user, asked.as_of):
        return "false", []
    sql, values = row_in_scope_sql(user, asked.as_of)
    return f"not coalesce({sql}, false)", values


def _where(asked: Question, user: User | None) -> tuple[str, list[Any]]:
    """Lines of visible customers, in the groups entered; a group of items holds only those in scope."""
    conditions: list[str] = ["true"]
    values: list[Any] = []
    if user is not None and not sees_everything(user, asked.as_of):
        sql, values = visible_sql(user, asked.as_of)
        conditions.append(f"line.customer_id in ({sql})")
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


def _is_kept_for(day: date) -> bool:
    """Whether every row of `portfolio_ageing` stands on this day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from portfolio_ageing) and not exists"
            " (select from portfolio_ageing where as_of <> %s)",
            [day],
        )
        return bool(cursor.fetchone()[0])


def _names_of(key: str) -> str:
    """A select of id, code and name, in the reader's language."""
    if key == "credit_class":
        name = "name_it" if (get_language() or "it").startswith("it") else "name_en"
        return f"select id, code, {name} as name from portfolio_creditclass"
    if key == "customer" and Creditor.objects.count() > 1:
        return TWINS
    return NAMES[key]


def _label(row: dict[str, Any], asked: Question) -> None:
    """Names for what has none."""
    if row.pop("is_kept"):
        row["key"], row["label"] = KEPT, _("Items of others")
    elif row["id"] is None:
        row["key"], row["label"] = NONE, _("None")
    row["label"] = row["label"] or row["key"]


def _nothing(buckets: Sequence[Bucket]) -> dict[str, Any]:
    return {"total": 0, "overdue": 0, "items": 0} | {bucket.key: 0 for bucket in buckets}


def _run(sql: str, params: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ageing_items(
    *,
    user: User | None,
    as_of: date,
    within: Mapping[str, str],
    bucket: str = "",
    due: str = "agreed",
    limit: int = 1000,
    offset: int = 0,
) -> dict[str, Any]:
    """The items behind a number: {items: [{item, customer …}], count, total}, oldest due date first.

    `bucket` is a bucket's key, `overdue`, or '' for all. Items out of the user's scope are counted in
    `others` and `others_total`, unless the tenant shows them whole. Raises AgeingRefused.
    """
    asked = Question(by="customer", as_of=as_of, due=due, within=within)
    asked.check()
    places = {row.key: place for place, row in enumerate(buckets_on(as_of))}
    if bucket and bucket not in {"overdue", *places}:
        raise AgeingRefused(f"bucket {bucket!r} is not one of overdue, {', '.join(places)}")
    narrowed = "true" if not bucket else "line.bucket > 0" if bucket == "overdue" else f"line.bucket = {places[bucket]}"
    where, values = _where(asked, user)
    shown, shown_values = _shown_one_by_one(user, as_of)
    sql = f"""
        with lines as (
            select line.*, {shown} as is_shown, customer.creditor_id, customer.code as customer_code,
                customer.name as customer_name
            from ({_open_items_on(asked)}) as line
            inner join portfolio_customer as customer on customer.id = line.customer_id
            where {narrowed} and {where}
        ), sums as (
            select count(*) filter (where is_shown) as count,
                coalesce(sum(total) filter (where is_shown), 0) as total,
                count(*) filter (where not is_shown) as others,
                coalesce(sum(total) filter (where not is_shown), 0) as others_total
            from lines
        ), page as (
            select * from lines where is_shown order by due_date, item_id limit %s offset %s
        )
        select sums.count, sums.total as all_total, sums.others, sums.others_total, page.item_id, page.customer_id,
            page.customer_code, page.customer_name, item.document_type, item.document_number, item.instalment,
            item.issue_date, page.due_date, item.amount, page.total, item.currency, item.bank_status, page.bucket,
            %s - page.due_date as days_overdue
        from sums
        left join page on true
        left join portfolio_item as item on item.id = page.item_id
        order by page.due_date, page.item_id
    """
    rows = _run(sql, [*shown_values, *values, limit, offset, as_of])
    found = {
        "count": rows[0]["count"],
        "total": rows[0]["all_total"],
        "others": rows[0]["others"],
        "others_total": rows[0]["others_total"],
    }
    sums = ("count", "all_total", "others", "others_total")
    items = [{key: value for key, value in row.items() if key not in sums} for row in rows if row["item_id"]]
    return {"items": items, **found}


def _shown_one_by_one(user: User | None, as_of: date) -> tuple[str, list[Any]]:
    if user is None or sees_everything(user, as_of) or connection.tenant.show_other_items == "whole":
        return "true", []
    sql, values = row_in_scope_sql(user, as_of)
    return f"coalesce({sql}, false)", values
