-- One row: a salesperson as it was before this file; null before = this file made it.
-- reads: ingest_resolved_salesperson, portfolio_salesperson
-- writes: ingest_change
insert into ingest_change (batch_id, room_table, row_id, before)
select
    %(batch)s::bigint,
    'portfolio_salesperson',
    person.id,
    case when not person.code = any(%(made)s::text[]) then to_jsonb(person) end
from ingest_resolved_salesperson as told
inner join portfolio_salesperson as person on person.id = told.salesperson_id
