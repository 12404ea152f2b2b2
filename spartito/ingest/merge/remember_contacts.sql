-- One row: a contact as it was before this file; null before = this file makes it.
-- reads: ingest_resolved_contact, portfolio_contact
-- writes: ingest_change
insert into ingest_change (batch_id, room_table, row_id, before)
select
    %(batch)s::bigint,
    'portfolio_contact',
    told.contact_id,
    to_jsonb(contact)
from ingest_resolved_contact as told
left join portfolio_contact as contact on contact.id = told.contact_id
