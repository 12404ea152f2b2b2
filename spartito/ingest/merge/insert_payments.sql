-- One row: a receipt taken in, nothing of it allocated yet.
-- reads: ingest_resolved_payment
-- writes: portfolio_payment
insert into portfolio_payment (
    id, creditor_id, customer_id, external_id, day, amount, unallocated, currency, payment_type_id, reference,
    fingerprint, batch_id
)
select
    payment_id,
    creditor_id,
    customer_id,
    coalesce(external_id, ''),
    payment_date,
    amount,
    amount,
    currency_code,
    payment_type_id,
    coalesce(reference, ''),
    fingerprint,
    %(batch)s::bigint
from ingest_resolved_payment
order by row
