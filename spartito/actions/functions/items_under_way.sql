-- One row: an item that moved with an action of the engine that has not left the house, and what became of it by a day.
-- The one home of what may still be asked for; steps that withdraw or replace select from it. Plain SQL, so that
-- PostgreSQL plans it as part of the statement that calls it.
-- `everybody`, a constant of the statement that calls it, or `only_customers`: whole accounts.
-- is_on_hold    whole: by a hold of its customer or account, of itself, or by parts that cover it
-- is_at_bank    went to the bank since the action's day
-- is_out        excluded, not owed, or below the minimum of the strategy that planned it (`params.minimum_item`)
-- is_left       none of these, and open
-- reads: actions_plannedaction, actions_actionitem, actions_task, actions_message
-- reads: portfolio_item, portfolio_customer, portfolio_creditclass, portfolio_hold, reference_exchangerate
create or replace function actions_items_under_way(on_day date, everybody boolean, only_customers bigint[])
returns table (
    action_id bigint,
    item_id bigint,
    is_closed boolean,
    is_on_hold boolean,
    is_at_bank boolean,
    is_out boolean,
    is_left boolean
)
language sql
stable
as $body$
with actions_not_left as (
    select task.planned_action_id as action_id
    from actions_task as task
    where task.status = 'open'
        and task.planned_action_id is not null
        and (everybody or task.customer_id = any(only_customers))
    union
    select task.about_id
    from actions_task as task
    where task.status = 'open'
        and task.subject = 'notify'
        and task.about_id is not null
        and (everybody or task.customer_id = any(only_customers))
    union
    select message.planned_action_id
    from actions_message as message
    where message.status in ('queued', 'held')
        and message.claimed_at is null
        and message.planned_action_id is not null
        and (everybody or message.account_id = any(only_customers))
    union
    select action.id
    from actions_plannedaction as action
    where not action.is_carried_out
        and action.withdrawn_on is null
        and (everybody or action.account_id = any(only_customers))
),

rates_of_the_day as (
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

items_that_moved as (
    select
        action.id as action_id,
        item.id as item_id,
        item.closed_on is not null or item.open_amount <= 0 as is_closed,
        coalesce(
            item.bank_status in ('portfolio', 'presented', 'credited') and item.presented_on >= action.due_on, false
        ) as is_at_bank,
        customer.is_excluded or account.is_excluded or not coalesce(credit_class.is_dunnable, true) as is_excluded,
        item.open_amount - item.withheld - item.vat_split
        - case when item.retention_release_date <= on_day then 0 else item.retention end as owed,
        own_hold.customer_id is not null
        or account_hold.customer_id is not null
        or coalesce(item_hold.is_whole, false) as is_held_whole,
        coalesce(item_hold.part, 0) as part,
        coalesce(rate.rate, 1) as rate,
        (action.params ->> 'minimum_item')::numeric as minimum_item
    from actions_not_left as candidate
    inner join actions_plannedaction as action on action.id = candidate.action_id
    inner join actions_actionitem as link on link.planned_action_id = action.id and link.role = 'moved'
    inner join portfolio_item as item on item.id = link.item_id
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join portfolio_customer as account on account.id = action.account_id
    left join portfolio_creditclass as credit_class on credit_class.id = account.credit_class_id
    left join rates_of_the_day as rate on rate.currency = item.currency
    left join customers_on_hold as own_hold on own_hold.customer_id = item.customer_id
    left join customers_on_hold as account_hold on account_hold.customer_id = action.account_id
    left join items_on_hold as item_hold on item_hold.item_id = item.id
    where action.withdrawn_on is null and action.origin = 'engine'
),

items_judged as (
    select
        moved.action_id,
        moved.item_id,
        moved.is_closed,
        moved.is_held_whole or (moved.part > 0 and moved.owed - moved.part <= 0) as is_on_hold,
        moved.is_at_bank,
        moved.is_excluded
        or moved.owed <= 0
        or coalesce(round((moved.owed - moved.part) / moved.rate, 2) < moved.minimum_item, false) as is_out
    from items_that_moved as moved
)

select
    judged.action_id,
    judged.item_id,
    judged.is_closed,
    judged.is_on_hold,
    judged.is_at_bank,
    judged.is_out,
    not (judged.is_closed or judged.is_on_hold or judged.is_at_bank or judged.is_out) as is_left
from items_judged as judged
$body$
