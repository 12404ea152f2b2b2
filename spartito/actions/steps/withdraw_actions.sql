-- One row: an action that had not left the house, withdrawn because none of the items that moved with it is left.
-- Left = open, above its strategy's minimum (`params.minimum_item`), not covered whole by a hold, not gone to
-- the bank since, its customer not excluded nor of a class that is not dunnable. A task that was tried already closes,
-- but its contact stays made; an answer to a question before a contact is no such try.
-- reads: actions_plannedaction, actions_actionitem, actions_task, actions_message, actions_attempt
-- reads: portfolio_item, portfolio_customer, portfolio_creditclass, portfolio_hold, reference_exchangerate
-- writes: actions_plannedaction, actions_task, actions_message, journal_entry
with actions_not_left as (
    select planned_action_id as action_id
    from actions_task
    where status = 'open'
        and planned_action_id is not null
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
    union
    select about_id
    from actions_task
    where status = 'open'
        and subject = 'notify'
        and about_id is not null
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
    union
    select planned_action_id
    from actions_message
    where status in ('queued', 'held')
        and claimed_at is null
        and planned_action_id is not null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    union
    select id
    from actions_plannedaction
    where not is_carried_out
        and withdrawn_on is null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

rates_of_the_day as (
    select distinct on (currency_id)
        currency_id as currency,
        rate
    from reference_exchangerate
    where day <= %(as_of)s
    order by currency_id asc, day desc
),

items_that_moved as (
    select
        action.id as action_id,
        action.account_id,
        action.due_on,
        (action.params ->> 'minimum_item')::numeric as minimum_item,
        item.id as item_id,
        item.customer_id,
        item.closed_on is not null or item.open_amount <= 0 as is_closed,
        item.open_amount,
        coalesce(rate.rate, 1) as rate,
        item.bank_status in ('portfolio', 'presented', 'credited')
        and item.presented_on >= action.due_on as is_at_bank,
        customer.is_excluded or account.is_excluded or not coalesce(credit_class.is_dunnable, true) as is_excluded
    from actions_not_left as candidate
    inner join actions_plannedaction as action on action.id = candidate.action_id
    inner join actions_actionitem as link on link.planned_action_id = action.id and link.role = 'moved'
    inner join portfolio_item as item on item.id = link.item_id
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join portfolio_customer as account on account.id = action.account_id
    left join portfolio_creditclass as credit_class on credit_class.id = account.credit_class_id
    left join rates_of_the_day as rate on rate.currency = item.currency
    where action.withdrawn_on is null and action.origin = 'engine'
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
        coalesce(sum(amount), 0) as part
    from holds_of_the_day
    where item_id is not null
    group by item_id
),

items_and_what_became_of_them as (
    select
        moved.action_id,
        moved.is_closed,
        moved.is_at_bank,
        own_hold.customer_id is not null
        or account_hold.customer_id is not null
        or coalesce(part_hold.is_whole or moved.open_amount - part_hold.part <= 0, false) as is_on_hold,
        moved.is_excluded
        or coalesce(
            round((moved.open_amount - coalesce(part_hold.part, 0)) / moved.rate, 2) < moved.minimum_item, false
        ) as is_out
    from items_that_moved as moved
    left join customers_on_hold as own_hold on own_hold.customer_id = moved.customer_id
    left join customers_on_hold as account_hold on account_hold.customer_id = moved.account_id
    left join items_on_hold as part_hold on part_hold.item_id = moved.item_id
),

actions_without_reason as (
    select
        action_id,
        case
            when bool_and(is_closed) then 'paid'
            when bool_or(is_on_hold and not is_closed) then 'hold'
            when bool_or(is_at_bank and not is_closed) then 'at_bank'
            else 'not_dunnable'
        end as because
    from items_and_what_became_of_them
    group by action_id
    having bool_and(is_closed or is_on_hold or is_at_bank or is_out)
),

actions_tried_already as (
    select distinct reason.action_id
    from actions_attempt as attempt
    inner join actions_task as task on task.id = attempt.task_id and task.kind <> 'consult'
    inner join actions_without_reason as reason on reason.action_id = coalesce(task.planned_action_id, task.about_id)
    where attempt.undone_on is null
        and attempt.outcome_id <> 'POST'
        and (%(customers)s::bigint[] is null or attempt.customer_id = any(%(customers)s))
),

tasks_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, note = reason.because
    from actions_without_reason as reason
    where coalesce(task.planned_action_id, task.about_id) = reason.action_id
        and task.status = 'open'
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
    returning task.id, task.customer_id, task.kind, task.step_code, reason.because
),

messages_withdrawn as (
    update actions_message as message
    set status = 'withdrawn', held_because = '', error = ''
    from actions_without_reason as reason
    where message.planned_action_id = reason.action_id
        and message.status in ('queued', 'held')
        and message.claimed_at is null
    returning message.id, message.account_id, message.channel, message.step_code, reason.because
),

tasks_about_those_messages_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, note = message.because
    from messages_withdrawn as message
    where task.message_id = message.id and task.status = 'open'
),

lines_of_the_journal as (
    insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
    select
        %(as_of)s::date,
        customer_id,
        'task.withdrawn',
        jsonb_build_object('task', id, 'kind', kind, 'step', step_code, 'because', because),
        %(run_id)s::bigint,
        'engine'
    from tasks_closed
    union all
    select
        %(as_of)s::date,
        account_id,
        'message.withdrawn',
        jsonb_build_object('message', id, 'channel', channel, 'step', step_code, 'because', because),
        %(run_id)s::bigint,
        'engine'
    from messages_withdrawn
)

update actions_plannedaction as action
set withdrawn_on = %(as_of)s, withdrawn_because = reason.because
from actions_without_reason as reason
where action.id = reason.action_id
    and not exists (select 1 from actions_tried_already as tried where tried.action_id = action.id)
