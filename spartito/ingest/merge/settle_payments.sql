-- One row: an item that receipts of this file reduced or paid by `as_of`.
-- reads: portfolio_movement
-- writes: portfolio_item
with money_of_the_file as (
    select
        item_id,
        sum(amount) as change,
        max(day) as last_day
    from portfolio_movement
    where batch_id = %(batch)s::bigint and is_applied
    group by item_id
)
update portfolio_item as item
set
    open_amount = item.open_amount + money.change,
    closed_on = case when item.open_amount + money.change = 0 then money.last_day end,
    closing_cause = case when item.open_amount + money.change = 0 then 'paid' else '' end,
    is_inferred = false,
    fingerprint = null
from money_of_the_file as money
where item.id = money.item_id
