-- One row: an item whose next step is due on `as_of` (rules 2, 3, 5, 7, 10, 11, 12), whether it can be planned or must wait.
-- `duestep` is this run's working table: `plan_actions` reads it next, and it tells later what waited and why.
-- On a day that is not a working day nothing is due.
-- Other parameters: `due_until` (date), after which no item can have a step due.
-- reads: reference_day, portfolio_item, portfolio_hold, portfolio_paymenttype, portfolio_customer, portfolio_position, strategies_enrolment, strategies_version,
-- reads: strategies_step, strategies_conditionresult, strategies_progress, strategies_takenstep, strategies_order,
-- reads: actions_task, actions_plannedaction, actions_actionitem
-- writes: strategies_duestep
with today as (
    select
        day,
        working_number
    from reference_day
    where day = %(as_of)s and is_working
),

marks_of_versions as (
    select
        step.version_id,
        step.track,
        min(step.days) as first_days,
        min(step.position) filter (where step.days >= 0) as first_post_due,
        coalesce(max(step.position) filter (where step.days < 0), 0) as last_pre_due,
        max(step.position) filter (where step.params ->> 'repeat_every' is not null) as repeats_at,
        max(step.below) filter (where step.params ->> 'repeat_every' is not null) as below_repeats_at,
        min(
            least(coalesce(step.min_days, version.days_between_steps), (step.params ->> 'repeat_every')::integer)
        ) as shortest_wait
    from strategies_step as step
    inner join strategies_version as version on version.id = step.version_id
    group by step.version_id, step.track
),

versions_and_their_tracks as (
    select
        version_id,
        min(first_days) as first_days,
        bool_or(track <> '') as has_tracks
    from marks_of_versions
    group by version_id
),

quiet_today as (
    select
        version.id as version_id,
        min(coalesce(
            (
                select max(step.position)
                from strategies_step as step
                where step.version_id = version.id and step.code = period.value ->> 'max_step'
            ), 0
        )) as highest
    from strategies_version as version
    cross join lateral jsonb_array_elements(version.further -> 'quiet') as period
    where case when period.value ->> 'from' <= period.value ->> 'to'
        then to_char(%(as_of)s::date, 'MM-DD') between period.value ->> 'from' and period.value ->> 'to'
        else to_char(%(as_of)s::date, 'MM-DD') >= period.value ->> 'from'
            or to_char(%(as_of)s::date, 'MM-DD') <= period.value ->> 'to'
    end
    group by version.id
),

-- What waits for an approval or for somebody's word: its items wait with it, and so do others due at the same step.
actions_that_wait as (
    select
        id,
        account_id,
        step_code,
        waits_for
    from actions_plannedaction
    where waits_for <> ''
        and withdrawn_on is null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

steps_that_wait as (
    select
        account_id,
        step_code,
        min(waits_for) as waits_for
    from actions_that_wait
    group by account_id, step_code
),

items_that_wait as (
    select
        link.item_id,
        min(waiting.waits_for) as waits_for
    from actions_that_wait as waiting
    inner join actions_actionitem as link on link.planned_action_id = waiting.id and link.role = 'moved'
    group by link.item_id
),

items_waiting_for_a_task as (
    select link.item_id
    from actions_task as task
    inner join actions_plannedaction as made_by on made_by.id = task.planned_action_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = made_by.account_id
    inner join strategies_version as version on version.id = enrolment.version_id
    inner join actions_actionitem as link on link.planned_action_id = made_by.id and link.role = 'moved'
    where task.status = 'open'
        and (made_by.channel = 'phone' or made_by.action = 'task')
        and %(as_of)s::date - task.due_on < version.task_patience
        and (%(customers)s::bigint[] is null or made_by.account_id = any(%(customers)s))
    group by link.item_id
),

dunnable_items as materialized (
    select
        judged.item_id,
        judged.account_id,
        judged.version_id,
        judged.dunning_date,
        judged.days,
        judged.dunnable,
        judged.dunnable_here,
        judged.track,
        progress.level_on,
        progress.not_before,
        waiting.item_id is not null as waits_for_a_task,
        coalesce(progress.level, '') as level,
        (taken.params ->> 'pay_by')::integer as pay_by,
        case
            when coalesce(progress.level, '') = '' then 0
            when here.position is not null and here.track = judged.track then here.position
            when judged.track like '%%*returned' and progress.level_on < judged.dunning_date then 0
            else coalesce((
                select max(lower.position)
                from strategies_step as lower
                where lower.version_id = judged.version_id and lower.track = judged.track and lower.days <= taken.days
            ), 0)
        end as position
    from (
        select
            every.*,
            version.first_days,
            -- The steps of what came back unpaid go before those of its payment type.
            case when version.has_tracks then coalesce((
                select marks.track
                from portfolio_item as item
                left join portfolio_paymenttype as payment_type on payment_type.id = item.payment_type_id
                inner join marks_of_versions as marks
                    on marks.version_id = every.version_id
                    and (
                        marks.track = payment_type.code
                        or (
                            item.bank_status = 'returned'
                            and marks.track in ('*returned', payment_type.code || '*returned')
                        )
                    )
                where item.id = every.item_id
                order by marks.track like '%%*returned' desc, marks.track = '*returned'
                limit 1
            ), '') else '' end as track
        from strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], %(due_until)s::date) as every
        inner join versions_and_their_tracks as version on version.version_id = every.version_id
    ) as judged
    cross join today
    left join strategies_progress as progress on progress.item_id = judged.item_id
    left join items_waiting_for_a_task as waiting on waiting.item_id = judged.item_id
    left join strategies_step as here on here.version_id = judged.version_id and here.code = progress.level
    left join strategies_step as taken on taken.version_id = progress.version_id and taken.code = progress.level
    where length(coalesce(judged.why_not, '')) < 1 -- not `is null`: the planner would expect one in 200
        and judged.days >= least(judged.first_days, 1)
),

