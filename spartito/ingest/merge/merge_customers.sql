-- One row: a customer that this file changes. An empty cell erases nothing; corrected columns are kept.
-- reads: ingest_resolved_customer, portfolio_customer
-- writes: portfolio_customer
with new_values as (
    select
        resolved.*,
        resolved.said - resolved.kept as told
    from ingest_resolved_customer as resolved
    where not resolved.is_new
        or resolved.payer_id is not null
        or resolved.parent_id is not null
)
update portfolio_customer as customer
set
    name = coalesce(told ->> 'customer_name', customer.name),
    vat_number = coalesce(told ->> 'vat_number', customer.vat_number),
    tax_code = coalesce(told ->> 'tax_code', customer.tax_code),
    credit_class_id = case when told ? 'credit_class' then new.credit_class_id else customer.credit_class_id end,
    payer_id = case when told ? 'payer_code' then new.payer_id else customer.payer_id end,
    parent_id = case when told ? 'parent_code' then new.parent_id else customer.parent_id end,
    dun_group = coalesce((told ->> 'dun_group')::boolean, customer.dun_group),
    is_consumer = coalesce((told ->> 'is_consumer')::boolean, customer.is_consumer),
    rating = coalesce(told ->> 'rating', customer.rating),
    credit_limit = coalesce((told ->> 'credit_limit')::numeric, customer.credit_limit),
    insured_limit = coalesce((told ->> 'insured_limit')::numeric, customer.insured_limit),
    payable_balance = coalesce((told ->> 'payable_balance')::numeric, customer.payable_balance),
    payment_terms = coalesce(told ->> 'payment_terms', customer.payment_terms),
    payment_type_id = case when told ? 'payment_type' then new.payment_type_id else customer.payment_type_id end,
    currency = coalesce(told ->> 'currency', customer.currency),
    salesperson_id = case when told ? 'salesperson_code' then new.salesperson_id else customer.salesperson_id end,
    area_id = case when told ? 'area_code' then new.area_id else customer.area_id end,
    division_id = case when told ? 'division_code' then new.division_id else customer.division_id end,
    sector_id = case when told ? 'sector_code' then new.sector_id else customer.sector_id end,
    collector_id = case when told ? 'assigned_to' then new.collector_id else customer.collector_id end,
    strategy_code = coalesce(told ->> 'strategy_code', customer.strategy_code),
    is_excluded = coalesce((told ->> 'is_excluded')::boolean, customer.is_excluded),
    excluded_because = coalesce(told ->> 'excluded_because', customer.excluded_because),
    email = coalesce(told ->> 'email', customer.email),
    pec = coalesce(told ->> 'pec', customer.pec),
    phone = coalesce(told ->> 'phone', customer.phone),
    address = coalesce(told ->> 'address', customer.address),
    postal_code = coalesce(told ->> 'postal_code', customer.postal_code),
    city = coalesce(told ->> 'city', customer.city),
    province = coalesce(told ->> 'province', customer.province),
    country = coalesce(told ->> 'country', customer.country),
    language = coalesce(told ->> 'language', customer.language),
    master_facts = customer.master_facts
        || case when told ? 'salesperson_code' then '{"salesperson": "m"}' else '{}' end::jsonb
        || case when told ? 'area_code' then '{"area": "m"}' else '{}' end::jsonb
        || case when told ? 'division_code' then '{"division": "m"}' else '{}' end::jsonb
        || case when told ? 'sector_code' then '{"sector": "m"}' else '{}' end::jsonb
from new_values as new
where customer.id = new.customer_id
