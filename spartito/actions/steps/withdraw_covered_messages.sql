-- One row: an action whose message was about to leave, withdrawn because credits and money not yet allocated cover all
-- that is overdue in it. Sums of one currency are set against each other; in the order of the day this comes last,
-- at the moment of leaving. What a customer asked for (`answer`) and what goes of a period or campaign leaves all the same.
-- reads: actions_message, actions_plannedaction, actions_actionitem
-- reads: portfolio_item, portfolio_customer, portfolio_payment
-- writes: actions_message, actions_plannedaction, journal_entry
with messages_about_to_leave as (
    select
        message.id,
        message.account_id,
        message.planned_action_id
    from actions_message as message
    inner join actions_plannedaction as action
        on action.id = message.planned_action_id and action.origin <> 'answer' and action.occasion_id is null
    where message.status = 'queued'
        and message.claimed_at is null
        and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
),

overdue_of_messages as (
    select
        message.id,
        message.account_id,
        message.planned_action_id,
        item.currency,
        sum(item.open_amount) as amount
    from messages_about_to_leave as message
    inner join actions_actionitem as link on link.planned_action_id = message.planned_action_id
    inner join portfolio_item as item on item.id = link.item_id
    where item.closed_on is null and item.open_amount > 0 and item.due_date < %(as_of)s
    group by message.id, message.account_id, message.planned_action_id, item.currency
),

money_in_hand as (
    select
        member.account_id,
        item.currency,
        -item.open_amount as amount
    from messages_about_to_leave as message
    inner join portfolio_customer as member on member.account_id = message.account_id
    inner join portfolio_item as item on item.customer_id = member.id
    where item.closed_on is null and item.open_amount < 0
    union all
    select
        member.account_id,
        payment.currency,
        payment.unallocated
    from messages_about_to_leave as message
    inner join portfolio_customer as member on member.account_id = message.account_id
    inner join portfolio_payment as payment on payment.customer_id = member.id
    where payment.unallocated > 0 and payment.day <= %(as_of)s
),

money_of_accounts as (
    select
        account_id,
        currency,
        sum(amount) as amount
    from money_in_hand
    group by account_id, currency
),

messages_covered as (
    select
        overdue.id,
        overdue.account_id,
        overdue.planned_action_id
    from overdue_of_messages as overdue
    left join money_of_accounts as money
        on money.account_id = overdue.account_id and money.currency = overdue.currency
    group by overdue.id, overdue.account_id, overdue.planned_action_id
    having bool_and(coalesce(money.amount, 0) >= overdue.amount)
),

messages_withdrawn as (
    update actions_message as message
    set status = 'withdrawn', held_because = ''
    from messages_covered as covered
    where message.id = covered.id
    returning message.id, message.account_id, message.planned_action_id, message.channel, message.step_code
),

lines_of_the_journal as (
    insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
    select
        %(as_of)s::date,
        account_id,
        'message.withdrawn',
        jsonb_build_object('message', id, 'channel', channel, 'step', step_code, 'because', 'new_money'),
        %(run_id)s::bigint,
        'engine'
    from messages_withdrawn
)

update actions_plannedaction as action
set withdrawn_on = %(as_of)s, withdrawn_because = 'new_money'
from messages_withdrawn as message
where action.id = message.planned_action_id and action.withdrawn_on is null
