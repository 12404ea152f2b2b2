-- One row: a task to find an address opened for an account whose message has none, or closed since one turned up.
-- One open task an account, about its oldest message without an address; once a person closed it in vain, the next
-- message without an address opens another.
-- reads: actions_message, actions_task
-- writes: actions_task
with accounts_without_an_address as (
    select
        account_id,
        min(id) as message_id,
        max(due_on) as last_due_on
    from actions_message
    where status = 'held'
        and held_because = 'no_address'
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    group by account_id
),

searches_that_are_over as (
    update actions_task as task
    set status = 'done', closed_on = %(as_of)s, note = 'address_found'
    where task.kind = 'find_contact'
        and task.status = 'open'
        and task.message_id is not null
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
        and not exists (
            select 1 from accounts_without_an_address as missing where missing.account_id = task.customer_id
        )
)

insert into actions_task (customer_id, kind, subject, assign_to, due_on, message_id)
select
    missing.account_id,
    'find_contact',
    'no_address',
    'collector',
    %(as_of)s::date,
    missing.message_id
from accounts_without_an_address as missing
where not exists (
    select 1
    from actions_task as task
    where task.customer_id = missing.account_id
        and task.kind = 'find_contact'
        and (task.status = 'open' or task.closed_on >= missing.last_due_on)
)
