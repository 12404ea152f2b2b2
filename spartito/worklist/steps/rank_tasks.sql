-- One row: an open task whose points changed. Priority = the sum of the points, kept one by one in `reasons.points`:
--   amount   12 x log10(1 + overdue of the account / 100), at most 50: 1,000 gives 12, 10,000 gives 24, 100,000 gives 36
--   age      a point for every 3 days of the oldest due date, at most 30
--   carried  4 a working day since it was planned or last postponed to, at most 20
--   returned 10 when a Ri.Ba. or direct debit of the account came back and is still open
--   step     10 for a proposal of legal action, 5 for a call beyond which a formal notice comes (`must`)
-- reads: actions_task, actions_plannedaction, portfolio_customer, portfolio_position, reference_day
-- writes: worklist_assignment
with open_tasks as (
    select
        task.id,
        task.customer_id,
        greatest(task.due_on, task.not_before) as from_day,
        case
            when task.subject = 'propose_legal' then 10
            when action.must then 5
            else 0
        end as step_points
    from actions_task as task
    left join actions_plannedaction as action on action.id = task.planned_action_id
    where task.status = 'open'
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
),

accounts_with_tasks as (
    select distinct customer_id from open_tasks
),

positions_of_accounts as (
    select
        concerned.customer_id,
        sum(position.overdue) as overdue,
        sum(position.returned) as returned,
        min(position.oldest_due_date) as oldest_due_date
    from accounts_with_tasks as concerned
    inner join portfolio_customer as member on member.account_id = concerned.customer_id
    inner join portfolio_position as position on position.customer_id = member.id
    group by concerned.customer_id
),

points_of_tasks as (
    select
        task.id,
        least(50, round(12 * log(1 + greatest(coalesce(position.overdue, 0), 0) / 100)))::integer as amount,
        least(30, greatest(0, coalesce(%(as_of)s::date - position.oldest_due_date, 0) / 3)) as age,
        least(20, 4 * greatest(0, today.working_number - planned.working_number)) as carried,
        case
            when position.returned > 0 then 10
            else 0
        end as returned,
        task.step_points
    from open_tasks as task
    left join positions_of_accounts as position on position.customer_id = task.customer_id
    inner join reference_day as planned on planned.day = task.from_day
    inner join reference_day as today on today.day = %(as_of)s
),

priorities as (
    select
        id,
        amount + age + carried + returned + step_points as priority,
        jsonb_build_object(
            'amount', amount, 'age', age, 'carried', carried, 'returned', returned, 'step', step_points
        ) as points
    from points_of_tasks
)

update worklist_assignment as held
set priority = ranked.priority, reasons = held.reasons || jsonb_build_object('points', ranked.points)
from priorities as ranked
where held.task_id = ranked.id
    and (held.priority, held.reasons -> 'points') is distinct from (ranked.priority, ranked.points)
