-- One row: a part of a receipt laid on an item.
-- Receipts in order of day meet items in order of due date; each lays what it still has on what is still there.
-- phase 1: what a ledger of the receipt's day or later had already taken off (the receipt explains it);
-- phase 2: what is still open (the receipt reduces it); phase 3: whatever else a ledger took off.
-- reads: ingest_resolved_target, ingest_resolved_payment, portfolio_payment, portfolio_item, portfolio_movement,
-- reads: portfolio_allocation
-- writes: portfolio_allocation, portfolio_payment, portfolio_movement
with items_named as (
    select distinct item_id from ingest_resolved_target where is_alone = %(alone)s
),

taken_off_by_ledgers as (
    select
        movement.item_id,
        -sum(movement.amount) as taken_off,
        max(movement.day) as last_day
    from items_named as named
    inner join portfolio_movement as movement on movement.item_id = named.item_id
    where movement.is_inferred and movement.payment_id is null and movement.amount < 0
    group by movement.item_id
),

explained_before as (
    select
        allocation.item_id,
        sum(allocation.explains) as explained
    from items_named as named
    inner join portfolio_allocation as allocation on allocation.item_id = named.item_id
    group by allocation.item_id
),

waiting_movements as (
    select
        movement.item_id,
        sum(movement.amount) as waiting
    from items_named as named
    inner join portfolio_movement as movement on movement.item_id = named.item_id
    where not movement.is_applied
    group by movement.item_id
),

room_on_items as (
    select
        item.id as item_id,
        item.due_date,
        taken.last_day,
        case
            when %(phase)s::integer = 2 then item.open_amount + coalesce(waiting.waiting, 0)
            else coalesce(taken.taken_off, 0) - coalesce(before.explained, 0)
        end as room
    from items_named as named
    inner join portfolio_item as item on item.id = named.item_id
    left join taken_off_by_ledgers as taken on taken.item_id = item.id
    left join explained_before as before on before.item_id = item.id
    left join waiting_movements as waiting on waiting.item_id = item.id
),

receipts_with_money as (
    select distinct
        target.line,
        payment.id as payment_id,
        payment.day,
        payment.unallocated,
        told.row
    from ingest_resolved_target as target
    inner join portfolio_payment as payment on payment.id = target.payment_id
    inner join ingest_resolved_payment as told on told.payment_id = payment.id
    inner join room_on_items as room on room.item_id = target.item_id
    where target.is_alone = %(alone)s
        and payment.unallocated > 0
        and room.room > 0
        and (%(phase)s::integer <> 1 or payment.day <= room.last_day)
),

receipts_in_line as (
    select
        *,
        sum(unallocated) over (partition by line order by day, row) - unallocated as starts,
        sum(unallocated) over (partition by line order by day, row) as ends
    from receipts_with_money
),

items_with_room as (
    select distinct
        target.line,
        room.item_id,
        room.due_date,
        room.room
    from ingest_resolved_target as target
    inner join room_on_items as room on room.item_id = target.item_id
    where target.is_alone = %(alone)s and room.room > 0
),

items_in_line as (
    select
        *,
        sum(room) over (partition by line order by due_date, item_id) - room as starts,
        sum(room) over (partition by line order by due_date, item_id) as ends
    from items_with_room
),

parts as (
    select
        receipt.payment_id,
        item.item_id,
        receipt.day,
        least(receipt.ends, item.ends) - greatest(receipt.starts, item.starts) as amount
    from receipts_in_line as receipt
    inner join items_in_line as item on item.line = receipt.line
    where least(receipt.ends, item.ends) > greatest(receipt.starts, item.starts)
),

money_laid as (
    update portfolio_payment as payment
    set unallocated = payment.unallocated - laid.amount
    from (select payment_id, sum(amount) as amount from parts group by payment_id) as laid
    where payment.id = laid.payment_id
),

first_days as (
    select
        movement.item_id,
        min(movement.day) as opened_on
    from parts
    inner join portfolio_movement as movement on movement.item_id = parts.item_id
    group by movement.item_id
),

balances_moved as (
    insert into portfolio_movement (item_id, day, amount, cause, payment_id, is_inferred, is_applied, batch_id)
    select
        parts.item_id,
        greatest(parts.day, coalesce(first_days.opened_on, parts.day)),
        -parts.amount,
        'paid',
        parts.payment_id,
        false,
        greatest(parts.day, coalesce(first_days.opened_on, parts.day)) <= %(as_of)s::date,
        %(batch)s::bigint
    from parts
    left join first_days on first_days.item_id = parts.item_id
    where %(phase)s::integer = 2
)
insert into portfolio_allocation (payment_id, item_id, day, amount, explains)
select
    payment_id,
    item_id,
    day,
    amount,
    case when %(phase)s::integer = 2 then 0 else amount end
from parts
