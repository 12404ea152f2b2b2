-- One row: what the ERP has now said of a customer; columns this file does not fill stay as said before.
-- reads: ingest_resolved_customer, ingest_delivery
-- writes: ingest_delivery
insert into ingest_delivery as known (room_table, row_id, values, fingerprint)
select
    'portfolio_customer',
    customer_id,
    said,
    fingerprint
from ingest_resolved_customer
on conflict (room_table, row_id) do update
set
    values = known.values || excluded.values,
    fingerprint = coalesce(excluded.fingerprint, known.fingerprint)
