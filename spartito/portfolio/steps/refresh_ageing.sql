-- One row: open items of one customer for one (salesperson, area, division, sector), where they are new or changed.
-- The item's own attributes, else the customer's. Amounts in the tenant's currency at the day's
-- reference rate (no rate: taken at par). Overdue = signed open amounts whose due date is before
-- `as_of`, so that buckets add up to the total; an item that is only withholding, split VAT or
-- unreleased retention is not overdue.
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

-- `offset 0` keeps each row's bucket from being worked out again in every sum below.
open_items as (
    select
        item.customer_id,
        coalesce(item.salesperson_id, customer.salesperson_id) as salesperson_id,
        coalesce(item.area_id, customer.area_id) as area_id,
        coalesce(item.division_id, customer.division_id) as division_id,
        coalesce(item.sector_id, customer.sector_id) as sector_id,
        case when rate.rate is null then item.open_amount else round(item.open_amount / rate.rate, 2) end as open_amount,
        item.due_date,
        item.bank_status,
        case
            when item.due_date >= %(as_of)s then 0
            when item.withheld + item.vat_split + item.retention > 0
                and item.open_amount > 0
                and item.open_amount <= item.withheld + item.vat_split
                + case when item.retention_release_date <= %(as_of)s then 0 else item.retention end then 0
            else width_bucket(%(as_of)s::date - item.due_date, buckets.lowers)
        end as bucket
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    cross join buckets_of_the_day as buckets
    left join rates_of_the_day as rate on rate.currency = item.currency
    where item.closed_on is null
        and item.open_amount <> 0
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
        and (%(customers)s::bigint[] is null or customer.id = any(%(customers)s))
    offset 0
),

sums_of_open_items as (
    select
        customer_id,
        salesperson_id,
        area_id,
        division_id,
        sector_id,
        sum(open_amount) as total,
        sum(open_amount) filter (where open_amount > 0) as debits,
        sum(open_amount) filter (where bank_status in ('presented', 'credited')) as at_bank,
        sum(open_amount) filter (where bank_status = 'returned') as returned,
        count(*) as open_items,
        count(*) filter (where bucket > 0 and open_amount > 0) as overdue_items,
        min(due_date) filter (where open_amount > 0 and (bucket > 0 or due_date >= %(as_of)s)) as oldest_due_date,
        sum(open_amount) filter (where bucket = 0) as b0,
        sum(open_amount) filter (where bucket = 1) as b1,
        sum(open_amount) filter (where bucket = 2) as b2,
        sum(open_amount) filter (where bucket = 3) as b3,
        sum(open_amount) filter (where bucket = 4) as b4,
        sum(open_amount) filter (where bucket = 5) as b5,
        sum(open_amount) filter (where bucket = 6) as b6,
        sum(open_amount) filter (where bucket = 7) as b7,
        sum(open_amount) filter (where bucket = 8) as b8,
        sum(open_amount) filter (where bucket = 9) as b9,
        sum(open_amount) filter (where bucket = 10) as b10,
        sum(open_amount) filter (where bucket = 11) as b11
    from open_items
    group by customer_id, salesperson_id, area_id, division_id, sector_id
),

rows_of_the_day as materialized (
    select
        row_number() over () as place,
        sums.customer_id,
        sums.salesperson_id,
        sums.area_id,
        sums.division_id,
        sums.sector_id,
        sums.total,
        coalesce(sums.debits, 0) as debits,
        sums.total - coalesce(sums.b0, 0) as overdue,
        coalesce(sums.at_bank, 0) as at_bank,
        coalesce(sums.returned, 0) as returned,
        (
            array[
                coalesce(b0, 0), coalesce(b1, 0), coalesce(b2, 0), coalesce(b3, 0), coalesce(b4, 0), coalesce(b5, 0),
                coalesce(b6, 0), coalesce(b7, 0), coalesce(b8, 0), coalesce(b9, 0), coalesce(b10, 0), coalesce(b11, 0)
            ]
        )[1:buckets.how_many]::numeric(16, 2)[] as buckets,
        sums.open_items,
        sums.overdue_items,
        sums.oldest_due_date
    from sums_of_open_items as sums
    cross join buckets_of_the_day as buckets
),

-- Asked with `not in`: nothing tells the planner how many stay, and it would compare each row with each.
rows_that_stay as materialized (
    select
        kept.id,
        fresh.place
    from portfolio_ageing as kept
    inner join rows_of_the_day as fresh
        on fresh.customer_id = kept.customer_id
        and coalesce(fresh.salesperson_id, 0) = coalesce(kept.salesperson_id, 0)
        and coalesce(fresh.area_id, 0) = coalesce(kept.area_id, 0)
        and coalesce(fresh.division_id, 0) = coalesce(kept.division_id, 0)
        and coalesce(fresh.sector_id, 0) = coalesce(kept.sector_id, 0)
    where (%(customers)s::bigint[] is null or kept.customer_id = any(%(customers)s))
        and (kept.total, kept.debits, kept.overdue, kept.at_bank, kept.returned, kept.open_items, kept.overdue_items)
        = (fresh.total, fresh.debits, fresh.overdue, fresh.at_bank, fresh.returned, fresh.open_items, fresh.overdue_items)
        and kept.buckets = fresh.buckets
        and kept.oldest_due_date is not distinct from fresh.oldest_due_date
),

rows_gone as (
    delete from portfolio_ageing as kept
    where (%(customers)s::bigint[] is null or kept.customer_id = any(%(customers)s))
        and kept.id not in (select stays.id from rows_that_stay as stays)
)

insert into portfolio_ageing (
    customer_id, salesperson_id, area_id, division_id, sector_id, as_of, total, debits, overdue, at_bank,
    returned, buckets, open_items, overdue_items, oldest_due_date
)
select
    customer_id,
    salesperson_id,
    area_id,
    division_id,
    sector_id,
    %(as_of)s::date,
    total,
    debits,
    overdue,
    at_bank,
    returned,
    buckets,
    open_items,
    overdue_items,
    oldest_due_date
from rows_of_the_day as fresh
where fresh.place not in (select stays.place from rows_that_stay as stays)
