-- One row: a customer as it was before this file changed it, for the undo.
-- reads: ingest_resolved_customer, portfolio_customer
-- writes: ingest_change
insert into ingest_change (batch_id, room_table, row_id, before)
select
    %(batch)s::bigint,
    'portfolio_customer',
    customer.id,
    to_jsonb(customer)
from ingest_resolved_customer as resolved
inner join portfolio_customer as customer on customer.id = resolved.customer_id
where not resolved.is_new
