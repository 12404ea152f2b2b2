-- One row: a message of a day lived again, marked as sent on that day by `replay`: nothing leaves the house.
-- Waiting for data or for a server means nothing in a replay; what lacks an address or a template stays held.
-- reads: actions_message
-- writes: actions_message, journal_entry
with messages_that_leave as (
    update actions_message
    set status = 'sent', held_because = '', sent_by = 'replay', sent_on = %(as_of)s
    where claimed_at is null
        and due_on <= %(as_of)s
        and goes_by <> ''
        and (
            status = 'queued'
            or (status = 'held' and held_because in ('waiting_data', 'no_server'))
        )
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    returning id, account_id, channel, step_code, subject
)

insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
select
    %(as_of)s::date,
    account_id,
    'message.sent',
    jsonb_build_object('message', id, 'channel', channel, 'step', step_code, 'subject', subject, 'by', 'replay'),
    %(run_id)s::bigint,
    'engine'
from messages_that_leave
