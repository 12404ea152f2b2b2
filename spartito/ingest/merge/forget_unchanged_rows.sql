-- One row: a row kept for the undo although the file tells it as it was: nothing of it changed but its fingerprint.
-- reads: portfolio_item, portfolio_customer
-- writes: ingest_change
with rows_of_the_batch as (
    select
        id,
        row_id,
        before
    from ingest_change
    where batch_id = %(batch)s::bigint and room_table = %(room_table)s
),

rows_that_stayed as (
    select told.id
    from rows_of_the_batch as told
    inner join portfolio_item as item on item.id = told.row_id
    where %(room_table)s = 'portfolio_item' and to_jsonb(item) - 'fingerprint' = told.before - 'fingerprint'
    union all
    select told.id
    from rows_of_the_batch as told
    inner join portfolio_customer as customer on customer.id = told.row_id
    where %(room_table)s = 'portfolio_customer' and to_jsonb(customer) = told.before
)

delete from ingest_change
using rows_that_stayed as stayed
where ingest_change.id = stayed.id
