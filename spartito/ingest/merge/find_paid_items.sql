-- One row: an item that a receipt of the file names, by external id, else by document (type, year, instalment
-- where given) of the customer or of one it pays for. `line`: receipts and items that are settled in one line:
-- the item, where a receipt names one item alone, else the document.
-- reads: ingest_resolved_payment, portfolio_item, portfolio_customer
-- writes: nothing (a temporary table)
create temporary table ingest_resolved_target on commit drop as
with items_named as (
    select
        payment.payment_id,
        item.id as item_id,
        payment.customer_id::text || '|' || payment.document_number as document
    from ingest_resolved_payment as payment
    inner join portfolio_item as item
        on item.creditor_id = payment.creditor_id and item.external_id = payment.item_external_id
    where payment.item_external_id is not null
        and item.currency = payment.currency_code
        and item.document_type in ('invoice', 'debit_note')
    union all
    select
        payment.payment_id,
        item.id,
        payment.customer_id::text || '|' || payment.document_number
    from ingest_resolved_payment as payment
    inner join portfolio_item as item
        on item.document_number = payment.document_number and item.creditor_id = payment.creditor_id
    inner join portfolio_customer as owner on owner.id = item.customer_id
    where payment.item_external_id is null
        and payment.customer_id in (item.customer_id, owner.payer_id, owner.parent_id)
        and item.currency = payment.currency_code
        and item.document_type in ('invoice', 'debit_note')
        and (payment.document_type is null or item.document_type = payment.document_type)
        and (payment.document_year is null or extract(year from item.issue_date)::text = payment.document_year)
        and (payment.instalment is null or item.instalment = payment.instalment)
)
select
    payment_id,
    item_id,
    case
        when count(*) over (partition by payment_id) = 1 then 'item ' || item_id::text
        else coalesce(document, 'payment ' || payment_id::text)
    end as line,
    count(*) over (partition by payment_id) = 1 as is_alone
from items_named
