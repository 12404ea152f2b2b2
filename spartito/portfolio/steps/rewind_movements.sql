-- One row: an item taken back to its balance at the end of `as_of` (a replay's first evening).
-- reads: portfolio_item, portfolio_movement
-- writes: portfolio_item, portfolio_movement
with taken_back as (
    update portfolio_movement as movement
    set is_applied = false
    from portfolio_item as item
    where item.id = movement.item_id
        and movement.is_applied
        and movement.day > %(as_of)s
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    returning movement.item_id, movement.amount
),

change_of_each_item as (
    select
        item_id,
        sum(amount) as change
    from taken_back
    group by item_id
)
update portfolio_item as item
set
    open_amount = item.open_amount - changed.change,
    closed_on = null,
    closing_cause = '',
    is_inferred = false
from change_of_each_item as changed
where item.id = changed.item_id
