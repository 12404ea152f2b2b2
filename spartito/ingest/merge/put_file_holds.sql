-- One row: a hold that this file names for an item. A hold whose end is past covers nothing and is not put.
-- One without an end is reviewed as one put by hand: `reviewed` (text[]) and `after` (integer[]), kinds and days.
-- reads: ingest_resolved_item
-- writes: portfolio_hold
insert into portfolio_hold (
    customer_id, item_id, kind, starts_on, ends_on, review_on, because, source, batch_id
)
select
    resolved.customer_id,
    resolved.item_id,
    resolved.hold,
    %(as_of)s::date,
    resolved.hold_until,
    case when resolved.hold_until is null then %(as_of)s::date + review.days end,
    coalesce(resolved.hold_reason, ''),
    'file',
    %(batch)s::bigint
from ingest_resolved_item as resolved
left join unnest(%(reviewed)s::text[], %(after)s::integer[]) as review (kind, days) on review.kind = resolved.hold
where nullif(resolved.hold, '') is not null
    and (resolved.hold_until is null or resolved.hold_until >= %(as_of)s::date)
    and not exists (
        select 1
        from portfolio_hold as already
        where already.item_id = resolved.item_id and already.source = 'file' and already.released_on is null
    )
