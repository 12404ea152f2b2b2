-- One row: an item that was open at the end of `as_of`, in the tenant's currency at that day's reference rate.
-- Today's balance less what moved later, plus what waits for its day: the same as adding up all movements to
-- `as_of`, without reading those of items settled long ago. Salespeople, areas and due dates are today's.
-- `is_kept`: balances stand on `as_of` already, movements are not looked at.
-- `due` is 'agreed' or 'original'; bucket 0 is not due, and holds what is only tax or retention.
-- reads: portfolio_item, portfolio_movement, portfolio_customer, reference_bucket, reference_exchangerate
with rates_of_the_day as (
    select distinct on (currency_id)
        currency_id as currency,
        rate
    from reference_exchangerate
    where day <= %(as_of)s
    order by currency_id asc, day desc
),

buckets_of_the_day as (
    select array_agg(lower order by position) filter (where position > 0) as lowers
    from reference_bucket
    where valid_from <= %(as_of)s
        and (valid_until is null or valid_until >= %(as_of)s)
),

moved_the_other_way as (
    select
        item_id,
        sum(case when is_applied then -amount else amount end) as amount
    from portfolio_movement
    where not %(is_kept)s
        and ((is_applied and day > %(as_of)s) or (not is_applied and day <= %(as_of)s))
    group by item_id
)

select
    item.id as item_id,
    item.customer_id,
    coalesce(item.salesperson_id, customer.salesperson_id) as salesperson_id,
    coalesce(item.area_id, customer.area_id) as area_id,
    coalesce(item.division_id, customer.division_id) as division_id,
    coalesce(item.sector_id, customer.sector_id) as sector_id,
    that_day.due_date,
    case
        when rate.rate is null then that_day.open_amount
        else round(that_day.open_amount / rate.rate, 2)
    end as total,
    case
        when that_day.due_date >= %(as_of)s then 0
        when item.withheld + item.vat_split + item.retention > 0
            and that_day.open_amount > 0
            and that_day.open_amount <= item.withheld + item.vat_split
            + case when item.retention_release_date <= %(as_of)s then 0 else item.retention end then 0
        else width_bucket(%(as_of)s::date - that_day.due_date, buckets.lowers)
    end as bucket
from portfolio_item as item
left join moved_the_other_way as moved on moved.item_id = item.id
inner join portfolio_customer as customer on customer.id = item.customer_id
cross join lateral (
    select
        item.open_amount + coalesce(moved.amount, 0) as open_amount,
        case when %(due)s = 'original' then item.original_due_date else item.due_date end as due_date
) as that_day
cross join buckets_of_the_day as buckets
left join rates_of_the_day as rate on rate.currency = item.currency
where (item.closed_on is null or moved.item_id is not null)
    and that_day.open_amount <> 0
