-- One row: a call or an internal measure planned and now somebody's task (order blocks and notices are not).
-- reads: actions_plannedaction
-- writes: actions_task, actions_plannedaction
with work_for_people as (
    update actions_plannedaction
    set is_carried_out = true
    where not is_carried_out
        and withdrawn_on is null
        and waits_for = ''
        and origin = 'engine'
        and ((kind = 'contact' and channel = 'phone') or (kind = 'measure' and action in ('task', 'propose_legal')))
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    returning id, account_id, step_code, kind, action, assign_to, due_on, params
)

insert into actions_task (planned_action_id, customer_id, kind, step_code, subject, assign_to, due_on)
select
    id,
    account_id,
    case
        when kind = 'contact' then 'phone'
        when action = 'propose_legal' then 'review'
        else coalesce(nullif(params ->> 'kind', ''), 'internal')
    end,
    step_code,
    action,
    case
        when assign_to <> '' then assign_to
        when action = 'propose_legal' then 'credit_manager'
        else 'collector'
    end,
    due_on
from work_for_people
on conflict (planned_action_id) do nothing
