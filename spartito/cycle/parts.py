"""A portfolio in parts of whole accounts, lived ahead side by side: accounts do not touch each other there."""

from collections.abc import Callable

from spartito.platform.connection import connection
from spartito.platform.moments import AT_ONCE, Result, Tell, together
from spartito.portfolio.models import Customer

FEW = 4_000  # customers: a second session is not worth its while
MOST = 30_000  # customers of a part: its copies fit into memory

# One row: the customers of a part. The account of one that had no run yet is where it will be.
PARTS = """
with numbered as (
    select customer.id, account.id as account, row_number() over (order by account.id, customer.id) as number
    from portfolio_customer as customer
    left join portfolio_customer as parent on parent.id = customer.parent_id and parent.dun_group
    cross join lateral (
        values (coalesce(customer.account_id, customer.payer_id, parent.id, customer.id))
    ) as account (id)
    where (%(customers)s::bigint[] is null or customer.id = any(%(customers)s::bigint[]))
),

accounts as (
    select account, (min(number) - 1) * %(parts)s / (select count(*) from numbered) as part
    from numbered
    group by account
)

select array_agg(numbered.id)
from numbered
inner join accounts on accounts.account = numbered.account
group by accounts.part
order by accounts.part
"""


def in_parts(
    work: Callable[[list[int] | None, Tell], Result], *, customers: list[int] | None, moment: str | None, tell: Tell
) -> list[Result]:
    """`work(customers of a part, tell)` of every part of these customers (whole accounts; None = all)."""
    return together(work, _parts_of(customers) if moment else [customers], moment=moment, tell=tell)


def _parts_of(customers: list[int] | None) -> list[list[int] | None]:
    how_many = Customer.objects.count() if customers is None else len(customers)
    if how_many <= FEW:
        return [customers]
    parts = -(-how_many // MOST)
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"customers": customers, "parts": -(-parts // AT_ONCE) * AT_ONCE})
        return [theirs for (theirs,) in cursor.fetchall()]
