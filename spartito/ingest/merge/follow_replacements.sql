-- One row: an item that replaces another of the same customer: it keeps that one's original due date.
-- Its level comes with `replaces`, which strategies reads.
-- reads: ingest_resolved_item, portfolio_item
-- writes: portfolio_item
with successors as (
    select distinct on (resolved.item_id)
        resolved.item_id,
        replaced.id as replaced_id,
        coalesce(resolved.original_due_date, replaced.original_due_date) as original_due_date
    from ingest_resolved_item as resolved
    inner join portfolio_item as replaced
        on replaced.customer_id = resolved.customer_id
        and replaced.document_number = resolved.replaces_document
        and replaced.id <> resolved.item_id
    where resolved.replaces_document is not null
    order by resolved.item_id asc, replaced.closed_on desc nulls first, replaced.due_date asc, replaced.id asc
)
update portfolio_item as item
set
    replaces_id = successors.replaced_id,
    original_due_date = successors.original_due_date
from successors
where item.id = successors.item_id
    and item.replaces_id is distinct from successors.replaced_id
