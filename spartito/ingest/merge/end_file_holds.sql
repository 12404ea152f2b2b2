-- One row: a hold put by a file that this file no longer names (or names otherwise), ended on `as_of`.
-- reads: ingest_resolved_item
-- writes: portfolio_hold, ingest_change
with holds_no_longer_told as (
    select hold.*
    from ingest_resolved_item as resolved
    inner join portfolio_hold as hold on hold.item_id = resolved.item_id
    where hold.source = 'file'
        and hold.released_on is null
        and (
            hold.kind is distinct from nullif(resolved.hold, '')
            or hold.ends_on is distinct from resolved.hold_until
            or hold.because is distinct from coalesce(resolved.hold_reason, '')
        )
),

remembered as (
    insert into ingest_change (batch_id, room_table, row_id, before)
    select %(batch)s::bigint, 'portfolio_hold', told.id, to_jsonb(told)
    from holds_no_longer_told as told
)
update portfolio_hold as hold
set
    released_on = %(as_of)s::date,
    release_reason = 'file'
from holds_no_longer_told as told
where hold.id = told.id
