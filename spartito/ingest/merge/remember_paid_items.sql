-- One row: an item, or a movement a ledger made on it, as it was before receipts of this file were laid on it.
-- Of an item only what receipts may change: the other columns stay as they are when they are taken back.
-- reads: ingest_resolved_target, portfolio_item, portfolio_movement
-- writes: ingest_change
with items_named as (
    select distinct item_id from ingest_resolved_target
)
insert into ingest_change (batch_id, room_table, row_id, before)
select
    %(batch)s::bigint,
    'portfolio_item',
    item.id,
    jsonb_build_object(
        'open_amount', item.open_amount, 'closed_on', item.closed_on, 'closing_cause', item.closing_cause,
        'is_inferred', item.is_inferred, 'fingerprint', item.fingerprint
    )
from items_named as named
inner join portfolio_item as item on item.id = named.item_id
union all
select %(batch)s::bigint, 'portfolio_movement', movement.id, to_jsonb(movement)
from items_named as named
inner join portfolio_movement as movement on movement.item_id = named.item_id
where movement.is_inferred
