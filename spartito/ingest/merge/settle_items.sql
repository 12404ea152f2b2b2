-- One row: a movement by which the ledger changes an item known before: paid down, raised, closed, reopened.
-- What stands is the balance by `as_of`. Payments of the last days, which the ERP may not have posted yet,
-- stand while the row still says what was open before them (`waits`).
-- reads: ingest_resolved_item, portfolio_item, portfolio_movement
-- writes: portfolio_movement, ingest_ledger_change
with known_items as (
    select
        resolved.item_id,
        resolved.open_amount as told,
        item.open_amount as stands,
        item.closed_on is not null as is_closed
    from ingest_resolved_item as resolved
    inner join portfolio_item as item on item.id = resolved.item_id
    where not resolved.is_new
),

late_money as (
    select
        movement.item_id,
        coalesce(sum(movement.amount) filter (where not movement.is_applied and movement.day <= %(as_of)s::date), 0) as pending,
        coalesce(sum(movement.amount) filter (where
            movement.payment_id is not null and movement.is_applied and movement.day > %(as_of)s::date - 5
        ), 0) as not_yet_known
    from known_items as known
    inner join portfolio_movement as movement on movement.item_id = known.item_id
    group by movement.item_id
),

changes as (
    select
        known.item_id,
        known.told,
        known.is_closed,
        known.stands + coalesce(late.pending, 0) as stands,
        case
            when known.told = known.stands + coalesce(late.pending, 0) - coalesce(late.not_yet_known, 0) then 0
            else known.told - known.stands - coalesce(late.pending, 0)
        end as change,
        coalesce(late.not_yet_known, 0) <> 0
        and known.told = known.stands + coalesce(late.pending, 0) - late.not_yet_known as waits
    from known_items as known
    left join late_money as late on late.item_id = known.item_id
),

told_changes as (
    insert into ingest_ledger_change (item_id, change, waits)
    select item_id, change, waits from changes
)
insert into portfolio_movement (item_id, day, amount, cause, is_inferred, is_applied, batch_id)
select
    item_id,
    %(as_of)s::date,
    change,
    case
        when is_closed then 'reopened'
        when abs(told) < abs(stands) then 'unknown'
        else 'corrected'
    end,
    not is_closed and abs(told) < abs(stands),
    true,
    %(batch)s::bigint
from changes
where change <> 0
