-- One row: a message still unsent five working days after its day (or after a person let it go on): it waits for a
-- person, who sends or drops it. Letters wait for one anyway, in the print queue.
-- reads: reference_day
-- writes: actions_message, actions_task
with messages_too_old as (
    update actions_message as message
    set status = 'held', held_because = 'stale'
    from reference_day as planned, reference_day as today
    where message.status in ('queued', 'held')
        and message.claimed_at is null
        and message.held_because not in ('stale', 'no_address', 'approval', 'consult')
        and message.goes_by not in ('letter', 'registered_letter')
        and planned.day = greatest(message.due_on, message.released_on)
        and today.day = %(as_of)s
        and today.working_number - planned.working_number > 5
        and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
    returning message.id, message.account_id
)

insert into actions_task (customer_id, kind, subject, assign_to, due_on, message_id)
select
    account_id,
    'review',
    'stale_message',
    'collector',
    %(as_of)s::date,
    id
from messages_too_old
