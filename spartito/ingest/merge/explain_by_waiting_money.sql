-- One row: a payment of a day to come that this ledger has already taken off its item: it explains the
-- reduction, and only what is still open waits for its day.
-- reads: ingest_change, portfolio_item, portfolio_allocation
-- writes: portfolio_movement, portfolio_allocation, portfolio_item
with waiting_movements as (
    select
        earlier.id as movement_id,
        earlier.item_id,
        earlier.payment_id,
        earlier.day,
        item.open_amount,
        row_number() over (partition by earlier.item_id order by earlier.day desc, earlier.id desc) as from_last
    from ingest_change as change
    cross join lateral jsonb_to_record(change.before)
        as earlier (id bigint, item_id bigint, payment_id bigint, day date)
    inner join portfolio_item as item on item.id = earlier.item_id
    where change.batch_id = %(batch)s::bigint and change.room_table = 'portfolio_movement'
),

money_gone as (
    delete from portfolio_movement as movement
    using waiting_movements as waiting
    where movement.id = waiting.movement_id and (waiting.from_last > 1 or waiting.open_amount <= 0)
),

money_left as (
    update portfolio_movement as movement
    set amount = -waiting.open_amount
    from waiting_movements as waiting
    where movement.id = waiting.movement_id and waiting.from_last = 1 and waiting.open_amount > 0
),

reductions_explained as (
    update portfolio_movement as movement
    set
        cause = 'paid',
        is_inferred = false
    from waiting_movements as waiting
    where movement.item_id = waiting.item_id
        and movement.batch_id = %(batch)s::bigint
        and movement.payment_id is null
        and movement.amount < 0
),

closings_explained as (
    update portfolio_item as item
    set
        closing_cause = 'paid',
        is_inferred = false
    from waiting_movements as waiting
    where item.id = waiting.item_id and item.closed_on is not null
)
update portfolio_allocation as allocation
set explains = allocation.amount - case when waiting.from_last = 1 then greatest(least(waiting.open_amount, allocation.amount), 0) else 0 end
from waiting_movements as waiting
where allocation.payment_id = waiting.payment_id and allocation.item_id = waiting.item_id
