-- One row: a row kept for the undo although the file tells it as it was: nothing of it changed but its fingerprint.
-- reads: portfolio_item, portfolio_customer
-- writes: ingest_change
delete from ingest_change as kept
where kept.batch_id = %(batch)s::bigint
    and kept.room_table = %(room_table)s
    and (
        exists (
            select 1
            from portfolio_item as item
            where kept.room_table = 'portfolio_item'
                and item.id = kept.row_id
                and to_jsonb(item) - 'fingerprint' = kept.before - 'fingerprint'
        )
        or exists (
            select 1
            from portfolio_customer as customer
            where kept.room_table = 'portfolio_customer' and customer.id = kept.row_id and to_jsonb(customer) = kept.before
        )
    )
