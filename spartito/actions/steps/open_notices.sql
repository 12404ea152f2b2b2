-- One row: a notice (`action: notify`): somebody of a role is to take note that an account came to a step. It holds nothing
-- back and closes by being read; one for each role that the step names (`params.notify`), else for who it is assigned to.
-- reads: actions_plannedaction
-- writes: actions_task, actions_plannedaction
with measures_to_tell as (
    update actions_plannedaction
    set is_carried_out = true
    where not is_carried_out
        and withdrawn_on is null
        and waits_for = ''
        and origin = 'engine'
        and action = 'notify'
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    returning
        id,
        account_id,
        step_code,
        due_on,
        coalesce(params -> 'notify', jsonb_build_array(coalesce(nullif(assign_to, ''), 'collector'))) as roles
)

insert into actions_task (about_id, customer_id, kind, step_code, subject, assign_to, due_on)
select
    measure.id,
    measure.account_id,
    'internal',
    measure.step_code,
    'notify',
    role.code,
    measure.due_on
from measures_to_tell as measure
cross join lateral jsonb_array_elements_text(measure.roles) as role (code)
