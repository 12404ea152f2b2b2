-- One row: an open item of an account on a day, with what rule 2 says of it: `why_not` null = dunnable.
-- The one home of rule 2; static steps and the explanation select from it. Plain SQL, so that PostgreSQL
-- plans it as part of the statement that calls it.
-- `everybody`, a constant of the statement that calls it, or `only_customers`. `due_until` leaves out items due later (null = none left out).
-- dunning_date  due date + the payment type's shift, and not before the return; days = day - dunning_date
-- dunnable      what may be asked for, in the item's currency: open, less what is not owed, less partial holds
-- dunnable_here the same in the tenant's currency at the day's reference rate (no rate: at par)
-- reads: portfolio_item, portfolio_customer, portfolio_paymenttype, portfolio_hold, reference_exchangerate,
-- reads: strategies_enrolment, strategies_version, strategies_paymentrule
create or replace function strategies_judged_items(
    on_day date, everybody boolean, only_customers bigint[], due_until date
)
returns table (
    item_id bigint,
    customer_id bigint,
    account_id bigint,
    strategy_id bigint,
    version_id bigint,
    dunning_date date,
    days integer,
    dunnable numeric,
    dunnable_here numeric,
    why_not text
)
language sql
stable
as $body$
with rates_of_the_day as (
    select distinct on (currency_id)
        currency_id as currency,
        rate
    from reference_exchangerate
    where day <= on_day
    order by currency_id asc, day desc
),

holds_of_the_day as (
    select
        hold.customer_id,
        hold.item_id,
        hold.amount
    from portfolio_hold as hold
    where hold.starts_on <= on_day
        and (hold.ends_on is null or hold.ends_on >= on_day)
        and (hold.released_on is null or hold.released_on > on_day)
        and (everybody or hold.customer_id = any(only_customers))
),

customers_on_hold as (
    select distinct holds_of_the_day.customer_id
    from holds_of_the_day
    where holds_of_the_day.item_id is null
),

items_on_hold as (
    select
        holds_of_the_day.item_id,
        bool_or(holds_of_the_day.amount is null) as is_whole,
        coalesce(sum(holds_of_the_day.amount), 0) as part
    from holds_of_the_day
    where holds_of_the_day.item_id is not null
    group by holds_of_the_day.item_id
),

open_items as (
    select
        item.id as item_id,
        item.customer_id,
        customer.account_id,
        enrolment.strategy_id,
        enrolment.version_id,
        greatest(item.due_date + coalesce(rule.shift_days, 0), item.returned_on) as dunning_date,
        item.open_amount,
        item.open_amount - item.withheld - item.vat_split
        - case when item.retention_release_date <= on_day then 0 else item.retention end as owed,
        case
            when customer_hold.customer_id is not null or account_hold.customer_id is not null then null
            when coalesce(item_hold.is_whole, false) then null
            else coalesce(item_hold.part, 0)
        end as held,
        coalesce(rate.rate, 1) as rate,
        version.minimum_item,
        customer.is_excluded or account.is_excluded as is_excluded,
        coalesce(payment_type.is_dunnable, true) and coalesce(rule.is_dunnable, true) as is_dunnable_type,
        item.bank_status in ('portfolio', 'presented', 'credited')
        or (item.bank_status = 'returned' and item.returned_on > on_day) as is_at_bank,
        rule.start_after = 'returned' and item.bank_status not in ('returned', 'recalled') as awaits_return
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join portfolio_customer as account on account.id = customer.account_id
    left join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
    left join strategies_version as version on version.id = enrolment.version_id
    left join portfolio_paymenttype as payment_type on payment_type.id = item.payment_type_id
    left join strategies_paymentrule as rule
        on rule.version_id = enrolment.version_id and rule.payment_type = payment_type.code
    left join rates_of_the_day as rate on rate.currency = item.currency
    left join customers_on_hold as customer_hold on customer_hold.customer_id = item.customer_id
    left join customers_on_hold as account_hold on account_hold.customer_id = customer.account_id
    left join items_on_hold as item_hold on item_hold.item_id = item.id
    where item.closed_on is null
        and item.open_amount > 0
        and (everybody or item.customer_id = any(only_customers))
        and (everybody or customer.id = any(only_customers))
        and (due_until is null or item.due_date <= due_until)
)

select
    open_items.item_id,
    open_items.customer_id,
    open_items.account_id,
    open_items.strategy_id,
    open_items.version_id,
    open_items.dunning_date,
    on_day - open_items.dunning_date as days,
    open_items.owed - coalesce(open_items.held, open_items.owed) as dunnable,
    round((open_items.owed - coalesce(open_items.held, open_items.owed)) / open_items.rate, 2) as dunnable_here,
    case
        when open_items.version_id is null then 'no_strategy'
        when open_items.is_excluded then 'excluded'
        when open_items.owed <= 0 then 'not_owed'
        when not open_items.is_dunnable_type then 'payment_type'
        when open_items.is_at_bank then 'at_bank'
        when open_items.awaits_return then 'awaits_return'
        when open_items.held is null or open_items.owed - open_items.held <= 0 then 'hold'
        when round((open_items.owed - open_items.held) / open_items.rate, 2) < open_items.minimum_item then 'below_minimum'
    end as why_not
from open_items
$body$
