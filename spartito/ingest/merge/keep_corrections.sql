-- One row: a customer of this file with columns that a person corrected here, or that belong to Spartito.
-- Corrected: what stands here differs from what the ERP said last. Such columns are kept.
-- reads: ingest_resolved_customer, portfolio_customer, portfolio_creditclass, portfolio_paymenttype,
-- reads: portfolio_salesperson, access_orgunit, access_user, ingest_fieldowner
-- writes: ingest_resolved_customer
with customers_as_they_stand as (
    select
        customer.id,
        jsonb_build_object(
            'customer_name', customer.name,
            'vat_number', customer.vat_number,
            'tax_code', customer.tax_code,
            'credit_class', credit_class.code,
            'payer_code', payer.code,
            'parent_code', parent.code,
            'dun_group', customer.dun_group::text,
            'is_consumer', customer.is_consumer::text,
            'rating', customer.rating,
            'credit_limit', customer.credit_limit::text,
            'insured_limit', customer.insured_limit::text,
            'payable_balance', customer.payable_balance::text,
            'payment_terms', customer.payment_terms,
            'payment_type', payment_type.code,
            'currency', customer.currency,
            'salesperson_code', salesperson.code,
            'area_code', area.code,
            'division_code', division.code,
            'sector_code', sector.code,
            'assigned_to', collector.username,
            'strategy_code', customer.strategy_code,
            'is_excluded', customer.is_excluded::text,
            'excluded_because', customer.excluded_because,
            'email', customer.email,
            'pec', customer.pec,
            'phone', customer.phone,
            'address', customer.address,
            'postal_code', customer.postal_code,
            'city', customer.city,
            'province', customer.province,
            'country', customer.country,
            'language', customer.language
        ) as stands
    from ingest_resolved_customer as resolved
    inner join portfolio_customer as customer on customer.id = resolved.customer_id
    left join portfolio_creditclass as credit_class on credit_class.id = customer.credit_class_id
    left join portfolio_paymenttype as payment_type on payment_type.id = customer.payment_type_id
    left join portfolio_salesperson as salesperson on salesperson.id = customer.salesperson_id
    left join access_orgunit as area on area.id = customer.area_id
    left join access_orgunit as division on division.id = customer.division_id
    left join access_orgunit as sector on sector.id = customer.sector_id
    left join access_user as collector on collector.id = customer.collector_id
    left join portfolio_customer as payer on payer.id = customer.payer_id
    left join portfolio_customer as parent on parent.id = customer.parent_id
    where not resolved.is_new and resolved.said <> resolved.said_before
        or not resolved.is_new and %(check_all)s
),

columns_to_keep as (
    select
        stands.id,
        array_agg(told.key order by told.key) as kept,
        jsonb_object_agg(told.key, coalesce(stands.stands ->> told.key, '')) as stands
    from customers_as_they_stand as stands
    inner join ingest_resolved_customer as resolved on resolved.customer_id = stands.id
    cross join jsonb_each_text(resolved.said) as told
    left join ingest_fieldowner as owned on owned.table = 'customers' and owned.field = told.key
    where coalesce(owned.owner, 'last_writer') <> 'erp'
        and coalesce(stands.stands ->> told.key, '') <> told.value
        and (
            (owned.owner = 'spartito' and coalesce(stands.stands ->> told.key, '') <> '')
            -- Where the ERP never said anything, only what a person filled in counts as corrected.
            or (
                resolved.said_before ? told.key
                and coalesce(stands.stands ->> told.key, '') <> resolved.said_before ->> told.key
            )
            or (
                not resolved.said_before ? told.key
                and coalesce(stands.stands ->> told.key, '') not in ('', 'false')
                and told.key not in ('salesperson_code', 'area_code', 'division_code', 'sector_code')
            )
        )
    group by stands.id
)
update ingest_resolved_customer as resolved
set
    kept = columns_to_keep.kept,
    stands = columns_to_keep.stands
from columns_to_keep
where resolved.customer_id = columns_to_keep.id
