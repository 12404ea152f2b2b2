-- One row: a payer or parent that a file names by a code not known yet.
-- reads: ingest_staged_customer, portfolio_creditor, portfolio_customer
-- writes: portfolio_customer, ingest_change
with codes_in_the_file as (
    select creditor_code, payer_code as code from ingest_staged_customer where payer_code is not null
    union
    select creditor_code, parent_code as code from ingest_staged_customer where parent_code is not null
),

customers_made as (
    insert into portfolio_customer (creditor_id, code, created_on)
    select
        creditor.id,
        codes.code,
        %(as_of)s::date
    from codes_in_the_file as codes
    inner join portfolio_creditor as creditor on creditor.code = codes.creditor_code
    where not exists (
        select 1 from portfolio_customer as known where known.creditor_id = creditor.id and known.code = codes.code
    )
    order by creditor.id, codes.code
    returning id
)
insert into ingest_change (batch_id, room_table, row_id)
select %(batch)s::bigint, 'portfolio_customer', customers_made.id
from customers_made