money_to_their_credit as (
    select
        member.account_id,
        sum(position.unallocated - position.credits) as amount
    from portfolio_position as position
    inner join portfolio_customer as member on member.id = position.customer_id
    where position.unallocated - position.credits <> 0
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
        and (%(customers)s::bigint[] is null or position.customer_id = any(%(customers)s))
    group by member.account_id
),

dunnable_overdue as (
    select
        overdue.account_id,
        overdue.version_id,
        overdue.amount - coalesce(theirs.amount, 0) as amount,
        overdue.amount - coalesce(theirs.amount, 0) > 0
        and overdue.amount - coalesce(theirs.amount, 0) >= version.minimum_overdue as is_enough
    from (
        select
            account_id,
            version_id,
            coalesce(sum(dunnable_here) filter (where days > 0), 0) as amount
        from dunnable_items
        group by account_id, version_id
    ) as overdue
    inner join strategies_version as version on version.id = overdue.version_id
    left join money_to_their_credit as theirs on theirs.account_id = overdue.account_id
),

-- Orders that can be carried out (rule 10): the latest for a step not taken yet goes before any for the next one.
standing_orders as (
    select distinct on (item.item_id)
        item.item_id,
        standing.id as order_id,
        named.id as step_id
    from strategies_order as standing
    inner join dunnable_items as item on item.item_id = standing.item_id
    left join strategies_step as named
        on named.version_id = item.version_id and named.code = standing.wanted and named.days >= 0
    where standing.spent_on is null
        and item.days > 0
        and (
            standing.wanted = 'next_step'
            or (
                named.id is not null
                and not exists (
                    select 1
                    from strategies_takenstep as taken
                    where taken.item_id = item.item_id and taken.step_code = named.code and taken.voided_on is null
                )
            )
        )
    order by item.item_id asc, named.id is null asc, standing.given_on desc, standing.id desc
),

-- A step asked for by name is next and due, whatever its days, conditions and waits; enough must be overdue.
steps_asked_for as (
    select
        item.*,
        overdue.amount as overdue,
        overdue.is_enough,
        ordered.order_id,
        step.id as step_id,
        step.code as step_code,
        step.position as step_position,
        step.channel,
        step.action,
        step.must
    from standing_orders as ordered
    inner join dunnable_items as item on item.item_id = ordered.item_id
    inner join dunnable_overdue as overdue on overdue.account_id = item.account_id and overdue.is_enough
    inner join strategies_step as step on step.id = ordered.step_id
    where item.not_before is null or item.not_before <= %(as_of)s
),

