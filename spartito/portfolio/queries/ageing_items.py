"""The items behind a number of the ageing list."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.platform.connection import connection
from spartito.portfolio.models import Standing
from spartito.portfolio.queries.ageing import (
    AgeingRefused,
    Question,
    conditions_of,
    customers_near,
    is_kept_for,
    open_items_on,
    rows_of,
)
from spartito.portfolio.visibility import row_in_scope_sql, sees_everything
from spartito.reference.queries import buckets_on

SUMS = ("count", "total", "others", "others_total")
ITEMS = """
with lines as (
    select line.*, {shown} as is_shown, customer.creditor_id, customer.code as customer_code,
        customer.name as customer_name
    from ({lines}) as line
    inner join portfolio_customer as customer on customer.id = line.customer_id
    where {bucket} and {where} and {near}
), sums as (
    select count(*) filter (where is_shown) as count,
        coalesce(sum(total) filter (where is_shown), 0) as total,
        count(*) filter (where not is_shown) as others,
        coalesce(sum(total) filter (where not is_shown), 0) as others_total
    from lines
), page as (
    select * from lines where is_shown order by due_date, item_id limit %s offset %s
)
select sums.count as all_count, sums.total as all_total, sums.others as all_others,
    sums.others_total as all_others_total, page.item_id, page.customer_id, page.customer_code, page.customer_name,
    item.document_type, item.document_number, item.instalment, item.issue_date, page.due_date, item.amount,
    page.total, item.currency, item.bank_status, page.bucket, %s - page.due_date as days_overdue
from sums
left join page on true
left join portfolio_item as item on item.id = page.item_id
order by page.due_date, page.item_id
"""


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
    is_kept = is_kept_for(as_of, Standing.objects.first())
    shown, shown_values = _shown_one_by_one(user, as_of)
    where, values = conditions_of(asked, user)
    near, near_values = customers_near(asked, user) if is_kept else ("true", [])
    lines = open_items_on(asked, is_kept=is_kept)
    sql = ITEMS.format(shown=shown, lines=lines, bucket=_in_bucket(bucket, as_of), where=where, near=near)
    rows = rows_of(sql, [*shown_values, *values, *near_values, limit, offset, as_of])
    sums = {name: rows[0][f"all_{name}"] for name in SUMS}
    items = [{key: row[key] for key in row if not key.startswith("all_")} for row in rows if row["item_id"]]
    return {"items": items, **sums}


def _in_bucket(bucket: str, as_of: date) -> str:
    places = {row.key: place for place, row in enumerate(buckets_on(as_of))}
    if bucket and bucket not in {"overdue", *places}:
        raise AgeingRefused(
            _("bucket %(bucket)s is not one of overdue, %(places)s")
            % {"bucket": repr(bucket), "places": ", ".join(places)}
        )
    if not bucket:
        return "true"
    return "line.bucket > 0" if bucket == "overdue" else f"line.bucket = {places[bucket]}"


def _shown_one_by_one(user: User | None, as_of: date) -> tuple[str, list[Any]]:
    if user is None or sees_everything(user, as_of) or connection.tenant.show_other_items == "whole":
        return "true", []
    sql, values = row_in_scope_sql(user, as_of)
    return f"coalesce({sql}, false)", values
