-- One row: a contact of a period or campaign that had not left the house, called off by a person. A task that was tried
-- already closes, but its contact stays made. What is being sent at this moment goes its way.
-- Other parameters: `occasions` (bigint[]), `because`, `user_id`, `actor`.
-- reads: actions_plannedaction, actions_task, actions_message, actions_attempt
-- writes: actions_plannedaction, actions_task, actions_message, journal_entry
with contacts_that_stand as (
    select
        action.id as action_id,
        action.is_carried_out
    from actions_plannedaction as action
    where action.occasion_id = any(%(occasions)s::bigint[])
        and action.withdrawn_on is null
        and (%(customers)s::bigint[] is null or action.account_id = any(%(customers)s))
),

tasks_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, closed_by_id = %(user_id)s::bigint, note = %(because)s
    from contacts_that_stand as contact
    where task.planned_action_id = contact.action_id and task.status = 'open'
    returning task.id, task.planned_action_id as action_id, task.customer_id, task.kind, task.step_code
),

messages_withdrawn as (
    update actions_message as message
    set status = 'withdrawn', held_because = '', error = ''
    from contacts_that_stand as contact
    where message.planned_action_id = contact.action_id
        and message.status in ('queued', 'held', 'failed')
        and message.claimed_at is null
    returning message.id, message.planned_action_id as action_id, message.account_id, message.channel, message.step_code
),

tasks_about_those_messages_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, closed_by_id = %(user_id)s::bigint, note = %(because)s
    from messages_withdrawn as message
    where task.message_id = message.id and task.status = 'open'
),

lines_of_the_journal as (
    insert into journal_entry (business_date, customer_id, verb, data, user_id, actor, origin)
    select
        %(as_of)s::date,
        customer_id,
        'task.withdrawn',
        jsonb_build_object('task', id, 'kind', kind, 'step', step_code, 'because', %(because)s::text),
        %(user_id)s::bigint,
        %(actor)s::text,
        'person'
    from tasks_closed
    union all
    select
        %(as_of)s::date,
        account_id,
        'message.withdrawn',
        jsonb_build_object('message', id, 'channel', channel, 'step', step_code, 'because', %(because)s::text),
        %(user_id)s::bigint,
        %(actor)s::text,
        'person'
    from messages_withdrawn
)

update actions_plannedaction as action
set withdrawn_on = %(as_of)s, withdrawn_because = %(because)s
from contacts_that_stand as contact
where action.id = contact.action_id
    and (
        not contact.is_carried_out
        or exists (select 1 from messages_withdrawn as message where message.action_id = contact.action_id)
        or exists (select 1 from tasks_closed as task where task.action_id = contact.action_id)
    )
    and not exists (
        select 1
        from actions_attempt as attempt
        inner join actions_task as tried on tried.id = attempt.task_id
        where tried.planned_action_id = action.id and attempt.undone_on is null and attempt.outcome_id <> 'POST'
    )
