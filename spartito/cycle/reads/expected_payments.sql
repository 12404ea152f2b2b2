-- One row: an open item that is expected to be paid whole after `as_of`, and the day.
-- A customer pays as it paid: the middle one of the delays of its last year that were longer than the item is late
-- today; with fewer than 3 payments those of its credit class, then of everybody (each at least 10). An item later than
-- any payment ever was is not expected. Bills at the bank are paid on their due date. Money comes on working days.
-- An inferred closing counts as a payment, as it does everywhere. Amounts in the item's currency.
-- reads: portfolio_item, portfolio_customer, reference_day
with payments_of_the_last_year as (
    select
        customer.account_id,
        customer.credit_class_id,
        item.closed_on - item.due_date as delay
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    where item.closing_cause in ('paid', 'unknown')
        and item.document_type in ('invoice', 'debit_note')
        and item.closed_on <= %(as_of)s
        and item.closed_on > %(as_of)s::date - 365
),

habits_of_accounts as (
    select
        account_id,
        array_agg(delay order by delay) as delays
    from payments_of_the_last_year
    group by account_id
    having count(*) >= 3
),

habits_of_classes as (
    select
        credit_class_id,
        percentile_disc((select array_agg(part / 100.0::float) from generate_series(2, 98, 4) as part))
        within group (order by delay) as delays
    from payments_of_the_last_year
    group by credit_class_id
    having count(*) >= 10
),

habits_of_everybody as (
    select
        percentile_disc((select array_agg(part / 100.0::float) from generate_series(2, 98, 4) as part))
        within group (order by delay) as delays
    from payments_of_the_last_year
    having count(*) >= 10
),

working_days as (
    select
        day,
        min(day) filter (where is_working) over (order by day rows between current row and unbounded following) as next_one
    from reference_day
    where day between %(as_of)s::date and %(until)s::date + 15
),

open_items as (
    select
        item.id as item_id,
        item.open_amount as amount,
        item.due_date,
        item.bank_status in ('portfolio', 'presented', 'credited') as is_at_bank,
        greatest(%(as_of)s::date - item.due_date, -3650) as age,
        coalesce(own.delays, of_class.delays, of_everybody.delays) as delays
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    left join habits_of_accounts as own on own.account_id = customer.account_id
    left join habits_of_classes as of_class on of_class.credit_class_id = customer.credit_class_id
    left join habits_of_everybody as of_everybody on true
    where item.closed_on is null
        and item.open_amount > 0
        and item.document_type in ('invoice', 'debit_note')
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
),

-- How many of the delays, in their order, the item has outlived already.
items_and_what_is_left_of_the_habit as (
    select
        open_items.*,
        case when is_at_bank then 0 else width_bucket(age, delays) end as outlived,
        coalesce(cardinality(delays), 0) as how_many
    from open_items
),

days_expected as (
    select
        item_id,
        amount,
        case
            when is_at_bank then due_date
            when outlived < how_many then due_date + delays[outlived + (how_many - outlived + 1) / 2]
        end as day
    from items_and_what_is_left_of_the_habit
)

select
    expected.item_id,
    expected.amount,
    working.next_one as day
from days_expected as expected
inner join working_days as working on working.day = expected.day
where expected.day > %(as_of)s
    and working.next_one <= %(until)s
