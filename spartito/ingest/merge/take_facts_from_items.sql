-- One row: a customer whose salesperson, area, division or sector comes from its latest item
-- (by issue date, then number, then row) because its master data say nothing.
-- reads: ingest_resolved_item, ingest_resolved_customer, portfolio_item, portfolio_customer
-- writes: portfolio_customer
with customers_of_the_file as (
    select distinct told.customer_id
    from ingest_resolved_item as told
    where not exists (
        select 1
        from ingest_resolved_customer as made
        where made.customer_id = told.customer_id and made.is_new
    )
),

latest_items as (
    select distinct on (item.customer_id)
        item.customer_id,
        item.salesperson_id,
        item.area_id,
        item.division_id,
        item.sector_id
    from customers_of_the_file as customers
    inner join portfolio_item as item on item.customer_id = customers.customer_id
    left join ingest_resolved_item as told on told.item_id = item.id
    order by
        item.customer_id asc, item.issue_date desc nulls last, item.document_number desc,
        told.row desc nulls last, item.id desc
)
update portfolio_customer as customer
set
    salesperson_id = case
        when customer.master_facts ? 'salesperson' then customer.salesperson_id else latest.salesperson_id
    end,
    area_id = case when customer.master_facts ? 'area' then customer.area_id else latest.area_id end,
    division_id = case
        when customer.master_facts ? 'division' then customer.division_id else latest.division_id
    end,
    sector_id = case when customer.master_facts ? 'sector' then customer.sector_id else latest.sector_id end
from latest_items as latest
where customer.id = latest.customer_id
    and (
        (not customer.master_facts ? 'salesperson' and customer.salesperson_id is distinct from latest.salesperson_id)
        or (not customer.master_facts ? 'area' and customer.area_id is distinct from latest.area_id)
        or (not customer.master_facts ? 'division' and customer.division_id is distinct from latest.division_id)
        or (not customer.master_facts ? 'sector' and customer.sector_id is distinct from latest.sector_id)
    )
