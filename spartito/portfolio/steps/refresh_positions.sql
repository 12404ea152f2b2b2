-- One row: a customer whose position on `as_of` differs from the one kept.
-- Amounts in the tenant's currency at the day's reference rate (no rate: taken at par).
-- Overdue = signed open amounts whose due date is before `as_of`, so that buckets add up to the
-- total; an item that is only withholding, split VAT or unreleased retention is not overdue.
-- reads: portfolio_customer, portfolio_item, portfolio_payment, portfolio_hold,
-- reads: portfolio_position, reference_bucket, reference_exchangerate
-- writes: portfolio_position
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

holds_of_the_day as (
    select
        customer_id,
        item_id,
        amount
    from portfolio_hold
    where starts_on <= %(as_of)s
        and (ends_on is null or ends_on >= %(as_of)s)
        and (released_on is null or released_on > %(as_of)s)
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
),

customers_on_hold as (
    select distinct customer_id from holds_of_the_day where item_id is null
),

items_on_hold as (
    select
        item_id,
        bool_or(amount is null) as is_whole,
        sum(amount) as part
    from holds_of_the_day
    where item_id is not null
    group by item_id
),

open_items as (
    select
        item.customer_id,
        item.open_amount / coalesce(rate.rate, 1) as open_amount,
        case
            when item.open_amount <= item.withheld + item.vat_split
                + case
                    when item.retention_release_date <= %(as_of)s then 0
                    else item.retention
                end
                and item.open_amount > 0 then 0
            else width_bucket(%(as_of)s::date - item.due_date, buckets.lowers)
        end as bucket,
        item.due_date,
        item.bank_status,
        case
            when on_hold.is_whole or customers_on_hold.customer_id is not null then item.open_amount
            else least(coalesce(on_hold.part, 0), greatest(item.open_amount, 0))
        end / coalesce(rate.rate, 1) as on_hold
    from portfolio_item as item
    cross join buckets_of_the_day as buckets
    left join rates_of_the_day as rate on rate.currency = item.currency
    left join items_on_hold as on_hold on on_hold.item_id = item.id
    left join customers_on_hold on customers_on_hold.customer_id = item.customer_id
    where item.closed_on is null
        and item.open_amount <> 0
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
),

sums_of_open_items as (
    select
        customer_id,
        sum(open_amount) as total,
        sum(open_amount) filter (where open_amount > 0) as debits,
        sum(open_amount) filter (where open_amount < 0) as credits,
        sum(open_amount) filter (where bucket > 0) as overdue,
        sum(open_amount) filter (where bank_status in ('presented', 'credited')) as at_bank,
        sum(open_amount) filter (where bank_status = 'returned') as returned,
        sum(on_hold) as on_hold,
        count(*) as open_items,
        count(*) filter (where bucket > 0 and open_amount > 0) as overdue_items,
        min(due_date) filter (where open_amount > 0) as oldest_due_date,
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
    group by customer_id
),

-- Bills that left the ledger when the bank credited them stay at risk until ten days after the due date.
bills_still_at_risk as (
    select
        item.customer_id,
        sum(item.amount / coalesce(rate.rate, 1)) as at_risk
    from portfolio_item as item
    left join rates_of_the_day as rate on rate.currency = item.currency
    where item.closing_cause = 'presented'
        and item.closed_on <= %(as_of)s
        and item.due_date >= %(as_of)s::date - 10
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    group by item.customer_id
),

money_not_allocated as (
    select
        payment.customer_id,
        sum(payment.unallocated / coalesce(rate.rate, 1)) as unallocated
    from portfolio_payment as payment
    left join rates_of_the_day as rate on rate.currency = payment.currency
    where payment.unallocated > 0
        and payment.day <= %(as_of)s
        and (%(customers)s::bigint[] is null or payment.customer_id = any(%(customers)s))
    group by payment.customer_id
),

positions_of_the_day as (
    select
        customer.id as customer_id,
        round(coalesce(sums.total, 0) - coalesce(money.unallocated, 0), 2) as balance,
        round(coalesce(sums.total, 0) - coalesce(money.unallocated, 0) + coalesce(bills.at_risk, 0), 2) as exposure,
        round(coalesce(sums.debits, 0), 2) as debits,
        round(coalesce(sums.credits, 0), 2) as credits,
        round(coalesce(money.unallocated, 0), 2) as unallocated,
        round(coalesce(sums.total, 0) - coalesce(sums.overdue, 0), 2) as not_due,
        round(coalesce(sums.overdue, 0), 2) as overdue,
        round(coalesce(sums.at_bank, 0) + coalesce(bills.at_risk, 0), 2) as at_bank,
        round(coalesce(sums.on_hold, 0), 2) as on_hold,
        round(coalesce(sums.returned, 0), 2) as returned,
        (coalesce(sums.buckets, array_fill(0::numeric, array[12])))[1:buckets.how_many]::numeric(16, 2)[] as buckets,
        coalesce(sums.open_items, 0) as open_items,
        coalesce(sums.overdue_items, 0) as overdue_items,
        sums.oldest_due_date
    from portfolio_customer as customer
    cross join buckets_of_the_day as buckets
    left join sums_of_open_items as sums on sums.customer_id = customer.id
    left join bills_still_at_risk as bills on bills.customer_id = customer.id
    left join money_not_allocated as money on money.customer_id = customer.id
    where (%(customers)s::bigint[] is null or customer.id = any(%(customers)s))
)
insert into portfolio_position as kept (
    customer_id, as_of, balance, exposure, debits, credits, unallocated, not_due, overdue,
    at_bank, on_hold, returned, buckets, open_items, overdue_items, oldest_due_date
)
select
    customer_id, %(as_of)s::date, balance, exposure, debits, credits, unallocated, not_due, overdue,
    at_bank, on_hold, returned, buckets, open_items, overdue_items, oldest_due_date
from positions_of_the_day
on conflict (customer_id) do update
set
    as_of = excluded.as_of,
    balance = excluded.balance,
    exposure = excluded.exposure,
    debits = excluded.debits,
    credits = excluded.credits,
    unallocated = excluded.unallocated,
    not_due = excluded.not_due,
    overdue = excluded.overdue,
    at_bank = excluded.at_bank,
    on_hold = excluded.on_hold,
    returned = excluded.returned,
    buckets = excluded.buckets,
    open_items = excluded.open_items,
    overdue_items = excluded.overdue_items,
    oldest_due_date = excluded.oldest_due_date
where (
    kept.balance, kept.exposure, kept.debits, kept.credits, kept.unallocated, kept.not_due, kept.overdue,
    kept.at_bank, kept.on_hold, kept.returned, kept.buckets, kept.open_items, kept.overdue_items, kept.oldest_due_date
) is distinct from (
    excluded.balance, excluded.exposure, excluded.debits, excluded.credits, excluded.unallocated,
    excluded.not_due, excluded.overdue, excluded.at_bank, excluded.on_hold, excluded.returned,
    excluded.buckets, excluded.open_items, excluded.overdue_items, excluded.oldest_due_date
)
