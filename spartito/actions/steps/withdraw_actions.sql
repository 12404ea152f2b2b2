-- One row: an action that had not left the house, withdrawn because none of the items that moved with it is left.
-- What is left, `actions_items_under_way` says. A task that was tried already closes, but its contact stays made; an
-- answer to a question before a contact is no such try.
-- reads: actions_plannedaction, actions_actionitem, actions_task, actions_message, actions_attempt
-- reads: portfolio_item, portfolio_customer, portfolio_creditclass, portfolio_hold, reference_exchangerate
-- writes: actions_plannedaction, actions_task, actions_message, journal_entry
with actions_without_reason as (
    select
        action_id,
        case
            when bool_and(is_closed) then 'paid'
            when bool_or(is_on_hold and not is_closed) then 'hold'
            when bool_or(is_at_bank and not is_closed) then 'at_bank'
            else 'not_dunnable'
        end as because
    from actions_items_under_way(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[])
    group by action_id
    having not bool_or(is_left)
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
