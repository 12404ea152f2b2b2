-- One row: a movement of a payment of a day to come, on an item that this ledger has already reduced by it.
-- reads: portfolio_movement, portfolio_item
-- writes: ingest_change
with items_reduced as (
    select distinct item_id
    from portfolio_movement
    where batch_id = %(batch)s::bigint and amount < 0 and payment_id is null
),

money_too_much as (
    select waiting.item_id
    from items_reduced as reduced
    inner join portfolio_movement as waiting on waiting.item_id = reduced.item_id and not waiting.is_applied
    inner join portfolio_item as item on item.id = waiting.item_id
    where waiting.payment_id is not null and waiting.amount < 0
    group by waiting.item_id, item.open_amount
    having item.open_amount + sum(waiting.amount) < 0
)
insert into ingest_change (batch_id, room_table, row_id, before)
select %(batch)s::bigint, 'portfolio_movement', waiting.id, to_jsonb(waiting)
from money_too_much as too_much
inner join portfolio_movement as waiting on waiting.item_id = too_much.item_id
where not waiting.is_applied and waiting.payment_id is not null
