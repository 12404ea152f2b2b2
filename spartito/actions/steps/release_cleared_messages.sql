-- One row: a message that waited for an approval or a word, and goes on: it is dated as its action is now.
-- reads: actions_plannedaction
-- writes: actions_message
update actions_message as message
set
    status = case when action.waits_for = '' then 'queued' else 'held' end,
    held_because = action.waits_for,
    due_on = action.due_on
from actions_plannedaction as action
where action.id = message.planned_action_id
    and message.status = 'held'
    and message.held_because in ('approval', 'consult')
    and message.held_because <> action.waits_for
    and action.withdrawn_on is null
    and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
