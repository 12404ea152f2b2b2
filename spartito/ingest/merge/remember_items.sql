-- One row: an item as it was before this file changed, closed or reopened it, for the undo.
-- reads: ingest_resolved_item, ingest_unseen_item, portfolio_item
-- writes: ingest_change
with items_to_be_touched as (
    select item_id from ingest_resolved_item where not is_new
    union
    select item_id from ingest_unseen_item
)
insert into ingest_change (batch_id, room_table, row_id, before)
select
    %(batch)s::bigint,
    'portfolio_item',
    item.id,
    to_jsonb(item)
from items_to_be_touched as touched
inner join portfolio_item as item on item.id = touched.item_id