-- Items whose next step may be taken, and which step stands right above them: unless the pre-due ones are over, or the
-- last one repeats itself, the one above the level. Worked out before steps come in: all items share a few strategies,
-- and each would be joined with all steps of its own.
items_and_their_place as materialized (
    select
        item.*,
        overdue.amount as overdue,
        overdue.is_enough,
        marks.first_post_due,
        ordered.order_id,
        item.position = marks.repeats_at as may_repeat,
        case
            when item.position = marks.repeats_at then marks.below_repeats_at
            when item.days > 0 then greatest(item.position, marks.last_pre_due)
            else item.position
        end as below
    from dunnable_items as item
    inner join dunnable_overdue as overdue on overdue.account_id = item.account_id
    inner join marks_of_versions as marks on marks.version_id = item.version_id and marks.track = item.track
    left join standing_orders as ordered on ordered.item_id = item.item_id
    where (item.days <= 0 or overdue.is_enough)
        and (item.not_before is null or item.not_before <= %(as_of)s)
        and ordered.step_id is null
        and (
            ordered.order_id is not null
            or (
                (item.level_on is null or %(as_of)s::date - item.level_on >= greatest(marks.shortest_wait, 1))
                and not item.waits_for_a_task
            )
        )
),

-- Days never fall from step to step: where those of the step right above are not reached nothing is due.
steps_right_above as (
    select
        item.*,
        version.catch_up,
        version.bank_lag,
        version.days_between_steps,
        above.id as above_id,
        above.code as above_code,
        above.conditions = '{}'::jsonb and version.catch_up = 'one_by_one' as is_plain,
        case when item.may_repeat then (above.params ->> 'repeat_every')::integer end as repeat_every
    from items_and_their_place as item
    inner join strategies_version as version on version.id = item.version_id
    inner join strategies_step as above
        on above.version_id = item.version_id and above.track = item.track and above.below = item.below
    where item.order_id is not null or above.days <= item.days
),

-- The lowest step above the level whose conditions hold and that was not taken yet; with `jump_to_latest` the highest
-- one reached, never over a step that must be taken, nor over or straight onto propose_legal. An order for the next
-- step waives its days: it is the one above when none is reached.
next_steps as (
    select
        item.*,
        step.id as step_id,
        step.code as step_code,
        step.position as step_position,
        step.days as step_days,
        step.channel,
        step.action,
        step.must,
        step.min_days,
        step.position = item.first_post_due and item.bank_lag > 0 as waits_for_the_bank
    from steps_right_above as item
    inner join strategies_step as step
        on step.id = case
            when item.repeat_every is not null then (
                select again.id
                from strategies_step as again
                where again.id = item.above_id
                    and (
                        again.conditions = '{}'::jsonb
                        or exists (
                            select 1
                            from strategies_conditionresult as result
                            where result.version_id = item.version_id
                                and result.step_id = again.id
                                and result.account_id = item.account_id
                                and coalesce(result.item_id = item.item_id, true)
                        )
                    )
            )
            when item.is_plain and not exists (
                select 1
                from strategies_takenstep as taken
                where taken.item_id = item.item_id and taken.step_code = item.above_code and taken.voided_on is null
            ) then item.above_id
            else (
                select reached.id
                from (
                    select
                        candidate.id,
                        candidate.position,
                        candidate.days,
                        min(candidate.position) over () as lowest,
                        min(candidate.position) filter (where candidate.must) over () as first_must,
                        min(candidate.position) filter (where candidate.action = 'propose_legal') over () as first_legal
                    from strategies_step as candidate
                    where candidate.version_id = item.version_id
                        and candidate.track = item.track
                        and candidate.position > item.position
                        and (candidate.days <= item.days or item.order_id is not null)
                        and (candidate.days >= 0 or item.days <= 0)
                        and (
                            candidate.conditions = '{}'::jsonb
                            or exists (
                                select 1
                                from strategies_conditionresult as result
                                where result.version_id = item.version_id
                                    and result.step_id = candidate.id
                                    and result.account_id = item.account_id
                                    and coalesce(result.item_id = item.item_id, true)
                            )
                        )
                        and not exists (
                            select 1
                            from strategies_takenstep as taken
                            where taken.item_id = item.item_id
                                and taken.step_code = candidate.code
                                and taken.voided_on is null
                        )
                ) as reached
                where reached.position = reached.lowest
                    or (
                        item.catch_up = 'jump_to_latest'
                        and reached.days <= item.days
                        and reached.position <= coalesce(reached.first_must, reached.position)
                        and reached.position < coalesce(reached.first_legal, reached.position + 1)
                        and reached.lowest < coalesce(reached.first_legal, reached.lowest + 1)
                    )
                order by reached.position desc
                limit 1
            )
        end
),

