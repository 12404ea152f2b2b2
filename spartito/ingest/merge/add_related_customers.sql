-- One row: a payer or parent that a file names by a code not known yet.
-- reads: ingest_staged_customer, portfolio_creditor, portfolio_customer
-- writes: portfolio_customer, ingest_change
with codes_in_the_file as (
    select creditor_code, payer_code as code from ingest_staged_customer where payer_code is not null
    union
    select creditor_code, parent_code as code from ingest_staged_customer where parent_code is not null
),

new_customers as (
    select
        creditor.id as creditor_id,
        codes.code,
        nextval(pg_get_serial_sequence('portfolio_customer', 'id')) as customer_id
    from codes_in_the_file as codes
    inner join portfolio_creditor as creditor on creditor.code = codes.creditor_code
    where not exists (
        select 1 from portfolio_customer as known where known.creditor_id = creditor.id and known.code = codes.code
    )
),

customers_made as (
    insert into portfolio_customer (id, account_id, creditor_id, code, created_on)
    select
        customer_id,
        customer_id,
        creditor_id,
        code,
        %(as_of)s::date
    from new_customers
    order by creditor_id, code
    returning id
)
insert into ingest_change (batch_id, room_table, row_id)
select %(batch)s::bigint, 'portfolio_customer', customers_made.id
from customers_made
