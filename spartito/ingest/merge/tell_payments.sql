-- One row: a line of history: a receipt came in.
-- reads: ingest_resolved_payment
-- writes: journal_entry
insert into journal_entry (business_date, customer_id, user_id, actor, verb, data, origin)
select
    %(as_of)s::date,
    customer_id,
    %(user_id)s::bigint,
    %(actor)s::text,
    'payment.received',
    jsonb_strip_nulls(jsonb_build_object(
        'amount', amount::text, 'currency', currency_code, 'day', payment_date, 'document', document_number,
        'reference', reference, 'batch', %(batch)s::bigint
    )),
    'import'
from ingest_resolved_payment
