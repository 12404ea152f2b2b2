-- One row: the first working day after `as_of` on which anything about these customers can change by itself:
-- a step's days reached, a wait or a limit over, a hold that starts or ends, money or an exchange rate whose day comes.
-- It may name a day too many, never one too few: each is tried with the real steps.
-- reads: strategies_enrolment, strategies_version, strategies_step, strategies_progress, portfolio_item,
-- reads: portfolio_customer, portfolio_hold, portfolio_movement, portfolio_payment, actions_plannedaction, actions_task,
-- reads: reference_day, reference_exchangerate
-- writes: nothing
with items as (
    select
        judged.item_id,
        judged.version_id,
        judged.dunning_date,
        item.due_date,
        item.returned_on,
        item.retention_release_date,
        progress.level_on,
        progress.not_before,
        (taken.params ->> 'pay_by')::integer as pay_by,
        version.bank_lag,
        version.days_between_steps,
        version.absorb_lower
    from strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], null) as judged
    inner join portfolio_item as item on item.id = judged.item_id
    left join strategies_version as version on version.id = judged.version_id
    left join strategies_progress as progress on progress.item_id = judged.item_id
    left join strategies_step as taken on taken.version_id = progress.version_id and taken.code = progress.level
),

days_of_change as (
    select
        item.dunning_date + step.days as day,
        item.bank_lag as lag
    from items as item
    inner join strategies_step as step on step.version_id = item.version_id
    union all
    select item.dunning_date + step.days, 0
    from items as item
    inner join strategies_step as step on step.version_id = item.version_id
    union all
    select item.level_on + coalesce(step.min_days, item.days_between_steps), 0
    from items as item
    inner join strategies_step as step on step.version_id = item.version_id
    union all
    select item.level_on + (step.params ->> 'repeat_every')::integer, 0
    from items as item
    inner join strategies_step as step on step.version_id = item.version_id
    union all
    select item.level_on + item.pay_by, item.bank_lag from items as item
    union all
    select other.day, 0
    from items as item
    cross join lateral (
        values (item.dunning_date + 1), (item.due_date + 1), (item.returned_on), (item.retention_release_date),
        (item.not_before), (item.level_on + item.absorb_lower)
    ) as other (day)
    union all
    select other.day, 0
    from portfolio_hold as hold
    cross join lateral (values (hold.starts_on), (hold.ends_on + 1), (hold.released_on), (hold.released_on + 1)) as other (day)
    where hold.customer_id = any(%(customers)s::bigint[])
    union all
    select least(hold.ends_on, hold.released_on - 1) + (version.further -> 'after_hold' ->> hold.kind)::integer, 0
    from portfolio_hold as hold
    inner join portfolio_customer as held on held.id = hold.customer_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = held.account_id
    inner join strategies_version as version on version.id = enrolment.version_id
    where hold.customer_id = any(%(customers)s::bigint[])
    union all
    select planned.due_on + coalesce(other.days, 1), 0
    from actions_plannedaction as planned
    inner join strategies_enrolment as enrolment on enrolment.account_id = planned.account_id
    inner join strategies_version as version on version.id = enrolment.version_id
    cross join lateral (values (1), (version.contact_days)) as other (days)
    where planned.account_id = any(%(customers)s::bigint[]) and planned.withdrawn_on is null
    union all
    select planned.cleared_on, 0
    from actions_plannedaction as planned
    where planned.account_id = any(%(customers)s::bigint[]) and planned.waits_for <> '' and planned.withdrawn_on is null
    union all
    select task.due_on + version.task_patience, 0
    from actions_task as task
    inner join strategies_enrolment as enrolment on enrolment.account_id = task.customer_id
    inner join strategies_version as version on version.id = enrolment.version_id
    where task.customer_id = any(%(customers)s::bigint[]) and task.status = 'open'
    union all
    select to_date(extract(year from %(as_of)s::date)::integer + later.years || '-' || (period.value ->> 'to'), 'YYYY-MM-DD') + 1, 0
    from strategies_enrolment as enrolment
    inner join strategies_version as version on version.id = enrolment.version_id
    cross join lateral jsonb_array_elements(version.further -> 'quiet') as period
    cross join (values (0), (1)) as later (years)
    where enrolment.account_id = any(%(customers)s::bigint[])
    union all
    select enrolment.fact_change_on + 7, 0
    from strategies_enrolment as enrolment
    where enrolment.account_id = any(%(customers)s::bigint[])
    union all
    select movement.day, 0
    from portfolio_movement as movement
    inner join portfolio_item as item on item.id = movement.item_id
    where item.customer_id = any(%(customers)s::bigint[]) and not movement.is_applied
    union all
    select payment.day, 0
    from portfolio_payment as payment
    where payment.customer_id = any(%(customers)s::bigint[])
    union all
    select rate.day, 0
    from reference_exchangerate as rate
    where rate.day > %(as_of)s
        and rate.currency_id in (
            select item.currency
            from portfolio_item as item
            where item.customer_id = any(%(customers)s::bigint[]) and item.closed_on is null
        )
    union all
    select %(as_of)s::date, 0 -- what a missed run left undone is tried on the first day, however old
),

days_after_their_lag as (
    select
        case when change.lag = 0 then change.day else (
            select min(later.day)
            from reference_day as later
            inner join reference_day as start on start.day = change.day
            where later.working_number = start.working_number + change.lag
        ) end as day
    from (select distinct day, lag from days_of_change) as change
    where change.day is not null and change.day > %(as_of)s::date - 60
)

select min(working.day) as day
from days_after_their_lag as change
cross join lateral (
    select candidate.day
    from reference_day as candidate
    where candidate.day >= greatest(change.day, %(as_of)s::date + 1) and candidate.is_working
    order by candidate.day
    limit 1
) as working
where change.day > %(as_of)s::date or %(first)s::boolean
