-- One row: an item whose closing was inferred and is now wholly explained by receipts: it was paid.
-- Its movements keep their day (the ledger's) and become paid; the closing day does not move.
-- reads: ingest_resolved_target, portfolio_movement, portfolio_allocation
-- writes: portfolio_item, portfolio_movement
with items_named as (
    select distinct item_id from ingest_resolved_target
),

taken_off as (
    select
        movement.item_id,
        -sum(movement.amount) as amount
    from items_named as named
    inner join portfolio_movement as movement on movement.item_id = named.item_id
    where movement.is_inferred and movement.payment_id is null and movement.amount < 0
    group by movement.item_id
),

explained as (
    select
        allocation.item_id,
        sum(allocation.explains) as amount
    from items_named as named
    inner join portfolio_allocation as allocation on allocation.item_id = named.item_id
    group by allocation.item_id
),

wholly_explained as (
    select taken_off.item_id
    from taken_off
    inner join explained on explained.item_id = taken_off.item_id
    where explained.amount >= taken_off.amount
),

movements_explained as (
    update portfolio_movement as movement
    set
        cause = 'paid',
        is_inferred = false
    from wholly_explained as explained_item
    where movement.item_id = explained_item.item_id
        and movement.is_inferred
        and movement.payment_id is null
        and movement.amount < 0
)
update portfolio_item as item
set
    closing_cause = 'paid',
    is_inferred = false
from wholly_explained as explained_item
where item.id = explained_item.item_id
    and item.closed_on is not null
    and item.is_inferred
