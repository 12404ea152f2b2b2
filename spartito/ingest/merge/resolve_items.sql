-- One row: a row of the file with the ids of everything it names, and its item: the one known by
-- external id or key, or a new id. Without `all_rows` only rows that replace a document or name a hold.
-- reads: ingest_staged_item, portfolio_creditor, portfolio_customer, portfolio_item, portfolio_paymenttype,
-- reads: portfolio_salesperson, access_orgunit
-- writes: nothing (a temporary table)
create temporary table ingest_resolved_item on commit drop as
with rows_with_customers as (
    select
        staged.*,
        creditor.id as creditor_id,
        coalesce(staged.currency, creditor.currency) as currency_code,
        creditor.ledger_date,
        customer.id as customer_id
    from ingest_staged_item as staged
    inner join portfolio_creditor as creditor on creditor.code = staged.creditor_code
    inner join portfolio_customer as customer
        on customer.creditor_id = creditor.id and customer.code = staged.customer_code
    where %(all_rows)s or staged.replaces_document is not null or staged.hold <> ''
)
select
    staged.*,
    coalesce(
        by_external_id.id, by_key.id, nextval(pg_get_serial_sequence('portfolio_item', 'id'))
    ) as item_id,
    by_external_id.id is null and by_key.id is null as is_new,
    payment_type.id as payment_type_id,
    salesperson.id as salesperson_id,
    area.id as area_id,
    division.id as division_id,
    sector.id as sector_id
from rows_with_customers as staged
left join portfolio_item as by_external_id
    on by_external_id.creditor_id = staged.creditor_id
    and by_external_id.external_id = staged.external_id
    and by_external_id.external_id <> ''
left join portfolio_item as by_key
    on by_key.customer_id = staged.customer_id and by_key.item_key = staged.item_key
left join portfolio_paymenttype as payment_type on payment_type.code = staged.payment_type
left join portfolio_salesperson as salesperson on salesperson.code = staged.salesperson_code
left join access_orgunit as area on area.kind = 'area' and area.code = staged.area_code
left join access_orgunit as division on division.kind = 'division' and division.code = staged.division_code
left join access_orgunit as sector on sector.kind = 'sector' and sector.code = staged.sector_code
