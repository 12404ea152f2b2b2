-- One row: an open call or internal task that the same step, taken again today, stands for: every item that moved with
-- the earlier one, and may still be asked for, moved again with a later open one. One call for the same debt is enough;
-- what was planned earlier stays told. The earlier one may be of a customer that came to the account since. A day (and
-- hour) to come that was agreed on for it is that of the later one. Contacts of periods and campaigns are no steps that
-- items take: they neither replace nor are replaced.
-- reads: actions_plannedaction, actions_actionitem, actions_message, portfolio_customer, portfolio_item,
-- reads: portfolio_creditclass, portfolio_hold, reference_exchangerate
-- writes: actions_task, journal_entry
with steps_taken_today as (
    select
        task.customer_id,
        task.step_code,
        task.kind,
        max(task.id) as task_id
    from actions_task as task
    inner join actions_plannedaction as action on action.id = task.planned_action_id and action.occasion_id is null
    where task.status = 'open'
        and task.due_on = %(as_of)s
        and task.step_code <> ''
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
    group by task.customer_id, task.step_code, task.kind
),

open_tasks_of_those_steps as (
    select
        task.id,
        task.due_on,
        task.planned_action_id as action_id,
        today.task_id as task_instead,
        min(task.due_on) over (partition by today.task_id) as first_due_on
    from steps_taken_today as today
    inner join portfolio_customer as member on member.account_id = today.customer_id
    inner join actions_task as task
        on task.customer_id = member.id
        and task.step_code = today.step_code
        and task.kind = today.kind
        and task.status = 'open'
    inner join actions_plannedaction as action on action.id = task.planned_action_id and action.occasion_id is null
),

items_left as materialized (
    select
        task.id,
        task.due_on,
        task.task_instead,
        moved.item_id
    from open_tasks_of_those_steps as task
    inner join actions_items_under_way(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[]) as moved
        on moved.action_id = task.action_id
    where moved.is_left and task.first_due_on < %(as_of)s
),

replaced as (
    select
        earlier.id,
        earlier.task_instead
    from items_left as earlier
    left join items_left as later
        on later.task_instead = earlier.task_instead
        and later.item_id = earlier.item_id
        and later.due_on > earlier.due_on
    where earlier.due_on < %(as_of)s
    group by earlier.id, earlier.task_instead
    having bool_and(later.id is not null)
),

tasks_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, note = 'repeated'
    from replaced
    where task.id = replaced.id
    returning
        task.id, task.customer_id, task.kind, task.step_code, task.not_before, task.at_time, replaced.task_instead
),

days_agreed_on as (
    select distinct on (task_instead)
        task_instead,
        not_before,
        at_time
    from tasks_closed
    where not_before > %(as_of)s
    order by task_instead asc, not_before desc, id desc
),

days_kept as (
    update actions_task as task
    set not_before = agreed.not_before, at_time = agreed.at_time
    from days_agreed_on as agreed
    where task.id = agreed.task_instead and task.not_before is null
)

insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
select
    %(as_of)s::date,
    customer_id,
    'task.withdrawn',
    jsonb_build_object('task', id, 'kind', kind, 'step', step_code, 'because', 'repeated', 'instead', task_instead),
    %(run_id)s::bigint,
    'engine'
from tasks_closed
