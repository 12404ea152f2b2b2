-- One row: a message about to leave, withdrawn because credits and money not yet allocated cover what is overdue in it.
-- reads: communications_rendition, actions_plannedaction
-- writes: actions_message, actions_plannedaction, journal_entry
with messages_about_to_leave as (
    select
        message.id,
        message.account_id,
        message.planned_action_id,
        text.fields
    from actions_message as message
    inner join communications_rendition as text on text.message_id = message.id and text.superseded_on is null
    where message.status = 'queued'
        and message.claimed_at is null
        and message.planned_action_id is not null
        and (text.fields ->> 'overdue_count')::integer > 0
        and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
),

sums_of_messages as (
    select
        message.id,
        message.account_id,
        message.planned_action_id,
        (
            select sum((document ->> 'amount')::numeric)
            from jsonb_array_elements(message.fields -> 'documents') as document
            where (document ->> 'days')::integer > 0
        ) as overdue,
        (
            select coalesce(sum((credit ->> 'amount')::numeric), 0)
            from jsonb_array_elements(message.fields -> 'credits') as credit
        ) as credits
    from messages_about_to_leave as message
),

messages_withdrawn as (
    update actions_message as message
    set status = 'withdrawn', held_because = ''
    from sums_of_messages as sums
    where message.id = sums.id and sums.overdue + sums.credits <= 0
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
