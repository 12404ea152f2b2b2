"""The items behind a number of the ageing list: the same lines, one by one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from spartito.access.models import User
from spartito.portfolio.queries.ageing import Question, _open_items_sql, _run, _where, _with_named
from spartito.portfolio.visibility import row_in_scope_sql, sees_everything

LIMIT = 20_000


def items_behind(
    *,
    user: User | None,
    as_of: date,
    due: str = "agreed",
    within: Mapping[str, str] | None = None,
    bucket: int | None = None,
    only_overdue: bool = False,
) -> list[dict[str, Any]]:
    """Items open at the end of `as_of`, oldest due first, amounts in the tenant's currency.

    `within` and `bucket` as in `ageing`; items that are somebody else's are left out. At most LIMIT rows.
    Raises AgeingRefused.
    """
    asked = Question(by="customer", as_of=as_of, due=due, within=within or {})
    asked.check()
    where, values = _where(asked, user)
    if user is not None and not sees_everything(user, as_of):
        scope, scope_values = row_in_scope_sql(user, as_of)
        where, values = f"{where} and ({scope})", [*values, *scope_values]
    if bucket is not None:
        where, values = f"{where} and line.bucket = %s", [*values, bucket]
    if only_overdue:
        where = f"{where} and line.bucket > 0"
    text, _none = _with_named(_open_items_sql(), asked)
    sql = f"""
        select
            item.id as item_id, line.customer_id, coalesce(nullif(customer.name, ''), customer.code) as customer,
            customer.code as customer_code, item.document_number, item.document_type, item.instalment,
            item.issue_date, line.due_date, %s::date - line.due_date as days,
            coalesce(nullif(salesperson.name, ''), salesperson.code, '') as salesperson, item.bank_status,
            line.total as open_amount
        from ({text}) as line
        inner join portfolio_item as item on item.id = line.item_id
        inner join portfolio_customer as customer on customer.id = line.customer_id
        left join portfolio_salesperson as salesperson on salesperson.id = line.salesperson_id
        where {where}
        order by line.due_date, item.id limit {LIMIT}
    """
    return _run(sql, [as_of, *values])
