-- One row: the fingerprint of the row a salesperson came from.
-- reads: ingest_resolved_salesperson
-- writes: ingest_delivery
insert into ingest_delivery (room_table, row_id, values, fingerprint)
select
    'portfolio_salesperson',
    salesperson_id,
    '{}',
    fingerprint
from ingest_resolved_salesperson
on conflict (room_table, row_id) do update
set fingerprint = excluded.fingerprint
