-- One row: an item past its last step (*esaurita*): dunnable and overdue, at the last step of its strategy's version
-- for at least the wait that a further step would have kept, and nothing of that step still to do.
-- reads: strategies_step, strategies_version, strategies_enrolment, strategies_progress, portfolio_item,
-- reads: portfolio_customer, actions_task, actions_plannedaction, actions_actionitem
-- writes: nothing
with last_steps as (
    select distinct on (step.version_id, step.track)
        step.version_id,
        step.track,
        step.code,
        step.position,
        coalesce((step.params ->> 'pay_by')::integer, version.days_between_steps) as wait,
        step.params ->> 'repeat_every' is not null as repeats
    from strategies_step as step
    inner join strategies_version as version on version.id = step.version_id
    order by step.version_id asc, step.track asc, step.position desc
),

items_at_the_end as (
    select
        item.id,
        item.customer_id,
        progress.level,
        progress.level_on
    from strategies_progress as progress
    inner join portfolio_item as item on item.id = progress.item_id and item.closed_on is null and item.open_amount > 0
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
    inner join last_steps as last
        on last.version_id = enrolment.version_id and last.code = progress.level and not last.repeats
    where progress.level_on <= %(as_of)s::date - last.wait
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
        and not exists (
            select 1
            from actions_actionitem as link
            inner join actions_plannedaction as action on action.id = link.planned_action_id
            inner join actions_task as task on task.planned_action_id = action.id and task.status = 'open'
            where link.item_id = item.id and link.role = 'moved' and action.step_code = progress.level
        )
),

customers_at_the_end as (
    select array_agg(distinct customer_id) as ids
    from items_at_the_end
)

select
    exhausted.id,
    exhausted.customer_id,
    exhausted.level,
    exhausted.level_on,
    judged.days,
    judged.dunnable,
    judged.dunnable_here
from customers_at_the_end as theirs
cross join lateral strategies_judged_items(%(as_of)s, false, theirs.ids, null) as judged
inner join items_at_the_end as exhausted on exhausted.id = judged.item_id
where judged.why_not is null and judged.days > 0
order by judged.dunnable_here desc, exhausted.id
