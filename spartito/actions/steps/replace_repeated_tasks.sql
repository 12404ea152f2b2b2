-- One row: an open call or internal task that the same step, taken again today, stands for: every item that moved with
-- the earlier one and is still open moved again. One call for the same debt is enough; what was planned earlier stays told.
-- reads: actions_plannedaction, actions_actionitem, portfolio_item
-- writes: actions_task, journal_entry
with replaced as (
    select distinct on (earlier.id)
        earlier.id,
        later.id as task_instead
    from actions_task as later
    inner join actions_plannedaction as taken_again on taken_again.id = later.planned_action_id
    inner join actions_task as earlier
        on earlier.customer_id = later.customer_id
        and earlier.step_code = later.step_code
        and earlier.kind = later.kind
        and earlier.status = 'open'
        and earlier.id < later.id
    inner join actions_plannedaction as taken on taken.id = earlier.planned_action_id
    where later.status = 'open'
        and later.due_on = %(as_of)s
        and taken_again.origin = 'engine'
        and taken.origin = 'engine'
        and taken.due_on < taken_again.due_on
        and (%(customers)s::bigint[] is null or later.customer_id = any(%(customers)s))
        and not exists (
            select 1
            from actions_actionitem as moved
            inner join portfolio_item as item on item.id = moved.item_id
            where moved.planned_action_id = taken.id
                and moved.role = 'moved'
                and item.closed_on is null
                and not exists (
                    select 1
                    from actions_actionitem as again
                    where again.planned_action_id = taken_again.id
                        and again.item_id = moved.item_id
                        and again.role = 'moved'
                )
        )
    order by earlier.id asc, later.id desc
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
