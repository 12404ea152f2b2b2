-- One row: an item whose balance changed because the day of a movement has come.
-- Movements are applied once; a balance that reaches zero closes the item on the day, and for
-- the cause, of the movement that emptied it.
-- reads: portfolio_item, portfolio_movement
-- writes: portfolio_item, portfolio_movement
with applied_now as (
    update portfolio_movement as movement
    set is_applied = true
    from portfolio_item as item
    where item.id = movement.item_id
        and not movement.is_applied
        and movement.day <= %(as_of)s
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    returning movement.id, movement.item_id, movement.day, movement.amount, movement.cause, movement.is_inferred
),

change_of_each_item as (
    select
        item_id,
        sum(amount) as change,
        max(day) as last_day,
        (array_agg(cause order by day desc, id desc))[1] as last_cause,
        (array_agg(is_inferred order by day desc, id desc))[1] as last_is_inferred
    from applied_now
    group by item_id
)
update portfolio_item as item
set
    open_amount = item.open_amount + changed.change,
    closed_on = case when item.open_amount + changed.change = 0 then changed.last_day end,
    closing_cause = case
        when item.open_amount + changed.change <> 0 then ''
        when changed.last_cause in ('opened', 'reopened', 'corrected') then 'offset'
        else changed.last_cause
    end,
    is_inferred = item.open_amount + changed.change = 0 and changed.last_is_inferred
from change_of_each_item as changed
where item.id = changed.item_id
    and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
