-- One row: an open call or internal task that the same step, taken again today, stands for: every item that moved with
-- the earlier one and is still open moved again. One call for the same debt is enough; what was planned earlier stays told.
-- reads: actions_actionitem, portfolio_item
-- writes: actions_task, journal_entry
with made_again as materialized (
    select
        earlier.id,
        earlier.planned_action_id as action_id,
        later.id as task_instead,
        later.planned_action_id as action_instead
    from actions_task as later
    inner join actions_task as earlier
        on earlier.customer_id = later.customer_id
        and earlier.step_code = later.step_code
        and earlier.kind = later.kind
        and earlier.status = 'open'
        and earlier.due_on < later.due_on
    where later.status = 'open'
        and later.due_on = %(as_of)s
        and later.step_code <> ''
        and later.planned_action_id is not null
        and earlier.planned_action_id is not null
        and (%(customers)s::bigint[] is null or later.customer_id = any(%(customers)s))
),

items_left as (
    select
        again.id,
        moved.item_id,
        again.action_instead
    from made_again as again
    inner join actions_actionitem as moved on moved.planned_action_id = again.action_id and moved.role = 'moved'
    inner join portfolio_item as item on item.id = moved.item_id and item.closed_on is null
),

asked_for_by_the_earlier_alone as (
    select
        item.id,
        item.action_instead
    from items_left as item
    left join actions_actionitem as moved_again
        on moved_again.planned_action_id = item.action_instead
        and moved_again.item_id = item.item_id
        and moved_again.role = 'moved'
    where moved_again.item_id is null
),

replaced as (
    select
        again.id,
        max(again.task_instead) as task_instead
    from made_again as again
    left join asked_for_by_the_earlier_alone as alone
        on alone.id = again.id and alone.action_instead = again.action_instead
    where alone.id is null
    group by again.id
),

tasks_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, note = 'repeated'
    from replaced
    where task.id = replaced.id
    returning task.id, task.customer_id, task.kind, task.step_code, replaced.task_instead
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
