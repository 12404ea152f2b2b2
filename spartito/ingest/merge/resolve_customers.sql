-- One row: a customer of this file: what the file says of it, what the ERP said before, what stands here.
-- `said` holds the columns the file fills, as text; `kept` is filled by keep_corrections.
-- reads: ingest_staged_customer, portfolio_creditor, portfolio_customer, portfolio_creditclass,
-- reads: portfolio_paymenttype, portfolio_salesperson, access_orgunit, access_user, ingest_delivery, ingest_change
-- writes: nothing (a temporary table)
create temporary table ingest_resolved_customer on commit drop as
select
    customer.id as customer_id,
    staged.fingerprint,
    payer.id as payer_id,
    parent.id as parent_id,
    credit_class.id as credit_class_id,
    payment_type.id as payment_type_id,
    salesperson.id as salesperson_id,
    area.id as area_id,
    division.id as division_id,
    sector.id as sector_id,
    collector.id as collector_id,
    coalesce(delivery.values, '{}') as said_before,
    made.id is not null as is_new,
    '{}'::text[] as kept,
    '{}'::jsonb as stands,
    jsonb_strip_nulls(jsonb_build_object(
        'customer_name', staged.customer_name,
        'vat_number', staged.vat_number,
        'tax_code', staged.tax_code,
        'credit_class', staged.credit_class,
        'payer_code', staged.payer_code,
        'parent_code', staged.parent_code,
        'dun_group', staged.dun_group::text,
        'is_consumer', staged.is_consumer::text,
        'rating', staged.rating,
        'credit_limit', staged.credit_limit::text,
        'insured_limit', staged.insured_limit::text,
        'payable_balance', staged.payable_balance::text,
        'payment_terms', staged.payment_terms,
        'payment_type', staged.payment_type,
        'currency', staged.currency,
        'salesperson_code', staged.salesperson_code,
        'area_code', staged.area_code,
        'division_code', staged.division_code,
        'sector_code', staged.sector_code,
        'assigned_to', collector.username,
        'strategy_code', staged.strategy_code,
        'is_excluded', staged.is_excluded::text,
        'excluded_because', staged.excluded_because,
        'email', staged.email,
        'pec', staged.pec,
        'phone', staged.phone,
        'address', staged.address,
        'postal_code', staged.postal_code,
        'city', staged.city,
        'province', staged.province,
        'country', staged.country,
        'language', staged.language
    )) as said
from ingest_staged_customer as staged
inner join portfolio_creditor as creditor on creditor.code = staged.creditor_code
inner join portfolio_customer as customer
    on customer.creditor_id = creditor.id and customer.code = staged.customer_code
left join portfolio_customer as payer
    on payer.creditor_id = creditor.id and payer.code = staged.payer_code and payer.id <> customer.id
left join portfolio_customer as parent
    on parent.creditor_id = creditor.id and parent.code = staged.parent_code and parent.id <> customer.id
left join portfolio_creditclass as credit_class on credit_class.code = staged.credit_class
left join portfolio_paymenttype as payment_type on payment_type.code = staged.payment_type
left join portfolio_salesperson as salesperson on salesperson.code = staged.salesperson_code
left join access_orgunit as area on area.kind = 'area' and area.code = staged.area_code
left join access_orgunit as division on division.kind = 'division' and division.code = staged.division_code
left join access_orgunit as sector on sector.kind = 'sector' and sector.code = staged.sector_code
left join access_user as collector on lower(collector.username) = lower(staged.assigned_to)
left join ingest_delivery as delivery
    on delivery.room_table = 'portfolio_customer' and delivery.row_id = customer.id
left join ingest_change as made
    on made.batch_id = %(batch)s::bigint and made.room_table = 'portfolio_customer' and made.row_id = customer.id
