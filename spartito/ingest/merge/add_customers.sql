-- One row: a customer that a file names for the first time, with all that it says of it. Salesperson, area,
-- division and sector are master data where a file of customers says them, else those of its latest item.
-- reads: ingest_staged_customer, portfolio_creditor, portfolio_customer, portfolio_creditclass,
-- reads: portfolio_paymenttype, portfolio_salesperson, portfolio_party, access_orgunit, access_user
-- writes: portfolio_customer, ingest_change
with new_customers as (
    select
        staged.*,
        creditor.id as creditor_id,
        nextval(pg_get_serial_sequence('portfolio_customer', 'id')) as customer_id
    from ingest_staged_customer as staged
    inner join portfolio_creditor as creditor on creditor.code = staged.creditor_code
    where not exists (
        select 1
        from portfolio_customer as known
        where known.creditor_id = creditor.id and known.code = staged.customer_code
    )
),

customers_made as (
    insert into portfolio_customer (
        id, account_id, creditor_id, code, created_on, name, vat_number, tax_code, party_id, credit_class_id, rating, is_consumer,
        language, dun_group, salesperson_id, area_id, division_id, sector_id, collector_id, payment_type_id,
        payment_terms, currency, credit_limit, insured_limit, payable_balance, strategy_code, is_excluded,
        excluded_because, email, pec, phone, address, postal_code, city, province, country, master_facts
    )
    select
        new.customer_id,
        new.customer_id,
        new.creditor_id,
        new.customer_code,
        %(as_of)s::date,
        coalesce(new.customer_name, ''),
        coalesce(new.vat_number, ''),
        coalesce(new.tax_code, ''),
        coalesce(by_vat.id, by_tax_code.id),
        credit_class.id,
        coalesce(new.rating, ''),
        coalesce(new.is_consumer, false),
        coalesce(new.language, ''),
        coalesce(new.dun_group, false),
        salesperson.id,
        area.id,
        division.id,
        sector.id,
        collector.id,
        payment_type.id,
        coalesce(new.payment_terms, ''),
        coalesce(new.currency, ''),
        new.credit_limit,
        new.insured_limit,
        new.payable_balance,
        coalesce(new.strategy_code, ''),
        coalesce(new.is_excluded, false),
        coalesce(new.excluded_because, ''),
        coalesce(new.email, ''),
        coalesce(new.pec, ''),
        coalesce(new.phone, ''),
        coalesce(new.address, ''),
        coalesce(new.postal_code, ''),
        coalesce(new.city, ''),
        coalesce(new.province, ''),
        coalesce(new.country, ''),
        jsonb_strip_nulls(jsonb_build_object(
            'salesperson', case when new.salesperson_code is not null then 'm' end,
            'area', case when new.area_code is not null then 'm' end,
            'division', case when new.division_code is not null then 'm' end,
            'sector', case when new.sector_code is not null then 'm' end
        ))
    from new_customers as new
    left join portfolio_party as by_vat
        on by_vat.country = coalesce(new.country, 'IT') and by_vat.vat_number = new.vat_number
    left join portfolio_party as by_tax_code
        on new.vat_number is null
        and by_tax_code.country = coalesce(new.country, 'IT')
        and by_tax_code.vat_number = ''
        and by_tax_code.tax_code = new.tax_code
    left join portfolio_creditclass as credit_class on credit_class.code = new.credit_class
    left join portfolio_paymenttype as payment_type on payment_type.code = new.payment_type
    left join portfolio_salesperson as salesperson
        on salesperson.code = coalesce(new.salesperson_code, new.latest_salesperson_code)
    left join access_orgunit as area
        on area.kind = 'area' and area.code = coalesce(new.area_code, new.latest_area_code)
    left join access_orgunit as division
        on division.kind = 'division' and division.code = coalesce(new.division_code, new.latest_division_code)
    left join access_orgunit as sector
        on sector.kind = 'sector' and sector.code = coalesce(new.sector_code, new.latest_sector_code)
    left join access_user as collector on lower(collector.username) = lower(new.assigned_to)
    order by new.creditor_id, new.customer_code
    returning id
)
insert into ingest_change (batch_id, room_table, row_id)
select %(batch)s::bigint, 'portfolio_customer', customers_made.id
from customers_made
