-- One row: what the ERP has now said of a contact.
-- reads: ingest_resolved_contact
-- writes: ingest_delivery
insert into ingest_delivery as known (room_table, row_id, values, fingerprint)
select
    'portfolio_contact',
    contact_id,
    said,
    fingerprint
from ingest_resolved_contact
on conflict (room_table, row_id) do update
set
    values = known.values || excluded.values,
    fingerprint = excluded.fingerprint
