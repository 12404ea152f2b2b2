-- One row: a task that asks somebody for a word about a contact that waits for it (`consult`): go on, wait until a day,
-- already promised, contested. It is withdrawn when the contact waits no more.
-- reads: actions_plannedaction
-- writes: actions_task
with contacts_that_wait as (
    select
        id,
        account_id,
        step_code,
        due_on,
        params -> 'consult' ->> 'who' as who
    from actions_plannedaction
    where waits_for = 'consult'
        and withdrawn_on is null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

questions_that_are_over as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s
    where task.kind = 'consult'
        and task.about_id is not null
        and task.status = 'open'
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
        and not exists (select 1 from contacts_that_wait as waiting where waiting.id = task.about_id)
)

insert into actions_task (about_id, customer_id, kind, step_code, subject, assign_to, due_on)
select
    waiting.id,
    waiting.account_id,
    'consult',
    waiting.step_code,
    'consult',
    waiting.who,
    %(as_of)s::date
from contacts_that_wait as waiting
where not exists (select 1 from actions_task as asked where asked.about_id = waiting.id)
