-- One row: a receipt of the file with the ids of what it names and a new id of its own.
-- `is_known`: its external id came in before with other data.
-- reads: ingest_staged_payment, portfolio_creditor, portfolio_customer, portfolio_paymenttype, portfolio_payment
-- writes: nothing (a temporary table)
create temporary table ingest_resolved_payment on commit drop as
select
    staged.*,
    creditor.id as creditor_id,
    customer.id as customer_id,
    payment_type.id as payment_type_id,
    coalesce(staged.currency, creditor.currency) as currency_code,
    known.id is not null as is_known,
    nextval(pg_get_serial_sequence('portfolio_payment', 'id')) as payment_id
from ingest_staged_payment as staged
inner join portfolio_creditor as creditor on creditor.code = staged.creditor_code
inner join portfolio_customer as customer
    on customer.creditor_id = creditor.id and customer.code = staged.customer_code
left join portfolio_paymenttype as payment_type on payment_type.code = staged.payment_type
left join portfolio_payment as known
    on known.creditor_id = creditor.id and known.external_id = staged.external_id and known.external_id <> ''
