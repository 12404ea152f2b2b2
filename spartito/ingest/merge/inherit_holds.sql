-- One row: a hold of a replaced item, put on the item that replaces it too.
-- reads: ingest_resolved_item, portfolio_item, portfolio_hold
-- writes: portfolio_hold
insert into portfolio_hold (
    customer_id, item_id, amount, kind, starts_on, ends_on, review_on, owner_id, put_by_id, because, source, batch_id
)
select
    item.customer_id,
    item.id,
    hold.amount,
    hold.kind,
    hold.starts_on,
    hold.ends_on,
    hold.review_on,
    hold.owner_id,
    hold.put_by_id,
    hold.because,
    hold.source,
    %(batch)s::bigint
from ingest_resolved_item as resolved
inner join portfolio_item as item on item.id = resolved.item_id
inner join portfolio_hold as hold on hold.item_id = item.replaces_id
where resolved.replaces_document is not null
    and hold.released_on is null
    and not exists (
        select 1
        from portfolio_hold as mine
        where mine.item_id = item.id and mine.kind = hold.kind and mine.starts_on = hold.starts_on
    )
