-- One row: a customer whose position on `as_of` differs from the one kept.
-- Sums of the ageing rows just refreshed, with unallocated money, bills at risk and holds.
-- reads: portfolio_customer, portfolio_item, portfolio_payment, portfolio_hold, portfolio_ageing,
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
    select count(*)::integer as how_many
    from reference_bucket
    where valid_from <= %(as_of)s
        and (valid_until is null or valid_until >= %(as_of)s)
),

sums_of_ageing_rows as (
    select
        customer_id,
        sum(total) as total,
        sum(debits) as debits,
        sum(overdue) as overdue,
        sum(at_bank) as at_bank,
        sum(returned) as returned,
        sum(open_items) as open_items,
        sum(overdue_items) as overdue_items,
        min(oldest_due_date) as oldest_due_date,
        sum(buckets[1]) as b0,
        sum(buckets[2]) as b1,
        sum(buckets[3]) as b2,
        sum(buckets[4]) as b3,
        sum(buckets[5]) as b4,
        sum(buckets[6]) as b5,
        sum(buckets[7]) as b6,
        sum(buckets[8]) as b7,
        sum(buckets[9]) as b8,
        sum(buckets[10]) as b9,
        sum(buckets[11]) as b10,
        sum(buckets[12]) as b11
    from portfolio_ageing
    where (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
    group by customer_id
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

amounts_on_hold as (
    select
        item.customer_id,
        sum(
            case
                when whole.customer_id is not null or part.is_whole then item.open_amount
                else least(coalesce(part.amount, 0), item.open_amount)
            end / coalesce(rate.rate, 1)
        ) as on_hold
    from (select distinct customer_id from holds_of_the_day) as held
    inner join portfolio_item as item
        on item.customer_id = held.customer_id and item.closed_on is null and item.open_amount > 0
    left join (select distinct customer_id from holds_of_the_day where item_id is null) as whole
        on whole.customer_id = item.customer_id
    left join (
        select
            item_id,
            bool_or(amount is null) as is_whole,
            sum(amount) as amount
        from holds_of_the_day
        where item_id is not null
        group by item_id
    ) as part on part.item_id = item.id
    left join rates_of_the_day as rate on rate.currency = item.currency
    group by item.customer_id
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
        coalesce(sums.total, 0) - round(coalesce(money.unallocated, 0), 2) as balance,
        coalesce(sums.total, 0) - round(coalesce(money.unallocated, 0), 2) + round(coalesce(bills.at_risk, 0), 2)
            as exposure,
        coalesce(sums.debits, 0) as debits,
        coalesce(sums.total, 0) - coalesce(sums.debits, 0) as credits,
        round(coalesce(money.unallocated, 0), 2) as unallocated,
        coalesce(sums.total, 0) - coalesce(sums.overdue, 0) as not_due,
        coalesce(sums.overdue, 0) as overdue,
        coalesce(sums.at_bank, 0) + round(coalesce(bills.at_risk, 0), 2) as at_bank,
        round(coalesce(held.on_hold, 0), 2) as on_hold,
        coalesce(sums.returned, 0) as returned,
        (
            array[
                coalesce(b0, 0), coalesce(b1, 0), coalesce(b2, 0), coalesce(b3, 0), coalesce(b4, 0), coalesce(b5, 0),
                coalesce(b6, 0), coalesce(b7, 0), coalesce(b8, 0), coalesce(b9, 0), coalesce(b10, 0), coalesce(b11, 0)
            ]
        )[1:buckets.how_many]::numeric(16, 2)[] as buckets,
        coalesce(sums.open_items, 0) as open_items,
        coalesce(sums.overdue_items, 0) as overdue_items,
        sums.oldest_due_date
    from portfolio_customer as customer
    cross join buckets_of_the_day as buckets
    left join sums_of_ageing_rows as sums on sums.customer_id = customer.id
    left join amounts_on_hold as held on held.customer_id = customer.id
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
