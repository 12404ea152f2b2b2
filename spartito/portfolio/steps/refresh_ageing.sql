-- One row: open items of one customer for one (salesperson, area, division, sector), on `as_of`.
-- The item's own attributes, else the customer's; amounts and buckets as in refresh_positions.
-- reads: portfolio_customer, portfolio_item, portfolio_ageing, reference_bucket, reference_exchangerate
-- writes: portfolio_ageing
with rates_of_the_day as (
    select distinct on (currency_id)
        currency_id as currency,
        rate
    from reference_exchangerate
    where day <= %(as_of)s
    order by currency_id asc, day desc
),

buckets_of_the_day as (
    select
        count(*)::integer as how_many,
        array_agg(lower order by position) filter (where position > 0) as lowers
    from reference_bucket
    where valid_from <= %(as_of)s
        and (valid_until is null or valid_until >= %(as_of)s)
),

yesterdays_rows_gone as (
    delete from portfolio_ageing
    where (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
),

open_items as (
    select
        item.customer_id,
        coalesce(item.salesperson_id, customer.salesperson_id) as salesperson_id,
        coalesce(item.area_id, customer.area_id) as area_id,
        coalesce(item.division_id, customer.division_id) as division_id,
        coalesce(item.sector_id, customer.sector_id) as sector_id,
        item.open_amount / coalesce(rate.rate, 1) as open_amount,
        case
            when item.open_amount <= item.withheld + item.vat_split
                + case
                    when item.retention_release_date <= %(as_of)s then 0
                    else item.retention
                end
                and item.open_amount > 0 then 0
            else width_bucket(%(as_of)s::date - item.due_date, buckets.lowers)
        end as bucket
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    cross join buckets_of_the_day as buckets
    left join rates_of_the_day as rate on rate.currency = item.currency
    where item.closed_on is null
        and item.open_amount <> 0
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
),

sums_of_open_items as (
    select
        customer_id,
        salesperson_id,
        area_id,
        division_id,
        sector_id,
        sum(open_amount) as total,
        coalesce(sum(open_amount) filter (where bucket > 0), 0) as overdue,
        count(*) as open_items,
        array[
            coalesce(sum(open_amount) filter (where bucket = 0), 0),
            coalesce(sum(open_amount) filter (where bucket = 1), 0),
            coalesce(sum(open_amount) filter (where bucket = 2), 0),
            coalesce(sum(open_amount) filter (where bucket = 3), 0),
            coalesce(sum(open_amount) filter (where bucket = 4), 0),
            coalesce(sum(open_amount) filter (where bucket = 5), 0),
            coalesce(sum(open_amount) filter (where bucket = 6), 0),
            coalesce(sum(open_amount) filter (where bucket = 7), 0),
            coalesce(sum(open_amount) filter (where bucket = 8), 0),
            coalesce(sum(open_amount) filter (where bucket = 9), 0),
            coalesce(sum(open_amount) filter (where bucket = 10), 0),
            coalesce(sum(open_amount) filter (where bucket = 11), 0)
        ] as buckets
    from open_items
    group by customer_id, salesperson_id, area_id, division_id, sector_id
)
insert into portfolio_ageing (
    customer_id, salesperson_id, area_id, division_id, sector_id, as_of, total, overdue, open_items, buckets
)
select
    sums.customer_id,
    sums.salesperson_id,
    sums.area_id,
    sums.division_id,
    sums.sector_id,
    %(as_of)s::date,
    round(sums.total, 2),
    round(sums.overdue, 2),
    sums.open_items,
    sums.buckets[1:buckets.how_many]::numeric(16, 2)[]
from sums_of_open_items as sums
cross join buckets_of_the_day as buckets
