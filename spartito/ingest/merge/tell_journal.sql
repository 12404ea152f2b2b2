-- One row: a line of history: an item opened (not at a creditor's first ledger), closed, reopened,
-- reduced, raised or returned by this file.
-- reads: portfolio_movement, portfolio_item, ingest_resolved_item, ingest_change
-- writes: journal_entry
with moved_items as (
    select
        movement.id,
        movement.cause,
        movement.is_inferred,
        movement.amount,
        item.id as item_id,
        item.customer_id,
        item.document_number,
        item.currency,
        item.closed_on is not null as is_closed
    from portfolio_movement as movement
    inner join portfolio_item as item on item.id = movement.item_id
    where movement.batch_id = %(batch)s::bigint
        and (movement.cause <> 'opened' or not %(all_first)s)
        and not (movement.cause = 'opened' and item.creditor_id = any(%(first_ledgers)s::bigint[]))
),

returned_items as (
    select
        told.item_id,
        told.customer_id,
        told.document_number,
        told.return_reason,
        told.currency_code,
        told.open_amount
    from ingest_resolved_item as told
    inner join ingest_change as earlier
        on earlier.batch_id = %(batch)s::bigint
        and earlier.room_table = 'portfolio_item'
        and earlier.row_id = told.item_id
    where told.bank_status = 'returned' and earlier.before ->> 'bank_status' <> 'returned'
)
insert into journal_entry (business_date, customer_id, item_id, user_id, actor, verb, data, origin)
select
    %(as_of)s::date,
    customer_id,
    item_id,
    %(user_id)s::bigint,
    %(actor)s::text,
    case
        when cause = 'opened' then 'item.opened'
        when cause = 'reopened' then 'item.reopened'
        when cause = 'corrected' then 'item.raised'
        when is_closed then 'item.closed'
        else 'item.reduced'
    end,
    jsonb_build_object(
        'document', document_number, 'amount', abs(amount)::text, 'currency', currency, 'cause', cause,
        'is_inferred', is_inferred, 'batch', %(batch)s::bigint
    ),
    'import'
from moved_items
union all
select
    %(as_of)s::date,
    customer_id,
    item_id,
    %(user_id)s::bigint,
    %(actor)s::text,
    'item.returned',
    jsonb_build_object(
        'document', document_number, 'amount', open_amount::text, 'currency', currency_code,
        'reason', return_reason, 'batch', %(batch)s::bigint
    ),
    'import'
from returned_items