due_steps as (
    select
        next.item_id,
        next.account_id,
        next.version_id,
        next.step_id,
        next.step_code,
        next.step_position,
        next.channel,
        next.action,
        next.must,
        next.days,
        next.dunnable,
        next.dunnable_here,
        next.level,
        next.level_on,
        next.overdue,
        next.is_enough,
        next.order_id
    from next_steps as next
    cross join today
    where next.order_id is not null
        or (
            (
                next.level_on is null
                or (
                    next.level_on < today.day
                    and today.day - next.level_on >= coalesce(next.repeat_every, next.min_days, next.days_between_steps)
                )
            )
            and case when next.waits_for_the_bank
                then today.working_number - (
                    select reached.working_number from reference_day as reached
                    where reached.day = next.dunning_date + next.step_days
                ) >= next.bank_lag
                else true
            end
            and case when next.pay_by is not null
                then today.day >= next.level_on + next.pay_by and today.working_number - (
                    select promised.working_number from reference_day as promised
                    where promised.day = next.level_on + next.pay_by
                ) >= next.bank_lag
                else true
            end
        )
    union all
    select
        asked.item_id,
        asked.account_id,
        asked.version_id,
        asked.step_id,
        asked.step_code,
        asked.step_position,
        asked.channel,
        asked.action,
        asked.must,
        asked.days,
        asked.dunnable,
        asked.dunnable_here,
        asked.level,
        asked.level_on,
        asked.overdue,
        asked.is_enough,
        asked.order_id
    from steps_asked_for as asked
),

versions_that_wait_after_holds as (
    select
        id,
        further
    from strategies_version
    where further -> 'after_hold' is not null or further -> 'release' is not null
),

-- After a hold of the whole item or customer: so many days from its last day, or the working day after its release.
items_held_of_late as (
    select distinct due.item_id
    from due_steps as due
    inner join versions_that_wait_after_holds as version on version.id = due.version_id
    inner join portfolio_item as item on item.id = due.item_id
    inner join portfolio_hold as hold
        on hold.customer_id in (item.customer_id, due.account_id) and coalesce(hold.item_id, due.item_id) = due.item_id
    where (hold.amount is null or hold.amount >= item.open_amount)
        and due.order_id is null
        and hold.starts_on < coalesce(hold.released_on, %(as_of)s::date)
        and least(hold.ends_on, hold.released_on - 1) < %(as_of)s
        and (
            %(as_of)s::date - least(hold.ends_on, hold.released_on - 1)
            < (version.further -> 'after_hold' ->> hold.kind)::integer
            or (
                version.further ->> 'release' = 'next_working_day'
                and hold.released_on = %(as_of)s
                and coalesce(hold.ends_on >= hold.released_on, true)
            )
        )
)

insert into strategies_duestep (
    item_id, account_id, version_id, step_id, step_code, as_of, position, channel, action, must, days, dunnable, dunnable_here,
    level, level_on, overdue, is_enough, order_id, waits_for
)
select
    due.item_id,
    due.account_id,
    due.version_id,
    due.step_id,
    due.step_code,
    %(as_of)s::date,
    due.step_position,
    due.channel,
    due.action,
    due.must,
    due.days,
    due.dunnable,
    due.dunnable_here,
    due.level,
    due.level_on,
    round(due.overdue, 2),
    due.is_enough,
    due.order_id,
    case
        when waiting.item_id is not null then waiting.waits_for
        when joining.account_id is not null then joining.waits_for
        when held.item_id is not null then 'after_hold'
        when due.channel <> '' and due.step_position > quiet.highest then 'quiet'
        else ''
    end
from due_steps as due
left join quiet_today as quiet on quiet.version_id = due.version_id
left join items_held_of_late as held on held.item_id = due.item_id
left join items_that_wait as waiting on waiting.item_id = due.item_id
left join steps_that_wait as joining on joining.account_id = due.account_id and joining.step_code = due.step_code
