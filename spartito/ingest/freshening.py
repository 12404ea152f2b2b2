"""After a batch: balances, positions and ageing of the customers it touched are those of the ledger just read."""

from datetime import date

from django.db.models import Max

from spartito.ingest import staging
from spartito.portfolio.models import Ageing, Customer, Position
from spartito.portfolio.steps import refresh

MANY = 0.25  # above this share of the customers, all are as quick
WORTH_INDEXING = 5_000

TOUCHED = """
    select customer_id from portfolio_item where batch_id = %(batch)s
    union
    select item.customer_id
    from portfolio_movement as movement
    inner join portfolio_item as item on item.id = movement.item_id
    where movement.batch_id = %(batch)s
    union
    select item.customer_id
    from ingest_change as change
    inner join portfolio_item as item on item.id = change.row_id
    where change.batch_id = %(batch)s and change.room_table = 'portfolio_item'
    union
    select row_id from ingest_change where batch_id = %(batch)s and room_table = 'portfolio_customer'
    union
    select customer_id from portfolio_payment where batch_id = %(batch)s
"""


def touched_by(batch: int) -> list[int]:
    """Ids of the customers whose items, payments or own data the batch made or changed."""
    return sorted(pk for (pk,) in staging.rows_of(TOUCHED, {"batch": batch}))


def freshen(*, customers: list[int], as_of: date) -> None:
    """Brings these customers to the later of the ledger's day and the day positions stand on already."""
    if not customers:
        return
    stands_on = Position.objects.aggregate(day=Max("as_of"))["day"]
    everybody = len(customers) > MANY * Customer.objects.count()
    day = max(as_of, stands_on or as_of)
    staging.check_keys_by_row(False)
    with staging.indexes_made_after("portfolio_ageing", wanted=_is_first(customers, stands_on)):
        refresh(as_of=day, run_id=None, customers=None if everybody else customers)
    staging.check_keys_by_row(True)


def _is_first(customers: list[int], stands_on: date | None) -> bool:
    """A large first ledger: nobody reads an ageing yet, and its indexes are quicker built once."""
    return stands_on is None and len(customers) >= WORTH_INDEXING and not Ageing.objects.exists()
