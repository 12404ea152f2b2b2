-- One row: a value of the ERP that differs from what a person corrected here, offered once.
-- reads: ingest_resolved_customer, ingest_proposal
-- writes: ingest_proposal
insert into ingest_proposal (customer_id, field, current_value, proposed_value, batch_id)
select
    resolved.customer_id,
    kept.field,
    left(resolved.stands ->> kept.field, 500),
    left(resolved.said ->> kept.field, 500),
    %(batch)s::bigint
from ingest_resolved_customer as resolved
cross join unnest(resolved.kept) as kept (field)
where not exists (
    select 1
    from ingest_proposal as earlier
    where earlier.customer_id = resolved.customer_id
        and earlier.field = kept.field
        and earlier.proposed_value = left(resolved.said ->> kept.field, 500)
        and earlier.accepted is distinct from true
)
